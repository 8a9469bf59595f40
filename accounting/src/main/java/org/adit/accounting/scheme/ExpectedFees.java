package org.adit.accounting.scheme;

import java.util.List;

/** Estimates of a coming block's transaction fees from those of recent blocks. */
public final class ExpectedFees {
  private ExpectedFees() {}

  /**
   * The mean.
   *
   * @param feesSat fees per block, at least one
   */
  public static Rational mean(List<Long> feesSat) {
    return mean(feesSat, 0);
  }

  /**
   * The mean without the lowest and the highest tenth (rounded down), which one absurd fee cannot
   * move.
   *
   * @param feesSat fees per block, at least one
   */
  public static Rational trimmedMean(List<Long> feesSat) {
    return mean(feesSat.stream().sorted().toList(), feesSat.size() / 10);
  }

  private static Rational mean(List<Long> feesSat, int cut) {
    if (feesSat.isEmpty()) {
      throw new IllegalArgumentException("no blocks to take fees from (expected: at least one)");
    }
    List<Long> kept = feesSat.subList(cut, feesSat.size() - cut);
    long sum = 0;
    for (long fees : kept) {
      sum = Math.addExact(sum, fees);
    }
    return Rational.of(sum).over(kept.size());
  }
}
