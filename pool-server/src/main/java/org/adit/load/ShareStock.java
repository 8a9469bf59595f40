package org.adit.load;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Shares of one connection that were found and not yet sent. A searcher puts batches in, the
 * connection's event loop takes shares out.
 */
final class ShareStock {
  /** A pool keeps jobs of a tip for minutes; older ones are left alone. */
  static final long MAX_JOB_AGE_NANOS = 120_000_000_000L;

  /**
   * Shares of one header.
   *
   * @param extranonce2 hex as submitted
   * @param count how many nonces there are
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Batch(LoadJob job, String extranonce2, int[] nonces, int count) {}

  private final Queue<Batch> batches = new ConcurrentLinkedQueue<>();
  private final AtomicInteger level = new AtomicInteger();
  private @Nullable Batch current;
  private int next;
  private volatile @Nullable LoadJob job;
  private volatile int wanted;
  private long extranonce2;

  /** A job came; with {@code clean} what was found for others is worthless. */
  void job(LoadJob fresh, boolean clean) {
    if (clean) {
      batches.clear();
      current = null;
      level.set(0);
    }
    job = fresh;
  }

  /** How many shares are to be kept. */
  void want(int shares) {
    wanted = shares;
  }

  /** Shares still to be found. */
  int missing() {
    return job == null ? 0 : Math.max(0, wanted - level.get());
  }

  int level() {
    return level.get();
  }

  /** What to search for; null before the first job. */
  @Nullable LoadJob job() {
    return job;
  }

  /** The next extranonce2 nobody has searched; one searcher owns a connection. */
  long nextExtranonce2() {
    return extranonce2++;
  }

  void add(Batch batch) {
    if (batch.count() > 0) {
      level.addAndGet(batch.count());
      batches.add(batch);
    }
  }

  /** Moves to the next share, to be read by {@link #batch} and {@link #nonce}; false when none. */
  boolean advance(long nowNanos) {
    Batch taken = current;
    LoadJob newest = job;
    while (taken == null || ++next >= taken.count() || isOld(taken, newest, nowNanos)) {
      if (taken != null && next < taken.count()) {
        level.addAndGet(next - taken.count());
      }
      taken = batches.poll();
      current = taken;
      next = -1;
      if (taken == null) {
        return false;
      }
    }
    level.decrementAndGet();
    return true;
  }

  private static boolean isOld(Batch batch, @Nullable LoadJob newest, long nowNanos) {
    LoadJob mine = batch.job();
    return nowNanos - mine.receivedNanos() > MAX_JOB_AGE_NANOS
        || (newest != null && !newest.previousText().equals(mine.previousText()));
  }

  Batch batch() {
    Batch taken = current;
    if (taken == null) {
      throw new IllegalStateException("no share was taken");
    }
    return taken;
  }

  int nonce() {
    return batch().nonces()[next];
  }
}
