package org.adit.accounting.economics;

/**
 * Expected revenue of hashrate. The network's hashrate is the one difficulty implies, because that
 * is what one is paid by; 144 blocks a day is the convention.
 *
 * @param networkHashesPerSecond see {@link NetworkHashrate#implied}, positive
 * @param blocksPerDay positive
 * @param subsidySat block subsidy
 * @param meanFeesSat mean transaction fees of a block
 * @param poolFeePpm the pool's part of both, 0 to 1 000 000
 */
public record Hashprice(
    double networkHashesPerSecond,
    double blocksPerDay,
    double subsidySat,
    double meanFeesSat,
    int poolFeePpm) {
  /** Blocks a day by convention. */
  public static final int BLOCKS_PER_DAY = 144;

  private static final double PETA = 1e15;
  private static final double SAT_PER_BTC = 1e8;
  private static final double PH_PER_EH = 1_000;
  private static final int MILLION = 1_000_000;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public Hashprice {
    Checks.positive("network hashrate", networkHashesPerSecond);
    Checks.positive("blocks per day", blocksPerDay);
    Checks.notNegative("subsidy", subsidySat);
    Checks.notNegative("fees", meanFeesSat);
    if (poolFeePpm < 0 || poolFeePpm > MILLION) {
      throw new IllegalArgumentException(
          "pool fee " + poolFeePpm + " ppm (expected: 0 to 1000000)");
    }
  }

  /** Satoshi for 1 PH/s over a day. */
  public double satPerPhsDay() {
    return PETA
        / networkHashesPerSecond
        * blocksPerDay
        * (subsidySat + meanFeesSat)
        * (MILLION - poolFeePpm)
        / MILLION;
  }

  /** Bitcoin for 1 PH/s over a day. */
  public double btcPerPhsDay() {
    return satPerPhsDay() / SAT_PER_BTC;
  }

  /**
   * Fiat money for 1 PH/s over a day.
   *
   * @param pricePerBtc of one bitcoin
   */
  public double fiatPerPhsDay(double pricePerBtc) {
    return btcPerPhsDay() * Checks.notNegative("price", pricePerBtc);
  }

  /** Fiat money for 1 EH/s over a day. */
  public double fiatPerEhsDay(double pricePerBtc) {
    return fiatPerPhsDay(pricePerBtc) * PH_PER_EH;
  }

  /** Transaction fees as a part of the whole reward. */
  public double feeShare() {
    double reward = subsidySat + meanFeesSat;
    return reward == 0 ? 0 : meanFeesSat / reward;
  }
}
