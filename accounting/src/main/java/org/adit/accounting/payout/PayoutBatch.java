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
 * Who is paid by one payout transaction and what it costs.
 *
 * @param payees in the order of the outputs
 * @param weight model of the transaction's weight
 * @param feeSat network fee
 * @param feeShares each payee's part of the fee, zero when the pool pays it
 */
public record PayoutBatch(
    List<Payee> payees, int weight, long feeSat, SortedMap<String, Long> feeShares) {
  /** Version, locktime, marker, flag and counts. */
  private static final int OVERHEAD_WEIGHT = 42;

  private static final int WEIGHT_PER_BYTE = 4;

  /**
   * An account with something payable.
   *
   * @param payableSat what is debited when it is paid
   * @param thresholdSat smallest amount it is paid for
   */
  public record Payee(String key, ScriptType type, long payableSat, long thresholdSat) {}

  /**
   * How the transaction will look.
   *
   * @param maxOutputs most payees
   * @param feeRate satoshi per virtual byte
   * @param minersPay whether the fee is taken from the amounts
   * @param inputs how many inputs of {@code inputType}, P2WPKH or P2TR
   */
  public record Shape(
      int maxOutputs,
      long feeRate,
      boolean minersPay,
      int inputs,
      ScriptType inputType,
      ScriptType changeType) {

    private int inputWeight() {
      return switch (inputType) {
        case P2WPKH -> 272;
        case P2TR -> 230;
        case P2PKH, P2SH, P2WSH, P2A ->
            throw new IllegalArgumentException(
                "inputs of type " + inputType + " (expected: P2WPKH or P2TR)");
      };
    }
  }

  public PayoutBatch {
    payees = List.copyOf(payees);
    feeShares = Collections.unmodifiableSortedMap(new TreeMap<>(feeShares));
  }

  /** Virtual size in bytes, rounded up. */
  public int vsize() {
    return vsize(weight);
  }

  private static int vsize(int weight) {
    return (weight + WEIGHT_PER_BYTE - 1) / WEIGHT_PER_BYTE;
  }

  /** What a payee receives. */
  public long outputSat(Payee payee) {
    return payee.payableSat() - feeShares.getOrDefault(payee.key(), 0L);
  }

  /** What leaves the payable accounts. */
  public long debitedSat() {
    return payees.stream().mapToLong(Payee::payableSat).sum();
  }

  /**
   * Selects payees: the largest first, as many as fit. A payee whose output would fall below dust
   * after fees is left out, the last one first, and the rest is computed again.
   *
   * @return an empty batch when nobody is due
   */
  public static PayoutBatch select(List<Payee> candidates, Shape shape) {
    List<Payee> selected =
        new ArrayList<>(
            candidates.stream()
                .filter(payee ->
                    payee.payableSat() >= Math.max(payee.thresholdSat(), payee.type().dustSat()))
                .sorted(
                    Comparator.comparingLong(Payee::payableSat)
                        .reversed()
                        .thenComparing(Payee::key, LargestRemainder.KEY_ORDER))
                .limit(shape.maxOutputs())
                .toList());
    while (true) {
      PayoutBatch batch = of(selected, shape);
      int dust = batch.lastDust();
      if (dust < 0) {
        return batch;
      }
      selected.remove(dust);
    }
  }

  private static PayoutBatch of(List<Payee> payees, Shape shape) {
    if (payees.isEmpty()) {
      return new PayoutBatch(List.of(), 0, 0, new TreeMap<>());
    }
    int bytes = shape.changeType().outputBytes();
    Map<String, BigInteger> amounts = new HashMap<>();
    for (Payee payee : payees) {
      bytes += payee.type().outputBytes();
      amounts.put(payee.key(), BigInteger.valueOf(payee.payableSat()));
    }
    int weight = OVERHEAD_WEIGHT + shape.inputs() * shape.inputWeight() + WEIGHT_PER_BYTE * bytes;
    long fee = Math.multiplyExact(vsize(weight), shape.feeRate());
    SortedMap<String, Long> shares =
        new TreeMap<>(LargestRemainder.split(shape.minersPay() ? fee : 0, amounts));
    return new PayoutBatch(payees, weight, fee, shares);
  }

  private int lastDust() {
    for (int i = payees.size() - 1; i >= 0; i--) {
      if (outputSat(payees.get(i)) < payees.get(i).type().dustSat()) {
        return i;
      }
    }
    return -1;
  }
}
