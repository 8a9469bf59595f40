package org.adit.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Tells stale shares that crossed the news of a block from those a pool refused without one. A pool
 * knows of a block before its miners do, so a refusal may come ahead of the news as well as after
 * it: what a refusal was is known a second later. Thread-safe.
 */
final class TipNews {
  /** How far a refusal and a block may be apart. */
  static final long NEAR_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int NEWS_KEPT = 10_000;
  private static final int REFUSALS_KEPT = 100_000;

  /** From the first connection that heard to the last one. */
  private static final class Spread {
    final long firstNanos;
    long lastNanos;

    Spread(long nowNanos) {
      firstNanos = nowNanos;
      lastNanos = nowNanos;
    }
  }

  private record Refusal(long dueNanos, long answeredNanos, String words) {}

  private final List<Spread> news = new ArrayList<>();
  private final List<Refusal> unexplained = new ArrayList<>();
  private final Map<String, Long> overflow = new TreeMap<>();

  /** A connection was given work on another tip. Times do not run backwards by much. */
  synchronized void heard(long nowNanos) {
    Spread last = news.isEmpty() ? null : news.getLast();
    if (last != null && nowNanos - last.lastNanos <= NEAR_NANOS) {
      last.lastNanos = Math.max(last.lastNanos, nowNanos);
    } else if (news.size() < NEWS_KEPT) {
      news.add(new Spread(nowNanos));
    }
  }

  /** A share was refused as stale. */
  synchronized void refused(long dueNanos, long answeredNanos, String words) {
    Refusal refusal = new Refusal(dueNanos, answeredNanos, words);
    if (!news.isEmpty() && explains(news.getLast(), refusal)) {
      return;
    }
    if (unexplained.size() < REFUSALS_KEPT) {
      unexplained.add(refusal);
    } else {
      overflow.merge(words, 1L, Long::sum);
    }
  }

  /** Whether news that would explain a refusal may still come. */
  synchronized boolean isUndecided(long nowNanos) {
    return !unexplained.isEmpty() && nowNanos - unexplained.getLast().answeredNanos() <= NEAR_NANOS;
  }

  /** Refusals further than a second from any block, by the pool's words. */
  synchronized Map<String, Long> unexplained() {
    Map<String, Long> counts = new TreeMap<>(overflow);
    for (Refusal refusal : unexplained) {
      if (news.stream().noneMatch(spread -> explains(spread, refusal))) {
        counts.merge(refusal.words(), 1L, Long::sum);
      }
    }
    return counts;
  }

  private static boolean explains(Spread spread, Refusal refusal) {
    return refusal.dueNanos() - spread.lastNanos <= NEAR_NANOS
        && spread.firstNanos - refusal.answeredNanos() <= NEAR_NANOS;
  }
}
