package org.adit.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Counts what happens between {@link #open} and {@link #shut}. An answer belongs to the time its
 * share was due, so that shares of the warm-up are not counted and late answers are. Thread-safe.
 */
final class Tally {
  private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final int DIGITS = 3;
  private static final int WORDINGS = 64;
  private static final String OTHER = "other";

  final LongAdder sent = new LongAdder();
  final LongAdder accepted = new LongAdder();
  final LongAdder acknowledged = new LongAdder();
  final LongAdder unanswered = new LongAdder();
  final LongAdder starved = new LongAdder();
  final LongAdder sessions = new LongAdder();
  final LongAdder dropped = new LongAdder();
  private final Map<String, LongAdder> rejected = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  private final Recorder latencies = new Recorder(MAX_NANOS, DIGITS);
  private final Recorder sessionLatencies = new Recorder(MAX_NANOS, DIGITS);
  private volatile long fromNanos = Long.MAX_VALUE;
  private volatile long untilNanos = Long.MAX_VALUE;

  void open(long nowNanos) {
    untilNanos = Long.MAX_VALUE;
    fromNanos = nowNanos;
  }

  void shut(long nowNanos) {
    untilNanos = nowNanos;
  }

  boolean counts(long dueNanos) {
    long from = fromNanos;
    return from != Long.MAX_VALUE
        && dueNanos - from >= 0
        && (untilNanos == Long.MAX_VALUE || dueNanos - untilNanos < 0);
  }

  void sent(long dueNanos) {
    if (counts(dueNanos)) {
      sent.increment();
    }
  }

  void starved(long dueNanos) {
    if (counts(dueNanos)) {
      starved.increment();
    }
  }

  void accepted(long dueNanos, long nowNanos) {
    acknowledged.increment();
    if (counts(dueNanos)) {
      accepted.increment();
      latencies.recordValue(Math.clamp(nowNanos - dueNanos, 0, MAX_NANOS));
    }
  }

  void rejected(long dueNanos, long nowNanos, String words) {
    if (counts(dueNanos)) {
      add(rejected, words);
      latencies.recordValue(Math.clamp(nowNanos - dueNanos, 0, MAX_NANOS));
    }
  }

  void session(long dueNanos, long nowNanos) {
    if (counts(dueNanos)) {
      sessions.increment();
      sessionLatencies.recordValue(Math.clamp(nowNanos - dueNanos, 0, MAX_NANOS));
    }
  }

  void unanswered(long dueNanos) {
    if (counts(dueNanos)) {
      unanswered.increment();
    }
  }

  void failure(String why) {
    add(failures, why);
  }

  void dropped() {
    dropped.increment();
  }

  private static void add(Map<String, LongAdder> counts, String words) {
    String key = counts.size() < WORDINGS || counts.containsKey(words) ? words : OTHER;
    counts.computeIfAbsent(key, name -> new LongAdder()).increment();
  }

  /**
   * Refusals by the pool's words.
   *
   * @param unexplained how many of them were far from any block; they stand apart
   */
  Map<String, Long> rejections(Map<String, Long> unexplained) {
    Map<String, Long> sums = sums(rejected);
    unexplained.forEach((words, count) -> {
      sums.merge(sums.containsKey(words) ? words : OTHER, -count, Long::sum);
      sums.put(words + ", over a second from any block", count);
    });
    sums.values().removeIf(count -> count == 0);
    return sums;
  }

  long rejectedTotal() {
    return rejected.values().stream().mapToLong(LongAdder::sum).sum();
  }

  Map<String, Long> failures() {
    return sums(failures);
  }

  LoadReport.Quantiles latency() {
    return quantiles(latencies.getIntervalHistogram());
  }

  LoadReport.Quantiles sessionLatency() {
    return quantiles(sessionLatencies.getIntervalHistogram());
  }

  private static Map<String, Long> sums(Map<String, LongAdder> counts) {
    Map<String, Long> sums = new TreeMap<>();
    counts.forEach((words, count) -> sums.put(words, count.sum()));
    return sums;
  }

  private static LoadReport.Quantiles quantiles(Histogram histogram) {
    return new LoadReport.Quantiles(
        histogram.getTotalCount(),
        histogram.getValueAtPercentile(50) / 1_000,
        histogram.getValueAtPercentile(90) / 1_000,
        histogram.getValueAtPercentile(99) / 1_000,
        histogram.getValueAtPercentile(99.9) / 1_000,
        histogram.getTotalCount() == 0 ? 0 : histogram.getMaxValue() / 1_000);
  }
}
