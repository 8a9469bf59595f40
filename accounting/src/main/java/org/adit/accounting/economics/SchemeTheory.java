package org.adit.accounting.economics;

/** What reward schemes promise on average, in closed form. */
public final class SchemeTheory {
  private SchemeTheory() {}

  /**
   * Expected over fair pay of a share whose size differs from the others', when the winning share
   * is left out of the window (sizes and window in units of network work).
   */
  public static double edgeBiasWinnerExcluded(double share, double meanShare, double window) {
    return 1 + edge(share, meanShare, window);
  }

  /** The same when the winning share is inside. */
  public static double edgeBiasWinnerIncluded(double share, double meanShare, double window) {
    return 1 - edge(share, meanShare, window);
  }

  private static double edge(double share, double meanShare, double window) {
    return (meanShare - share) / (2 * Checks.positive("window", window));
  }

  /**
   * Expected over fair pay of an early share while the window is not full and blocks are divided
   * over the work there is.
   *
   * @param position of the share as a fraction of the first window, above 0, at most 1
   */
  public static double unfilledScaled(double position) {
    if (!(position > 0 && position <= 1)) {
      throw new IllegalArgumentException("position " + position + " (expected: above 0 to 1)");
    }
    return -Math.log(position) + position;
  }

  /** The same when the missing part goes to the reserve: always fair. */
  public static double unfilledReserved() {
    return 1;
  }

  /**
   * Expected over fair pay of a share in a work window when difficulty changes while it is inside.
   *
   * @param before fraction of the window done before the change, 0 to 1
   * @param ratio new difficulty over old, positive
   */
  public static double workWindowAcrossRetarget(double before, double ratio) {
    Checks.positive("ratio", ratio);
    return Checks.notNegative("before", before) + Math.max(0, ratio - before) / (ratio * ratio);
  }

  /** The same in a unit window: always fair. */
  public static double unitWindowAcrossRetarget() {
    return 1;
  }

  /** Standard deviation over mean of what one small share is paid from a window of some units. */
  public static double shareDeviation(double windowUnits) {
    return 1 / Math.sqrt(Checks.positive("window", windowUnits));
  }

  /**
   * Round age, in expected blocks, from which a share of a proportional round is worth less than
   * its fair pay: {@code exp(x) * E1(x) = 1}.
   */
  public static double hoppingThreshold() {
    double low = 0.1;
    double high = 1;
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      if (Math.exp(middle) * GammaFunction.exponentialIntegral(middle) > 1) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Pay over fair pay of a miner who leaves proportional rounds at that age for a fair pool. */
  public static double hoppingGain() {
    double age = hoppingThreshold();
    return 1 + age * Math.exp(-age);
  }

  /**
   * The reserve a pay-per-share operator needs, by Rosenfeld's approximation {@code B ln(1/p) /
   * (2f)}.
   *
   * @param blockReward in any unit; the result is in the same
   * @param fee kept by the operator, between 0 and 1
   * @param ruin accepted chance of losing it all, between 0 and 1
   */
  public static double ppsReserve(double blockReward, double fee, double ruin) {
    return Checks.notNegative("reward", blockReward)
        * -Math.log(Checks.fraction("ruin probability", ruin))
        / (2 * Checks.fraction("fee", fee));
  }

  /**
   * The exponent by which the chance of ruin falls with each block's worth of reserve: the positive
   * root of {@code t (1 - f) = 1 - exp(-t)}.
   */
  public static double ppsRuinExponent(double fee) {
    Checks.fraction("fee", fee);
    // At 2f the left side is not above the right for small fees; the root lies beyond.
    double low = fee;
    double high = 2 / (1 - fee);
    for (int i = 0; i < 200; i++) {
      double middle = (low + high) / 2;
      if (middle * (1 - fee) < -Math.expm1(-middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The reserve by the exact exponent. */
  public static double ppsReserveExact(double blockReward, double fee, double ruin) {
    return Checks.notNegative("reward", blockReward)
        * -Math.log(Checks.fraction("ruin probability", ruin))
        / ppsRuinExponent(fee);
  }
}
