package org.adit.pool.mining;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * What one worker did since the pool started, for people to look at; money does not depend on it.
 * Event loops add without waiting for one another, anybody reads.
 */
public final class WorkerMeter {
  /** Refused shares of one verdict. */
  public static final class Rejects {
    private final LongAdder count = new LongAdder();
    private final LongAdder lostSat = new LongAdder();

    /** How many. */
    public long count() {
      return count.sum();
    }

    /** What good shares of their jobs would have been worth, in satoshi. */
    public long lostSat() {
      return lostSat.sum();
    }
  }

  private final Worker worker;
  private final LongAdder shares = new LongAdder();
  private final DoubleAdder work = new DoubleAdder();
  private final DoubleAdder workSquares = new DoubleAdder();
  private final LongAdder rejected = new LongAdder();
  private final Map<String, Rejects> rejects = new ConcurrentHashMap<>();
  private volatile @Nullable Hash256 best;
  private volatile long bestAtMillis;
  private volatile long lastShareMillis;

  WorkerMeter(Worker worker) {
    this.worker = worker;
  }

  void accepted(double searched, Hash256 hash, long nowMillis) {
    shares.increment();
    work.add(searched);
    workSquares.add(searched * searched);
    lastShareMillis = nowMillis;
    Hash256 known = best;
    // Two loops may overtake one another here; the better of two records of a moment is luck too.
    if (known == null || hash.compareTo(known) < 0) {
      best = hash;
      bestAtMillis = nowMillis;
    }
  }

  void rejected(String label, long lostSat) {
    rejected.increment();
    Rejects ofLabel = rejects.computeIfAbsent(label, key -> new Rejects());
    ofLabel.count.increment();
    ofLabel.lostSat.add(lostSat);
  }

  /** Whose shares these are. */
  public Worker worker() {
    return worker;
  }

  /** Accepted shares. */
  public long shares() {
    return shares.sum();
  }

  /** Sum of the work of accepted shares, expected hashes. */
  public double work() {
    return work.sum();
  }

  /** Sum of the squares of that work; says how much the figure may be off. */
  public double workSquares() {
    return workSquares.sum();
  }

  /** Refused shares. */
  public long rejectedShares() {
    return rejected.sum();
  }

  /** Refused shares by verdict. */
  public Map<String, Rejects> rejects() {
    return Map.copyOf(rejects);
  }

  /** The smallest hash of an accepted share; null before the first. */
  public @Nullable Hash256 best() {
    return best;
  }

  /** When that was, milliseconds since 1970. */
  public long bestAtMillis() {
    return bestAtMillis;
  }

  /** When the last share was accepted, milliseconds since 1970; 0 before the first. */
  public long lastShareMillis() {
    return lastShareMillis;
  }
}
