package org.adit.hasher;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine handed out as the best: works from the first millisecond with {@code MessageDigest}
 * and moves to a vector engine, in the midst of a scan if need be, once that one has proved right
 * and faster.
 */
final class AdaptiveEngine implements HashEngine {
  private volatile HashEngine current;

  AdaptiveEngine(HashEngine first) {
    current = first;
  }

  /** Moves all scanners over, from their next look at it on. */
  void use(HashEngine engine) {
    current = engine;
  }

  HashEngine current() {
    return current;
  }

  /** The name of the engine at work now. */
  @Override
  public String name() {
    return current.name();
  }

  @Override
  public HeaderScanner newScanner() {
    return new Scanner();
  }

  @Override
  public String toString() {
    return "best, now " + name();
  }

  private final class Scanner implements HeaderScanner {
    private HashEngine engine = current;
    private HeaderScanner scanner = engine.newScanner();

    /** What was prepared last, to prepare the next engine's scanner with. */
    private byte @Nullable [] header;

    private int mask;
    private Target target = Target.MAX;

    @Override
    public void prepare(byte[] header80, int versionMask, Target newTarget) {
      scanner.prepare(header80, versionMask, newTarget);
      header = header80.clone();
      mask = versionMask;
      target = newTarget;
    }

    @Override
    public int versionsPerNonce() {
      return scanner.versionsPerNonce();
    }

    @Override
    public ScanResult scan(int fromNonce, long count, HitSink sink, BooleanSupplier stop) {
      long hashes = 0;
      int next = fromNonce;
      long left = count;
      while (true) {
        move();
        boolean[] stopped = {false};
        ScanResult part =
            scanner.scan(
                next,
                left,
                sink,
                () -> {
                  stopped[0] = stop.getAsBoolean();
                  return stopped[0] || !engine.equals(current);
                });
        hashes += part.hashes();
        next = part.nextNonce();
        left -= part.hashes() / scanner.versionsPerNonce();
        if (left == 0 || stopped[0]) {
          return new ScanResult(hashes, next);
        }
      }
    }

    private void move() {
      if (engine.equals(current)) {
        return;
      }
      engine = current;
      scanner = engine.newScanner();
      if (header != null) {
        scanner.prepare(header, mask, target);
      }
    }
  }
}
