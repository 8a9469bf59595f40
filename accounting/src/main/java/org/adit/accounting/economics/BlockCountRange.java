package org.adit.accounting.economics;

import org.adit.accounting.scheme.Rational;

/**
 * How many blocks some work finds if luck is neither extraordinarily good nor bad: the central 95
 * percent of the Poisson distribution.
 *
 * @param fewest at least 2.5 percent of the chance lies at or below it
 * @param most at least 97.5 percent of the chance lies at or below it, and no smaller count has
 *     that
 */
public record BlockCountRange(long fewest, long most) {
  private static final double TAIL = 0.025;

  /**
   * The range.
   *
   * @param expected blocks to be expected, not negative
   */
  public static BlockCountRange of(Rational expected) {
    double mean = Reals.of(expected);
    return new BlockCountRange(Poisson.quantile(TAIL, mean), Poisson.quantile(1 - TAIL, mean));
  }
}
