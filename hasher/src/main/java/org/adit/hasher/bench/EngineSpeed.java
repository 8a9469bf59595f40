package org.adit.hasher.bench;

import java.util.List;
import java.util.Locale;

/**
 * What {@link Sha256dBench} found out about an engine, in million hashes per second and thread.
 *
 * @param engine its name with width
 * @param threads threads that ran at the same time
 * @param medianMhs the sample in the middle
 * @param minMhs the slowest sample
 * @param maxMhs the fastest sample
 */
public record EngineSpeed(
    String engine, int threads, double medianMhs, double minMhs, double maxMhs) {

  static EngineSpeed of(String engine, int threads, List<Double> hashesPerSecond) {
    List<Double> sorted = hashesPerSecond.stream().sorted().toList();
    return new EngineSpeed(
        engine,
        threads,
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.getFirst() / 1e6,
        sorted.getLast() / 1e6);
  }

  /** One line for people. */
  public String toText() {
    return String.format(
        Locale.ROOT,
        "%-20s %2d thread%s  median %7.2f  min %7.2f  max %7.2f MH/s per thread",
        engine,
        threads,
        threads == 1 ? " " : "s",
        medianMhs,
        minMhs,
        maxMhs);
  }

  /**
   * A JSON object with the keys {@code engine}, {@code threads}, {@code mhs_per_thread_median},
   * {@code mhs_per_thread_min}, {@code mhs_per_thread_max}. Engine names need no escaping.
   */
  public String toJson() {
    return String.format(
        Locale.ROOT,
        "{\"engine\":\"%s\",\"threads\":%d,\"mhs_per_thread_median\":%.3f,"
            + "\"mhs_per_thread_min\":%.3f,\"mhs_per_thread_max\":%.3f}",
        engine,
        threads,
        medianMhs,
        minMhs,
        maxMhs);
  }
}
