package org.adit.hasher;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the engines this machine can run and chooses the best.
 *
 * <p>The choice is made once per process, in the background: until the vectors have proved right
 * and faster, work is done by {@code message-digest}. The system property {@value #PROPERTY} forces
 * an engine by name.
 */
public final class HashEngines {
  /** System property that names the engine {@link #best} is to return, without probing. */
  public static final String PROPERTY = "adit.hasher";

  private static final HashEngine MESSAGE_DIGEST = new MessageDigestEngine();

  private HashEngines() {}

  /** Holds the engines from the first use on; a kernel is made, and compiled by the JVM, once. */
  private static final class Found {
    static final List<HashEngine> ALL = find();

    private static List<HashEngine> find() {
      List<HashEngine> engines = new ArrayList<>();
      VectorKernels.preferredLanes()
          .ifPresent(preferred -> {
            for (int lanes = preferred; lanes >= 4; lanes /= 2) {
              VectorKernel kernel = VectorKernels.spin(lanes);
              engines.add(new VectorEngine(kernel, true));
              engines.add(new VectorEngine(kernel, false));
            }
          });
      engines.add(MESSAGE_DIGEST);
      return List.copyOf(engines);
    }
  }

  /** Holds the choice; its first use starts the background probe. */
  private static final class Chosen {
    static final AdaptiveEngine BEST = new AdaptiveEngine(MESSAGE_DIGEST);
    static final Thread WARM_UP =
        Thread.ofPlatform()
            .daemon()
            .name("adit-hasher-warm-up")
            .start(new EngineWarmUp(BEST, Chosen::probed, MESSAGE_DIGEST));

    /**
     * The widest vectors and the next narrower: where 512 bits are done in two halves, 256 may win.
     */
    private static List<HashEngine> probed() {
      return Found.ALL.stream()
          .filter(engine -> engine.name().startsWith(VectorEngine.VERSIONS))
          .limit(2)
          .toList();
    }
  }

  /**
   * The fastest engine here. Always the same object during the life of the process; the engine it
   * works with, and hence its name, changes when the probe has found a faster one.
   *
   * @throws IllegalArgumentException if the system property {@value #PROPERTY} names none there is
   */
  public static HashEngine best() {
    String forced = System.getProperty(PROPERTY);
    if (forced == null) {
      return Chosen.BEST;
    }
    try {
      return named(forced);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("system property " + PROPERTY + ": " + e.getMessage(), e);
    }
  }

  /**
   * Brings the lanes of {@link ShareBatchVerifier} up to speed in the background, once per process.
   * For programs that verify and do not mine; {@link #best} does it too. Until it is done, and
   * where it finds nothing faster, shares are hashed one by one.
   */
  public static void warmVerifier() {
    String forced = System.getProperty(PROPERTY);
    if (forced == null || forced.startsWith("vector-")) {
      var _ = VerifierWarmUp.start(Found.ALL);
    }
  }

  /**
   * Waits until {@link #best} has made its choice, for benchmarks and for miners that want to say
   * at which speed they run.
   *
   * @param timeoutMillis longest wait; 0 looks without waiting
   * @return whether the choice is made
   */
  public static boolean awaitChoice(long timeoutMillis) throws InterruptedException {
    if (System.getProperty(PROPERTY) != null) {
      return true;
    }
    if (timeoutMillis > 0) {
      Chosen.WARM_UP.join(timeoutMillis);
    }
    return !Chosen.WARM_UP.isAlive();
  }

  /**
   * The engine of that name, as it is: a vector engine is slow until the JVM has compiled it.
   * {@code "vector-versions"} and {@code "vector-nonces"} without a width mean the widest vectors
   * that are fast here.
   *
   * @throws IllegalArgumentException if there is none here; the message lists those there are
   */
  public static HashEngine named(String name) {
    return available().stream()
        .filter(engine -> engine.name().equals(name) || engine.name().startsWith(name + "-"))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no such hash engine here (expected one of: "
                    + available().stream().map(HashEngine::name).collect(Collectors.joining(", "))
                    + ")"));
  }

  /** All engines this machine can run, the one expected to be fastest first; never empty. */
  public static List<HashEngine> available() {
    return Found.ALL;
  }
}
