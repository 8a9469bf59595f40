package org.adit.hasher;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings the vector engines up to speed in the background and moves the {@link AdaptiveEngine} to
 * the fastest.
 *
 * <p>The Vector API runs at about a hundredth of its speed until C2 has compiled it, which takes
 * seconds. So nobody waits for it: this thread runs each candidate until its speed has settled,
 * checks its results before and after (a fault of the compiler would show only after), and hands it
 * over if it beats what is in use.
 */
final class EngineWarmUp implements Runnable {
  private static final Logger LOG = System.getLogger(HashEngines.class.getName());

  /** One look at the speed; compilation shows between looks. */
  private static final long SLICE_NANOS = 200_000_000;

  /** Past this an engine counts as one C2 does not manage: it should settle in 3 to 10 s. */
  private static final long GIVE_UP_NANOS = 40_000_000_000L;

  /** Slices in a row without a record after which the speed counts as settled. */
  private static final int SETTLED_SLICES = 3;

  /** A narrower vector must be this much faster to be preferred: probes are noisy. */
  private static final double CLEARLY_FASTER = 1.05;

  /** Looks at each warm engine for the final choice. */
  private static final int TURNS = 8;

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
    double referenceSpeed = settledSpeed(reference, 0);
    List<HashEngine> found = candidates.get();
    // All self-tests first: trying another width while one is warm has been seen to slow the warm
    // one down for seconds, see docs/sha256d.md section 4.
    List<HashEngine> right = found.stream().filter(engine -> !failsSelfTest(engine, 1)).toList();
    List<HashEngine> warm = new ArrayList<>();
    for (HashEngine candidate : right) {
      if (isFast(candidate, referenceSpeed) && !failsSelfTest(candidate, 2)) {
        warm.add(candidate);
        if (warm.size() == 1) {
          use(candidate);
        }
      }
    }
    double speed = warm.isEmpty() ? referenceSpeed : useFastest(warm);
    LOG.log(
        Level.INFO,
        () ->
            "SHA-256d engine %s: %.1f MH/s per thread (%s: %.1f)%s"
                .formatted(
                    adaptive.name(),
                    speed / 1e6,
                    reference.name(),
                    referenceSpeed / 1e6,
                    found.isEmpty() ? CURE : ""));
  }

  /** Runs the candidate until it is compiled; tells whether it then beats the reference. */
  private boolean isFast(HashEngine candidate, double referenceSpeed) {
    double speed = settledSpeed(candidate, referenceSpeed);
    if (speed > referenceSpeed) {
      return true;
    }
    LOG.log(
        Level.WARNING,
        () ->
            "SHA-256d engine %s is not used: %.2f MH/s, %s does %.1f"
                .formatted(candidate.name(), speed / 1e6, reference.name(), referenceSpeed / 1e6));
    return false;
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
      use(warm.get(fastest));
    }
    return speeds[fastest];
  }

  private void use(HashEngine engine) {
    adaptive.use(engine);
    if (engine instanceof VectorEngine vectors) {
      VerifierWarmUp.run(vectors.kernel());
    }
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

  /** Runs the candidate until its speed is above the reference and grows no more. */
  private static double settledSpeed(HashEngine candidate, double referenceSpeed) {
    HeaderScanner scanner = EngineCheck.busyScanner(candidate);
    long start = CpuClock.nanos();
    double record = 0;
    int withoutRecord = 0;
    while (CpuClock.nanos() - start < GIVE_UP_NANOS) {
      double speed = EngineCheck.hashesPerSecond(scanner, SLICE_NANOS);
      // Two percent more is noise, not a better compilation.
      withoutRecord = speed > record * 1.02 ? 0 : withoutRecord + 1;
      record = Math.max(record, speed);
      if (record > referenceSpeed && withoutRecord >= SETTLED_SLICES) {
        break;
      }
    }
    return record;
  }
}
