package org.adit.pool.stats;

/**
 * What came in a window that ended when it was read.
 *
 * @param sum the shares
 * @param millis its length; shorter than asked for a worker that is new
 * @param workOfOne what a share would be worth, expected hashes; NaN when not known
 */
public record Window(Sum sum, long millis, double workOfOne) {
  private static final double MILLIS = 1_000;

  /** The hashrate, and where the true one lies. */
  public Estimate estimate() {
    return Estimate.of(sum, millis, workOfOne);
  }

  /** The hashrate alone, which costs much less; hashes per second. */
  public double rate() {
    return sum.work() * MILLIS / Math.max(1, millis);
  }

  /** Mean time between shares in milliseconds; infinite with less than two. */
  public double shareInterval() {
    return sum.shares() < 2 ? Double.POSITIVE_INFINITY : (double) millis / sum.shares();
  }
}
