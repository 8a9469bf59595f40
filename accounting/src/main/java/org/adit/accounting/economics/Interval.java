package org.adit.accounting.economics;

/**
 * A confidence interval.
 *
 * @param low lower limit
 * @param high upper limit, not below the lower
 */
public record Interval(double low, double high) {

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException when they are out of order or no numbers
   */
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "interval from " + low + " to " + high + " (expected: in order)");
    }
  }

  /** Both limits times a factor that is not negative. */
  public Interval times(double factor) {
    return new Interval(low * factor, high * factor);
  }
}
