package org.adit.accounting.economics;

/** Counts of rare independent events: shares, blocks. */
public final class Poisson {
  private Poisson() {}

  /**
   * The exact (Garwood) interval of the mean behind a count: its limits are those means for which
   * the count, or one more extreme, has half the left-over chance.
   *
   * @param count events seen, at least 0; fractions are allowed for effective counts
   * @param confidence such as 0.95
   */
  public static Interval interval(double count, double confidence) {
    Checks.notNegative("count", count);
    double tail = (1 - Checks.fraction("confidence", confidence)) / 2;
    double low = count == 0 ? 0 : GammaFunction.quantile(tail, count);
    return new Interval(low, GammaFunction.quantile(1 - tail, count + 1));
  }

  /**
   * The chance of at most that many events.
   *
   * @param count at least 0
   * @param mean events expected, at least 0
   */
  public static double atMost(long count, double mean) {
    Checks.notNegative("count", (double) count);
    Checks.notNegative("mean", mean);
    return 1 - GammaFunction.lower(count + 1.0, mean);
  }

  /**
   * The smallest count with at least that chance of it or fewer.
   *
   * @param probability between 0 and 1
   * @param mean events expected, at least 0
   */
  public static long quantile(double probability, double mean) {
    Checks.fraction("probability", probability);
    long low = -1;
    long high = (long) (Checks.notNegative("mean", mean) + 10 * Math.sqrt(mean) + 50);
    while (atMost(high, mean) < probability) {
      high *= 2;
    }
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      if (atMost(middle, mean) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** The chance of at least one event. */
  public static double atLeastOne(double mean) {
    return -Math.expm1(-Checks.notNegative("mean", mean));
  }
}
