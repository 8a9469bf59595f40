package org.adit.pool.stats;

import org.adit.pool.mining.WorkerMeter;
import org.jspecify.annotations.Nullable;

/** One worker's figures over time. Written by the sampler, read by anybody. */
public final class Tracked {
  private final int id;
  private final History history;
  private volatile @Nullable WorkerMeter meter;
  private volatile long firstMillis;
  private long shares;
  private long rejected;
  private double work;
  private double squares;

  Tracked(int id, Coverage coverage, long firstMillis) {
    this.id = id;
    this.history = new History(coverage);
    this.firstMillis = firstMillis;
  }

  /** Accounting's number of the worker. */
  public int id() {
    return id;
  }

  /** Its shares over time. */
  public History history() {
    return history;
  }

  /** What it did since start; null when it sent no share since. */
  public @Nullable WorkerMeter meter() {
    return meter;
  }

  /** The oldest time anything is known of. */
  public long firstMillis() {
    return firstMillis;
  }

  /** A window that ends now; it is shorter for a worker that is new. */
  public Window window(long windowMillis, long nowMillis) {
    long window = Math.min(History.windowMillis(windowMillis, nowMillis), nowMillis - firstMillis);
    return new Window(history.window(windowMillis, nowMillis), window, workOfOne());
  }

  private double workOfOne() {
    WorkerMeter seen = meter;
    long count = seen == null ? 0 : seen.shares();
    return seen == null || count == 0 ? Double.NaN : seen.work() / count;
  }

  void remember(long atMillis, Sum sum) {
    firstMillis = Math.min(firstMillis, atMillis);
    history.add(atMillis, sum);
  }

  /** Takes what came since the last look. */
  Sum sample(WorkerMeter now, long atMillis) {
    meter = now;
    long nowShares = now.shares();
    long nowRejected = now.rejectedShares();
    double nowWork = now.work();
    double nowSquares = now.workSquares();
    Sum sum =
        new Sum(nowShares - shares, nowWork - work, nowSquares - squares, nowRejected - rejected);
    shares = nowShares;
    rejected = nowRejected;
    work = nowWork;
    squares = nowSquares;
    if (sum.shares() > 0 || sum.rejected() > 0) {
      history.add(atMillis, sum);
    }
    return sum;
  }
}
