package org.adit.accounting.economics;

import java.math.BigInteger;
import java.util.List;

/**
 * Hashrate by work paid for, the sum the ledger uses. The interval is right while shares are of
 * similar work; with a few rare heavy ones among many light it is too narrow, and {@link
 * ExposureEstimate} is the better figure to show.
 *
 * @param work sum of work
 * @param shares how many
 * @param hashesPerSecond work over time
 * @param effectiveCount number of equal shares that would scatter as much: (sum w)^2 / sum w^2
 * @param relativeError standard error over the estimate
 * @param interval of the hashrate
 */
public record HashrateEstimate(
    BigInteger work,
    long shares,
    double hashesPerSecond,
    double effectiveCount,
    double relativeError,
    Interval interval) {

  /**
   * Shares of one work.
   *
   * @param count at least 0
   * @param work of each
   */
  public record Group(long count, BigInteger work) {}

  /**
   * Estimates.
   *
   * @param seconds length of the window, positive
   * @param confidence such as 0.95
   */
  public static HashrateEstimate of(List<Group> groups, double seconds, double confidence) {
    Checks.positive("seconds", seconds);
    BigInteger sum = BigInteger.ZERO;
    BigInteger squares = BigInteger.ZERO;
    BigInteger heaviest = BigInteger.ZERO;
    long shares = 0;
    for (Group group : groups) {
      BigInteger count = BigInteger.valueOf(group.count());
      sum = sum.add(group.work().multiply(count));
      squares = squares.add(group.work().pow(2).multiply(count));
      heaviest = heaviest.max(group.work());
      shares += group.count();
    }
    double rate = sum.doubleValue() / seconds;
    if (sum.signum() == 0) {
      // No share yet: as for a count of zero at the work that was asked for.
      double most = Poisson.interval(0, confidence).high() * heaviest.doubleValue() / seconds;
      return new HashrateEstimate(
          sum, shares, 0, 0, Double.POSITIVE_INFINITY, new Interval(0, most));
    }
    double effective = sum.doubleValue() / squares.doubleValue() * sum.doubleValue();
    return new HashrateEstimate(
        sum,
        shares,
        rate,
        effective,
        1 / Math.sqrt(effective),
        Poisson.interval(effective, confidence).times(rate / effective));
  }
}
