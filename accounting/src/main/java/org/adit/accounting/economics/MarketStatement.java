package org.adit.accounting.economics;

/**
 * Checks what a market report says against itself: figures that follow from others it gives. All
 * rates and changes are fractions, 0.11 for eleven percent.
 */
public final class MarketStatement {
  private static final double EXA = 1e18;
  private static final double HOURS_PER_DAY = 24;

  private MarketStatement() {}

  /** The network's hashrate when some of it is known with its part of the whole. */
  public static double networkOf(double hashrate, double share) {
    return Checks.notNegative("hashrate", hashrate) / Checks.fraction("share", share);
  }

  /**
   * The same with both figures rounded when they were printed.
   *
   * @param hashrateStep last digit of the hashrate: 1 for whole EH/s
   * @param shareStep last digit of the share: 0.01 for whole percents
   */
  public static Interval networkRange(
      double hashrate, double hashrateStep, double share, double shareStep) {
    return new Interval(
        networkOf(hashrate - hashrateStep / 2, share + shareStep / 2),
        networkOf(hashrate + hashrateStep / 2, share - shareStep / 2));
  }

  /** The difficulty at which a network of that many EH/s finds a block in 600 s. */
  public static double difficultyOf(double networkExahashes) {
    return networkExahashes
        * EXA
        * NetworkHashrate.BLOCK_SECONDS
        / NetworkHashrate.DIFFICULTY_1_WORK;
  }

  /** Block reward whose transaction fees are a given part of the whole. */
  public static double rewardAtFeeShare(double subsidy, double feeShare) {
    if (!(feeShare >= 0 && feeShare < 1)) {
      throw new IllegalArgumentException("fee share " + feeShare + " (expected: 0 to below 1)");
    }
    return subsidy / (1 - feeShare);
  }

  /** Cost of power that a margin leaves for. */
  public static double powerCost(double revenue, double grossMargin) {
    return revenue * (1 - grossMargin);
  }

  /** J/TH times price per kWh: all that a margin fixes of the two. */
  public static double efficiencyTimesPrice(double powerCostPerPhsDay) {
    return powerCostPerPhsDay / HOURS_PER_DAY;
  }

  /** The margin after revenue changed and cost did not. */
  public static double marginAfter(double marginBefore, double revenueChange) {
    return 1 - (1 - marginBefore) / (1 + revenueChange);
  }

  /** The change of revenue that moves a margin when cost does not change. */
  public static double revenueChangeFor(double marginBefore, double marginAfter) {
    return (1 - marginBefore) / (1 - marginAfter) - 1;
  }

  /** The change of cost that makes a move of margin and one of revenue agree. */
  public static double costChangeFor(
      double marginBefore, double marginAfter, double revenueChange) {
    return (1 - marginAfter) * (1 + revenueChange) / (1 - marginBefore) - 1;
  }

  /** The change of price times reward behind a change of hashprice and one of the network. */
  public static double priceChangeFor(double hashpriceChange, double networkChange) {
    return (1 + hashpriceChange) * (1 + networkChange) - 1;
  }

  /** Relative rise of a value by an amount. */
  public static double riseFraction(double after, double rise) {
    return rise / Checks.positive("value before", after - rise);
  }
}
