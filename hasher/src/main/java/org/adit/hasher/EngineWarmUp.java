package org.adit.hasher;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Brings the vector engines up to speed in the background and moves the {@link AdaptiveEngine} to
 * the fastest.
 *
 * <p>The Vector API runs at about a hundredth of its speed until C2 has compiled it, which takes
 * seconds. So nobody waits for it: this thread makes the JVM compile the most promising candidate,
 * checks its results before and after (a fault of the compiler would show only after), and hands it
 * over as soon as it beats what is in use. While the compiler works this thread mostly sleeps: on a
 * machine with few cores it would take the compiler's time, and the miners'.
 */
final class EngineWarmUp implements Runnable {
  private static final Logger LOG = System.getLogger(HashEngines.class.getName());

  private static final long FIRST_USE_NANOS = 1_000_000;

  /** Work enough to make the JVM want every method compiled. */
  private static final long EXERCISE_NANOS = 500_000_000;

  /** One look at the speed of a candidate that is being compiled, and the pause after it. */
  private static final long LOOK_NANOS = 20_000_000;

  private static final long PAUSE_NANOS = 20_000_000;

  /** One look at the speed of what is compiled. */
  private static final long SLICE_NANOS = 100_000_000;

  /** Past this an engine counts as one C2 does not manage: it should take 2 to 10 s. */
  private static final long GIVE_UP_NANOS = 60_000_000_000L;

  /** A narrower vector must be this much faster to be preferred: probes are noisy. */
  private static final double CLEARLY_FASTER = 1.05;

  /** Looks at each warm engine for the final choice. */
  private static final int TURNS = 5;

  private static final String CURE =
      ". Vectors are several times faster: start the JVM with --add-modules="
          + VectorKernels.MODULE;

  private final AdaptiveEngine adaptive;
  private final Supplier<List<HashEngine>> candidates;
  private final HashEngine reference;

  /**
   * @param candidates most promising first; asked for on the warm-up's own thread, because making
   *     them takes time
   * @param reference always right; what the candidates have to beat
   */
  EngineWarmUp(
      AdaptiveEngine adaptive, Supplier<List<HashEngine>> candidates, HashEngine reference) {
    this.adaptive = adaptive;
    this.candidates = candidates;
    this.reference = reference;
  }

  @Override
  public void run() {
    List<HashEngine> found = candidates.get();
    // The first use of a vector width loads classes, and with that throws away compiled code that
    // had been sure there were no others: use each a little before anything is compiled.
    for (HashEngine candidate : found) {
      exercise(candidate, FIRST_USE_NANOS);
    }
    List<HashEngine> warm = new ArrayList<>();
    double referenceSpeed = 0;
    for (HashEngine candidate : found) {
      if (failsSelfTest(candidate, 1)) {
        continue;
      }
      exercise(candidate, EXERCISE_NANOS);
      if (referenceSpeed == 0) {
        // The compiler is busy with the candidate meanwhile.
        referenceSpeed = fastestOf(reference, 2);
      }
      if (isFast(candidate, referenceSpeed) && !failsSelfTest(candidate, 2)) {
        warm.add(candidate);
        if (warm.size() == 1) {
          adaptive.use(candidate);
        }
      }
    }
    double speed = warm.isEmpty() ? fastestOf(reference, 2) : useFastest(warm);
    LOG.log(
        Level.INFO,
        () ->
            "SHA-256d engine %s: %.1f MH/s per thread%s"
                .formatted(adaptive.name(), speed / 1e6, found.isEmpty() ? CURE : ""));
  }

  private static void exercise(HashEngine candidate, long nanos) {
    if (candidate instanceof VectorEngine vectors) {
      vectors.exercise(nanos);
    }
  }

  /** Waits until the candidate is compiled; tells whether it then beats the reference. */
  private static boolean isFast(HashEngine candidate, double referenceSpeed) {
    HeaderScanner scanner = EngineCheck.busyScanner(candidate);
    long start = System.nanoTime();
    double record = 0;
    while (System.nanoTime() - start < GIVE_UP_NANOS) {
      record = Math.max(record, EngineCheck.hashesPerSecond(scanner, LOOK_NANOS));
      if (record > referenceSpeed) {
        return true;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    double best = record;
    LOG.log(
        Level.WARNING,
        () ->
            "SHA-256d engine %s is not used: %.2f MH/s, message-digest does %.1f"
                .formatted(candidate.name(), best / 1e6, referenceSpeed / 1e6));
    return false;
  }

  private static double fastestOf(HashEngine engine, int looks) {
    HeaderScanner scanner = EngineCheck.busyScanner(engine);
    double fastest = 0;
    for (int i = 0; i < looks; i++) {
      fastest = Math.max(fastest, EngineCheck.hashesPerSecond(scanner, SLICE_NANOS));
    }
    return fastest;
  }

  /**
   * Measures the warm candidates in turns, so that all see the same machine, and takes the fastest.
   */
  private double useFastest(List<HashEngine> warm) {
    List<HeaderScanner> scanners = warm.stream().map(EngineCheck::busyScanner).toList();
    double[] speeds = new double[warm.size()];
    for (int turn = 0; turn < TURNS; turn++) {
      for (int i = 0; i < speeds.length; i++) {
        double speed = EngineCheck.hashesPerSecond(scanners.get(i), SLICE_NANOS);
        speeds[i] = Math.max(speeds[i], speed);
      }
    }
    int fastest = 0;
    for (int i = 1; i < speeds.length; i++) {
      if (speeds[i] > speeds[fastest] * CLEARLY_FASTER) {
        fastest = i;
      }
    }
    if (fastest != 0) {
      adaptive.use(warm.get(fastest));
    }
    return speeds[fastest];
  }

  private boolean failsSelfTest(HashEngine candidate, long seed) {
    Optional<String> fault;
    try {
      fault = EngineCheck.selfTest(candidate, seed);
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.ERROR, "SHA-256d engine " + candidate.name() + " is disabled: it failed", e);
      return true;
    }
    fault.ifPresent(text ->
        LOG.log(
            Level.ERROR,
            () ->
                "SHA-256d engine %s is disabled: WRONG RESULTS in its self-test, %s. Please report this with the JVM's version and the CPU's model"
                    .formatted(candidate.name(), text)));
    return fault.isPresent();
  }
}
