package org.adit.load;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a load run measured.
 *
 * @param mode what connections did
 * @param connections that were asked for
 * @param connected of them that got work
 * @param failures why others did not
 * @param dropped connections the pool ended while they were wanted
 * @param seconds measured
 * @param sent shares sent in that time
 * @param accepted shares accepted, of those planned in that time
 * @param acknowledged shares accepted from the first connection to the end, the warm-up included
 * @param rejected shares refused, by the pool's words; stale ones over a second before or after the
 *     news of any block stand apart
 * @param unanswered shares without an answer at the end
 * @param starved times a share was due and none had been found: the generator's own limit, not the
 *     pool's
 * @param latency from when a share was due to its answer, or, without a rate, from its sending
 * @param sessions sessions completed
 * @param sessionLatency from when a session was due to its first job
 * @param blocks how news of blocks travelled
 * @param process what the pool's process used, when it was named
 * @param ownCpuSeconds processor time of the generator in the measured time
 */
public record LoadReport(
    LoadMode mode,
    int connections,
    int connected,
    Map<String, Long> failures,
    long dropped,
    double seconds,
    long sent,
    long accepted,
    long acknowledged,
    Map<String, Long> rejected,
    long unanswered,
    long starved,
    Quantiles latency,
    long sessions,
    Quantiles sessionLatency,
    List<BlockTravel> blocks,
    Optional<ProcessUse> process,
    double ownCpuSeconds) {

  /**
   * Points of a distribution, in microseconds.
   *
   * @param count samples
   */
  public record Quantiles(
      long count,
      long p50Micros,
      long p90Micros,
      long p99Micros,
      long p999Micros,
      long maxMicros) {}

  /**
   * How a block travelled from the node to the connections, in microseconds.
   *
   * @param hash as in {@code mining.notify}
   * @param fromSubmit whether times count from the block's submission to the node; else from the
   *     first connection that heard of it
   * @param reached connections that heard of it
   */
  public record BlockTravel(
      String hash,
      boolean fromSubmit,
      int reached,
      long firstMicros,
      long medianMicros,
      long lastMicros) {}

  /**
   * The pool's process.
   *
   * @param cpuSeconds processor time in the measured time
   * @param residentBeforeBytes memory before the first connection
   * @param residentConnectedBytes memory when all were connected
   * @param residentEndBytes memory at the end
   */
  public record ProcessUse(
      double cpuSeconds,
      long residentBeforeBytes,
      long residentConnectedBytes,
      long residentEndBytes) {}

  /** Shares accepted each second. */
  public double acceptedPerSecond() {
    return accepted / seconds;
  }

  /** Sessions completed each second. */
  public double sessionsPerSecond() {
    return sessions / seconds;
  }

  /** All refused shares. */
  public long rejectedTotal() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }
}
