package org.adit.accounting.scheme;

/**
 * Subsidy and transaction fees, kept apart all the way to the ledger.
 *
 * @param subsidySat satoshi, not negative
 * @param feesSat satoshi, not negative
 */
public record Amounts(long subsidySat, long feesSat) {
  public static final Amounts ZERO = new Amounts(0, 0);

  /** No amount of bitcoin is larger. */
  public static final long MAX_SAT = 2_100_000_000_000_000L;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when an amount is negative or above 21 million bitcoin
   */
  public Amounts {
    if (subsidySat < 0 || feesSat < 0 || subsidySat > MAX_SAT || feesSat > MAX_SAT) {
      throw new IllegalArgumentException(
          "subsidy "
              + subsidySat
              + ", fees "
              + feesSat
              + " (expected: each 0 to 2100000000000000)");
    }
  }

  public long totalSat() {
    return subsidySat + feesSat;
  }

  public Amounts plus(Amounts other) {
    return new Amounts(subsidySat + other.subsidySat, feesSat + other.feesSat);
  }

  public Amounts minus(Amounts other) {
    return new Amounts(subsidySat - other.subsidySat, feesSat - other.feesSat);
  }
}
