package org.adit.accounting.payout;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.address.ScriptType;
import org.adit.accounting.scheme.LargestRemainder;

/**
 * Lays a block's payouts into the outputs of its coinbase, as many as a class of mining devices can
 * handle. What does not fit is paid to the pool and carried for the miner: all classes of one
 * template pay the same total, and no satoshi is lost. Miners are put in order once, and then
 * packed for each class. Immutable.
 */
public final class CoinbasePacker {
  private static final int SMALLEST_OUTPUT =
      List.of(ScriptType.values()).stream().mapToInt(ScriptType::outputBytes).min().orElseThrow();

  /**
   * A miner to be paid.
   *
   * @param key account
   * @param type of the script that pays it
   * @param partSat its part of this block
   * @param carrySat what the pool already holds for it
   * @param thresholdSat smallest output it wants
   */
  public record Due(String key, ScriptType type, long partSat, long carrySat, long thresholdSat) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException when an amount is negative
     */
    public Due {
      if (partSat < 0 || carrySat < 0 || thresholdSat < 0) {
        throw new IllegalArgumentException(
            "part "
                + partSat
                + ", carry "
                + carrySat
                + ", threshold "
                + thresholdSat
                + " (expected: each >= 0)");
      }
    }

    private long sat() {
      return partSat + carrySat;
    }

    private long leastSat() {
      return Math.max(thresholdSat, type.dustSat());
    }
  }

  /**
   * What miners' outputs may use of a block.
   *
   * @param bytes length of all of them together
   * @param sigops cost of their signature checks, in units of the block's limit
   */
  public record Room(int bytes, int sigops) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException when one is negative
     */
    public Room {
      if (bytes < 0 || sigops < 0) {
        throw new IllegalArgumentException(
            bytes + " bytes and " + sigops + " sigops (expected: each >= 0)");
      }
    }
  }

  /** One output to a miner. */
  public record Output(String key, long sat) {}

  /**
   * The laid out coinbase.
   *
   * @param outputs miners' outputs, in their order in the coinbase
   * @param poolOutputSat the remainder output: pool fee and what did not fit
   * @param leftoverSat the part of it that is held for miners
   * @param bytesLeft unused bytes of the room
   */
  public record Packed(List<Output> outputs, long poolOutputSat, long leftoverSat, int bytesLeft) {
    public Packed {
      outputs = List.copyOf(outputs);
    }
  }

  private final List<Due> miners;
  private final List<Due> inOrder;
  private final long partsSat;

  /**
   * Puts miners in order: the largest sum of carry and part first, then by key; those below their
   * threshold or dust are left out.
   *
   * @throws IllegalArgumentException when one is listed twice
   */
  public CoinbasePacker(List<Due> miners) {
    this.miners = List.copyOf(miners);
    Set<String> keys = HashSet.newHashSet(miners.size());
    long parts = 0;
    for (Due miner : miners) {
      parts = Math.addExact(parts, miner.partSat());
      if (!keys.add(miner.key())) {
        throw new IllegalArgumentException("a miner is listed twice; merge its parts");
      }
    }
    partsSat = parts;
    inOrder =
        miners.stream()
            .filter(miner -> miner.sat() >= miner.leastSat())
            .sorted(
                Comparator.comparingLong(Due::sat)
                    .reversed()
                    .thenComparing(Due::key, LargestRemainder.KEY_ORDER))
            .toList();
  }

  /**
   * A miner whose part is not known yet.
   *
   * @param weight its part of the window
   */
  public record Weighted(
      String key, ScriptType type, BigInteger weight, long carrySat, long thresholdSat) {}

  /**
   * Splits an amount over miners by their weights, exactly.
   *
   * @throws IllegalArgumentException when one is listed twice, or all weights are zero
   */
  public static CoinbasePacker split(List<Weighted> miners, long distributableSat) {
    Map<String, BigInteger> weights = HashMap.newHashMap(miners.size());
    miners.forEach(miner -> weights.merge(miner.key(), miner.weight(), BigInteger::add));
    Map<String, Long> parts = LargestRemainder.split(distributableSat, weights);
    List<Due> due = new ArrayList<>(miners.size());
    for (Weighted miner : miners) {
      due.add(
          new Due(
              miner.key(),
              miner.type(),
              parts.getOrDefault(miner.key(), 0L),
              miner.carrySat(),
              miner.thresholdSat()));
    }
    return new CoinbasePacker(due);
  }

  /**
   * Packs for one class of devices.
   *
   * @param poolFeeSat the operator's part, paid to the remainder output
   */
  public Packed pack(long poolFeeSat, Room room) {
    int bytes = room.bytes();
    int sigops = room.sigops();
    List<Due> taken = new ArrayList<>();
    long leftover = partsSat;
    for (Due miner : inOrder) {
      if (bytes < SMALLEST_OUTPUT) {
        break;
      }
      ScriptType type = miner.type();
      if (type.outputBytes() <= bytes && type.sigopCost() <= sigops) {
        bytes -= type.outputBytes();
        sigops -= type.sigopCost();
        taken.add(miner);
        leftover -= miner.partSat();
      }
    }
    List<Output> outputs = new ArrayList<>(taken.size());
    for (Due miner : taken) {
      // A carry is repaid only out of what others leave over: the block's total is fixed.
      long topUp = Math.min(miner.carrySat(), leftover);
      if (miner.partSat() + topUp < miner.leastSat()) {
        leftover += miner.partSat();
        continue;
      }
      leftover -= topUp;
      outputs.add(new Output(miner.key(), miner.partSat() + topUp));
    }
    return new Packed(outputs, poolFeeSat + leftover, leftover, bytes);
  }

  /** Each miner's exact part of this block. */
  public SortedMap<String, Long> parts() {
    SortedMap<String, Long> parts = new TreeMap<>();
    miners.forEach(miner -> parts.put(miner.key(), miner.partSat()));
    return Collections.unmodifiableSortedMap(parts);
  }

  /** What the pool holds for each miner once a block laid out like this is found. */
  public SortedMap<String, Long> carryAfter(Packed packed) {
    SortedMap<String, Long> carry = new TreeMap<>();
    miners.forEach(miner -> carry.put(miner.key(), miner.sat()));
    packed.outputs().forEach(output -> carry.merge(output.key(), -output.sat(), Long::sum));
    return Collections.unmodifiableSortedMap(carry);
  }
}
