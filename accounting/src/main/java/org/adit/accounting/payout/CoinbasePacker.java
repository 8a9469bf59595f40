package org.adit.accounting.payout;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.address.ScriptType;
import org.adit.accounting.scheme.LargestRemainder;

/**
 * Lays a block's payouts into the outputs of its coinbase, within the bytes a class of mining
 * devices can handle. What does not fit is paid to the pool and carried for the miner: all classes
 * of one template pay the same total, and no satoshi is lost.
 */
public final class CoinbasePacker {

  /**
   * A miner to be paid.
   *
   * @param key account
   * @param weight its part of the window
   * @param carrySat what the pool already holds for it
   * @param thresholdSat smallest output it wants
   */
  public record Miner(
      String key, ScriptType type, BigInteger weight, long carrySat, long thresholdSat) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException when carry or threshold is negative
     */
    public Miner {
      if (carrySat < 0 || thresholdSat < 0) {
        throw new IllegalArgumentException(
            "carry " + carrySat + ", threshold " + thresholdSat + " (expected: each >= 0)");
      }
    }

    private long leastSat() {
      return Math.max(thresholdSat, type.dustSat());
    }
  }

  /** One output to a miner. */
  public record Output(String key, long sat) {}

  /**
   * The laid out coinbase.
   *
   * @param split each miner's exact part of this block
   * @param outputs miners' outputs, in their order in the coinbase
   * @param poolOutputSat the remainder output: pool fee and what did not fit
   * @param leftoverSat the part of it that is held for miners
   * @param carryAfter what the pool holds for each miner afterwards
   * @param bytesLeft unused bytes of the budget
   */
  public record Packed(
      SortedMap<String, Long> split,
      List<Output> outputs,
      long poolOutputSat,
      long leftoverSat,
      SortedMap<String, Long> carryAfter,
      int bytesLeft) {
    public Packed {
      split = Collections.unmodifiableSortedMap(new TreeMap<>(split));
      outputs = List.copyOf(outputs);
      carryAfter = Collections.unmodifiableSortedMap(new TreeMap<>(carryAfter));
    }
  }

  private CoinbasePacker() {}

  /**
   * Packs.
   *
   * @param distributableSat what is split over the miners
   * @param poolFeeSat the operator's part, paid to the remainder output
   * @param byteBudget longest coinbase
   * @param fixedBytes its length without miner outputs and remainder output
   * @param poolType script of the remainder output
   * @throws IllegalArgumentException when not even the remainder output fits
   */
  public static Packed pack(
      List<Miner> miners,
      long distributableSat,
      long poolFeeSat,
      int byteBudget,
      int fixedBytes,
      ScriptType poolType) {
    int bytes = byteBudget - fixedBytes - poolType.outputBytes();
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "a coinbase of " + byteBudget + " bytes has no room for the pool's output");
    }
    Map<String, BigInteger> weights = new HashMap<>();
    miners.forEach(miner -> weights.merge(miner.key(), miner.weight(), BigInteger::add));
    if (weights.size() != miners.size()) {
      throw new IllegalArgumentException("a miner is listed twice; merge its weights");
    }
    SortedMap<String, Long> split =
        new TreeMap<>(LargestRemainder.split(distributableSat, weights));
    List<Miner> taken = new ArrayList<>();
    long leftover = 0;
    for (Miner miner : byDue(miners, split)) {
      long part = split.getOrDefault(miner.key(), 0L);
      boolean due = part + miner.carrySat() >= miner.leastSat();
      if (due && miner.type().outputBytes() <= bytes) {
        bytes -= miner.type().outputBytes();
        taken.add(miner);
      } else {
        leftover += part;
      }
    }
    SortedMap<String, Long> carry = new TreeMap<>();
    miners.forEach(
        miner -> carry.put(miner.key(), miner.carrySat() + split.getOrDefault(miner.key(), 0L)));
    List<Output> outputs = new ArrayList<>();
    for (Miner miner : taken) {
      long part = split.getOrDefault(miner.key(), 0L);
      // A carry is repaid only out of what others leave over: the block's total is fixed.
      long topUp = Math.min(miner.carrySat(), leftover);
      if (part + topUp < miner.leastSat()) {
        leftover += part;
        continue;
      }
      leftover -= topUp;
      outputs.add(new Output(miner.key(), part + topUp));
      carry.merge(miner.key(), -(part + topUp), Long::sum);
    }
    return new Packed(split, outputs, poolFeeSat + leftover, leftover, carry, bytes);
  }

  /** Largest due amount first, then by key. */
  private static List<Miner> byDue(List<Miner> miners, Map<String, Long> split) {
    Comparator<Miner> due =
        Comparator.comparingLong(miner -> miner.carrySat() + split.getOrDefault(miner.key(), 0L));
    return miners.stream()
        .sorted(due.reversed().thenComparing(Miner::key, LargestRemainder.KEY_ORDER))
        .toList();
  }
}
