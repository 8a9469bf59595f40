package org.adit.pool.stats;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.adit.accounting.economics.Interval;
import org.adit.accounting.economics.Poisson;
import org.jspecify.annotations.Nullable;

/**
 * A hashrate over a window and where the true one lies, with 95 %.
 *
 * @param hashesPerSecond accepted work over the window
 * @param low lower limit
 * @param high upper limit; NaN while nothing is known
 * @param shares in the window
 * @param windowMillis length of the window
 */
public record Estimate(
    double hashesPerSecond, double low, double high, long shares, long windowMillis) {
  private static final double CONFIDENCE = 0.95;
  private static final double QUANTILE = 1.959963984540054;
  private static final double MILLIS = 1_000;

  // From here on the cube-root formula is right to a thousandth, and it is needed ten thousand
  // times.
  private static final double MANY = 30;

  /**
   * The estimate of a span.
   *
   * @param workOfOne what a share would be worth, for spans without one; NaN when not known
   */
  public static Estimate of(Sum sum, long windowMillis, double workOfOne) {
    long window = Math.max(1, windowMillis);
    double seconds = window / MILLIS;
    if (sum.shares() == 0 || sum.squares() <= 0) {
      double high = interval(0).high() * workOfOne / seconds;
      return new Estimate(0, 0, high, sum.shares(), window);
    }
    double rate = sum.work() / seconds;
    // Shares of unequal weight say less than as many equal ones.
    double effective = sum.work() * sum.work() / sum.squares();
    Interval interval = interval(effective).times(rate / effective);
    return new Estimate(rate, interval.low(), interval.high(), sum.shares(), window);
  }

  /** Intervals of whole counts, each worked out when it is first needed. */
  private static final AtomicReferenceArray<@Nullable Interval> FEW =
      new AtomicReferenceArray<>((int) MANY);

  // Equal shares give a whole number but for the rounding of sums kept as floats.
  private static final double NEARLY_WHOLE = 1e-4;

  /**
   * Where the mean behind a count lies: the exact Poisson interval, from thirty on by the formula
   * of Wilson and Hilferty.
   */
  public static Interval interval(double count) {
    if (count < MANY) {
      long whole = Math.round(count);
      return Math.abs(count - whole) < NEARLY_WHOLE && whole < MANY
          ? few((int) whole)
          : Poisson.interval(count, CONFIDENCE);
    }
    return new Interval(quantile(count, -QUANTILE), quantile(count + 1, QUANTILE));
  }

  private static Interval few(int count) {
    Interval known = FEW.get(count);
    if (known == null) {
      known = Poisson.interval(count, CONFIDENCE);
      FEW.set(count, known);
    }
    return known;
  }

  private static double quantile(double shape, double normal) {
    double root = 1 - 1 / (9 * shape) + normal / (3 * Math.sqrt(shape));
    return shape * root * root * root;
  }
}
