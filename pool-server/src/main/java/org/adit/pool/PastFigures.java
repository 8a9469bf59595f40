package org.adit.pool;

import java.math.BigInteger;
import java.time.Duration;
import org.adit.accounting.PastWork;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.stats.Sum;

/**
 * Puts bucket sums of before this start into the figures. A bucket's shares are taken as equal:
 * within a minute they nearly are.
 */
final class PastFigures implements PastWork {
  /** As far back as the figures go. */
  static final Duration REACH = Duration.ofDays(30);

  /** Ten thousand workers have these within hours; older figures of theirs begin anew. */
  private static final int MOST_PARTS = 2_000_000;

  private final FleetStats stats;
  private int parts;

  PastFigures(FleetStats stats) {
    this.stats = stats;
  }

  @Override
  public void pool(long firstMillis, long lastMillis, long shares, BigInteger work) {
    // What has come since the start is counted already.
    if (lastMillis < stats.startedMillis()) {
      stats.rememberPool(firstMillis, lastMillis, sum(shares, work));
    }
  }

  @Override
  public boolean worker(int workerId, long lastMillis, long shares, BigInteger work) {
    if (lastMillis < stats.startedMillis()) {
      stats.rememberWorker(workerId, lastMillis, sum(shares, work));
    }
    return ++parts < MOST_PARTS;
  }

  private static Sum sum(long shares, BigInteger work) {
    double all = work.doubleValue();
    return new Sum(shares, all, shares == 0 ? 0 : all * all / shares, 0);
  }
}
