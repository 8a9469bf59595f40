package org.adit.accounting.scheme;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Pool fee rates in parts per million, for subsidy and transaction fees apart.
 *
 * @param subsidyPpm 0 to 1 000 000
 * @param feesPpm 0 to 1 000 000
 */
public record FeePpm(int subsidyPpm, int feesPpm) {
  /** No fee. */
  public static final FeePpm NONE = new FeePpm(0, 0);

  private static final int MILLION = 1_000_000;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when a rate is outside 0 to 1 000 000
   */
  public FeePpm {
    check(subsidyPpm);
    check(feesPpm);
  }

  private static void check(int ppm) {
    if (ppm < 0 || ppm > MILLION) {
      throw new IllegalArgumentException("fee " + ppm + " ppm (expected: 0 to 1000000)");
    }
  }

  /**
   * Reads a percentage such as {@code 1.5} as exact parts per million.
   *
   * @throws IllegalArgumentException when it is no whole number of ppm or out of range
   */
  public static int ofPercent(BigDecimal percent) {
    try {
      int ppm = percent.movePointRight(4).intValueExact();
      check(ppm);
      return ppm;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "a fee of that many percent is not a whole number of ppm (expected: at most 4 decimals)",
          e);
    }
  }

  /** Floor of {@code amountSat * ppm / 1 000 000}; rounding favours the miners. */
  public static long fee(long amountSat, int ppm) {
    check(ppm);
    if (amountSat < 0) {
      throw new IllegalArgumentException("amount " + amountSat + " (expected: >= 0)");
    }
    return BigInteger.valueOf(amountSat)
        .multiply(BigInteger.valueOf(ppm))
        .divide(BigInteger.valueOf(MILLION))
        .longValueExact();
  }

  /** The pool's part of both amounts. */
  public Amounts of(Amounts reward) {
    return new Amounts(fee(reward.subsidySat(), subsidyPpm), fee(reward.feesSat(), feesPpm));
  }
}
