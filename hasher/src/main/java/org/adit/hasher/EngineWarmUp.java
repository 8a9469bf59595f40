package org.adit.hasher;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
  private static final int SETTLED_SLICES = 2;

  /** A narrower vector must be this much faster to be preferred: probes are noisy. */
  private static final double CLEARLY_FASTER = 1.05;

  private final AdaptiveEngine adaptive;
  private final Supplier<List<HashEngine>> candidates;
  private final HashEngine reference;
  private double bestSpeed;

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
    HeaderScanner scanner = EngineCheck.busyScanner(reference);
    // The first slice compiles the reference itself.
    for (int i = 0; i < 3; i++) {
      bestSpeed = Math.max(bestSpeed, EngineCheck.hashesPerSecond(scanner, SLICE_NANOS));
    }
    double referenceSpeed = bestSpeed;
    List<HashEngine> found = candidates.get();
    // All self-tests first: the first use of another width loads vector classes, and loading them
    // throws away code
    // that C2 has compiled for the widths before.
    List<HashEngine> right = found.stream().filter(engine -> !failsSelfTest(engine, 1)).toList();
    for (HashEngine candidate : right) {
      tryOut(candidate, referenceSpeed);
    }
    if (adaptive.current() instanceof VectorEngine chosen) {
      VerifierWarmUp.run(chosen.kernel());
    }
    if (found.isEmpty()) {
      LOG.log(
          Level.INFO,
          () ->
              "SHA-256d engine %s: %.1f MH/s per thread. Vectors are several times faster: start the JVM with --add-modules=%s"
                  .formatted(reference.name(), referenceSpeed / 1e6, VectorKernels.MODULE));
    } else {
      LOG.log(
          Level.INFO,
          () ->
              "SHA-256d engine %s: %.1f MH/s per thread (%s: %.1f)"
                  .formatted(
                      adaptive.name(), bestSpeed / 1e6, reference.name(), referenceSpeed / 1e6));
    }
  }

  private void tryOut(HashEngine candidate, double referenceSpeed) {
    double speed = settledSpeed(candidate, referenceSpeed);
    if (failsSelfTest(candidate, 2)) {
      return;
    }
    if (speed > bestSpeed * (adaptive.current().equals(reference) ? 1 : CLEARLY_FASTER)) {
      bestSpeed = speed;
      adaptive.use(candidate);
    } else if (speed <= referenceSpeed) {
      LOG.log(
          Level.INFO,
          () ->
              "SHA-256d engine %s is not used: %.2f MH/s, %s does %.1f"
                  .formatted(
                      candidate.name(), speed / 1e6, reference.name(), referenceSpeed / 1e6));
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
    long start = System.nanoTime();
    double record = 0;
    int withoutRecord = 0;
    while (System.nanoTime() - start < GIVE_UP_NANOS) {
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
