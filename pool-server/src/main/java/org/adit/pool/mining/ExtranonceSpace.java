package org.adit.pool.mining;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Hands out 4-byte extranonce prefixes, one for each connection: the instance number in the first
 * byte, a counter in the other three. A returned prefix rests before it is used again, because its
 * last owner may still send shares (Stratum V1 specification 2.4 and 12). Thread-safe.
 */
public final class ExtranonceSpace {
  /** Prefixes of one instance. */
  public static final int CAPACITY = 1 << 24;

  // Above this the pool refuses connections rather than risk giving a prefix out twice.
  private static final int USABLE = CAPACITY / 10 * 9;

  private final int instance;
  private final long quarantineMillis;
  private final Clock clock;
  // By prefix when it may be used again; the eldest first.
  private final LinkedHashMap<Integer, Long> resting = new LinkedHashMap<>();
  private int next;
  private int neverUsed = USABLE;
  private int inUse;

  /**
   * @param instance 0 to 255, different for each node that shares a chain of jobs
   * @param start where the counter begins, taken modulo the capacity; random at start-up so that
   *     two runs of a pool do not hand the same prefixes out in the same order
   * @param quarantine rest of a returned prefix, at least as long as a job lives
   * @param clock for the rest
   */
  public ExtranonceSpace(int instance, int start, Duration quarantine, Clock clock) {
    if (instance < 0 || instance > 255) {
      throw new IllegalArgumentException("instance is " + instance + " (expected: 0 to 255)");
    }
    this.instance = instance;
    this.next = Math.floorMod(start, CAPACITY);
    this.quarantineMillis = quarantine.toMillis();
    this.clock = clock;
  }

  /** A prefix nobody else has, or empty when the space is used up. */
  public synchronized OptionalInt acquire() {
    while (neverUsed > 0) {
      neverUsed--;
      int prefix = instance << 24 | next;
      next = (next + 1) % CAPACITY;
      if (!resting.containsKey(prefix)) {
        inUse++;
        return OptionalInt.of(prefix);
      }
    }
    Map.Entry<Integer, Long> eldest = resting.firstEntry();
    if (eldest == null || eldest.getValue() > clock.millis()) {
      return OptionalInt.empty();
    }
    inUse++;
    resting.pollFirstEntry();
    return OptionalInt.of(eldest.getKey());
  }

  /**
   * Takes a prefix out of its rest for the miner that had it last, who comes back.
   *
   * @return false when somebody else has it by now
   */
  public synchronized boolean reclaim(int prefix) {
    if (resting.remove(prefix) == null) {
      return false;
    }
    inUse++;
    return true;
  }

  /** Lets a prefix rest that a miner had before the pool was started again. */
  public synchronized void rest(int prefix) {
    if (prefix >>> 24 == instance) {
      resting.put(prefix, clock.millis() + quarantineMillis);
    }
  }

  /** Gives a prefix back. Each acquired prefix is released once. */
  public synchronized void release(int prefix) {
    inUse--;
    resting.put(prefix, clock.millis() + quarantineMillis);
  }

  /** Prefixes held by connections now. */
  public synchronized int inUse() {
    return inUse;
  }
}
