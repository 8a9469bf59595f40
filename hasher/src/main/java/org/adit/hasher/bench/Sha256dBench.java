package org.adit.hasher.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.adit.hasher.CpuClock;
import org.adit.hasher.Difficulty;
import org.adit.hasher.HashEngine;
import org.adit.hasher.HashEngines;
import org.adit.hasher.HeaderScanner;
import org.adit.hasher.ScanResult;

/**
 * Measures SHA-256d scanning: million hashes per second of thread CPU time, so that a busy machine
 * does not count against an engine. Each engine is first run until its speed has settled; several
 * engines take turns, so that all see the same machine.
 */
public final class Sha256dBench {
  /** The bits BIP 320 leaves to miners. */
  private static final int VERSION_MASK = 0x1fffe000;

  /** One sample; a run of N seconds gives about 4 N of them per thread. */
  private static final long SAMPLE_NANOS = 250_000_000;

  /** Compiling the vector engines takes seconds; past this an engine is measured as it is. */
  private static final long WARM_UP_NANOS = 30_000_000_000L;

  /** Samples in a row without a record after which an engine counts as warm. */
  private static final int SETTLED_SAMPLES = 8;

  private Sha256dBench() {}

  /**
   * What to measure.
   *
   * @param engines names as {@link HashEngines#named} takes them; more than one are compared
   * @param threads threads at the same time, 1 to 1024
   * @param seconds measuring time of each engine after warm-up, 1 to 3600
   * @param versionRolling whether the work has version bits to roll
   */
  public record Options(List<String> engines, int threads, int seconds, boolean versionRolling) {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public Options {
      engines = List.copyOf(engines);
      check("engines", engines.size(), 1, 100);
      check("threads", threads, 1, 1024);
      check("seconds", seconds, 1, 3600);
    }

    /** One engine, by default the best one's name after its warm-up. */
    public static Options of(String engine, int threads, int seconds) {
      return new Options(List.of(engine), threads, seconds, true);
    }

    /** All engines there are here, in turns. */
    public static Options compareAll(int threads, int seconds) {
      return new Options(
          HashEngines.available().stream().map(HashEngine::name).toList(), threads, seconds, true);
    }

    private static void check(String name, int value, int least, int most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            name + ": " + value + " (expected: " + least + " to " + most + ")");
      }
    }
  }

  /**
   * Runs the benchmark; returns when it is over.
   *
   * @throws IllegalArgumentException if an engine is unknown here
   * @throws InterruptedException if the calling thread is interrupted; all threads end then
   */
  public static List<EngineSpeed> run(Options options) throws InterruptedException {
    List<HashEngine> engines = options.engines().stream().map(HashEngines::named).toList();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            options.threads(), Thread.ofPlatform().daemon().name("bench-", 0).factory())) {
      try {
        List<Callable<List<List<Double>>>> tasks = new ArrayList<>();
        for (int i = 0; i < options.threads(); i++) {
          tasks.add(() -> measure(engines, options));
        }
        List<List<Double>> perEngine = new ArrayList<>();
        engines.forEach(engine -> perEngine.add(new ArrayList<>()));
        for (Future<List<List<Double>>> thread : threads.invokeAll(tasks)) {
          List<List<Double>> samples = thread.get();
          for (int i = 0; i < samples.size(); i++) {
            perEngine.get(i).addAll(samples.get(i));
          }
        }
        List<EngineSpeed> speeds = new ArrayList<>();
        for (int i = 0; i < engines.size(); i++) {
          speeds.add(EngineSpeed.of(engines.get(i).name(), options.threads(), perEngine.get(i)));
        }
        return List.copyOf(speeds);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a benchmark thread failed", e.getCause());
      } finally {
        threads.shutdownNow();
      }
    }
  }

  /**
   * On one thread: warm all engines, then sample them in turns. Returns hashes per second, per
   * engine.
   */
  private static List<List<Double>> measure(List<HashEngine> engines, Options options) {
    List<HeaderScanner> scanners = new ArrayList<>();
    List<List<Double>> samples = new ArrayList<>();
    // First a glance at each: the first use of one vector width throws away compiled code of the
    // others.
    for (HashEngine engine : engines) {
      HeaderScanner scanner = engine.newScanner();
      byte[] header = new byte[80];
      scanner.prepare(
          header,
          options.versionRolling() ? VERSION_MASK : 0,
          Difficulty.of(1_000_000_000).target());
      scanner.scan(0, 1, (version, nonce) -> {}, () -> false);
      scanners.add(scanner);
      samples.add(new ArrayList<>());
    }
    double reference = reference();
    scanners.forEach(scanner -> warm(scanner, reference));
    int rounds = (int) (options.seconds() * 1_000_000_000L / SAMPLE_NANOS);
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < engines.size(); i++) {
        samples.get(i).add(sample(scanners.get(i), round));
      }
    }
    return samples;
  }

  /** The speed of {@code message-digest}, roughly; what is slower is not compiled yet. */
  private static double reference() {
    HeaderScanner scanner = HashEngines.named("message-digest").newScanner();
    scanner.prepare(new byte[80], 0, Difficulty.of(1_000_000_000).target());
    double record = 0;
    for (int i = 0; i < SETTLED_SAMPLES; i++) {
      record = Math.max(record, sample(scanner, i));
    }
    return record;
  }

  private static void warm(HeaderScanner scanner, double reference) {
    long start = CpuClock.nanos();
    double record = 0;
    int withoutRecord = 0;
    while ((withoutRecord < SETTLED_SAMPLES || record < reference * 0.8)
        && CpuClock.nanos() - start < WARM_UP_NANOS
        && !Thread.currentThread().isInterrupted()) {
      double speed = sample(scanner, 0);
      withoutRecord = speed > record * 1.02 ? 0 : withoutRecord + 1;
      record = Math.max(record, speed);
    }
  }

  private static double sample(HeaderScanner scanner, int round) {
    BooleanSupplier over = CpuClock.after(SAMPLE_NANOS);
    long cpu = CpuClock.nanos();
    ScanResult result =
        scanner.scan(
            round << 24,
            HeaderScanner.ALL_NONCES,
            (version, nonce) -> {},
            () -> over.getAsBoolean() || Thread.currentThread().isInterrupted());
    long spent = CpuClock.nanos() - cpu;
    return result.hashes() * 1e9 / Math.max(1, spent);
  }
}
