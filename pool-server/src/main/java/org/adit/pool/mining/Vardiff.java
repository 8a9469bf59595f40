package org.adit.pool.mining;

import java.util.Optional;
import org.adit.hasher.Difficulty;

/**
 * Chooses the difficulty of one connection so that shares come at a steady rate. A state machine
 * without a clock of its own; rule and the reasons for its constants: Stratum V1 specification 9.2.
 *
 * <p>Difficulties are powers of two: exact in every float a miner may read them into. Counts are
 * statistics, so {@code double} is fine here.
 */
public final class Vardiff {
  /** How a new difficulty reaches the miner. */
  public enum Delivery {
    /** With the next regular job. */
    NEXT_JOB,
    /** With a job of its own now; what the miner has stays good. */
    FRESH_JOB,
    /** With a job of its own now that replaces what the miner has. */
    FRESH_CLEAN_JOB
  }

  /**
   * A decided change.
   *
   * @param difficulty the new one
   * @param delivery how it is sent
   */
  public record Change(Difficulty difficulty, Delivery delivery) {}

  /**
   * Bounds and rate.
   *
   * @param sharesPerSecond wanted rate, 0.2 by default
   * @param enabled false pins the difficulty
   */
  public record Settings(double sharesPerSecond, boolean enabled) {}

  private static final int FAST_SHARES = 16;
  private static final double FAST_RATIO = 4;
  private static final double FAST_MAX_FACTOR = 256;
  private static final long FAST_PAUSE_MILLIS = 2_000;
  private static final int UP_SHARES = 24;
  private static final double UP_RATIO = 2;
  private static final double EMPTY_EXPECTED = 5;
  private static final double EMPTY_MAX_FACTOR = 64;
  private static final long SLEPT_MILLIS = 600_000;

  private final Settings settings;
  private Difficulty difficulty;
  private Difficulty floor;
  private Difficulty cap;
  private long windowStartMillis;
  private double shares;
  private int emptyWindows;
  private long lastShareMillis;
  private long lastFastMillis;
  private boolean unsent;

  /**
   * @param settings rate
   * @param start first difficulty, clamped to the bounds
   * @param floor lowest allowed
   * @param cap highest allowed; wins over the floor, because a share must never be harder than a
   *     block
   * @param nowMillis clock
   */
  public Vardiff(
      Settings settings, Difficulty start, Difficulty floor, Difficulty cap, long nowMillis) {
    this.settings = settings;
    this.floor = floor;
    this.cap = cap;
    this.difficulty = clamp(start);
    this.lastFastMillis = nowMillis - FAST_PAUSE_MILLIS;
    restart(nowMillis);
    this.lastShareMillis = nowMillis;
  }

  /** What is announced now, or will be with the next job. */
  public Difficulty difficulty() {
    return difficulty;
  }

  /** Windows without a share in a row. */
  public int emptyWindows() {
    return emptyWindows;
  }

  /** Says that a job with the current difficulty was sent: its window begins here. */
  public void announced(long nowMillis) {
    if (unsent) {
      unsent = false;
      restart(nowMillis);
    }
  }

  /** Moves the bounds. A difficulty outside is changed with the next job. */
  public void bounds(Difficulty newFloor, Difficulty newCap, long nowMillis) {
    floor = newFloor;
    cap = newCap;
    suggest(difficulty, nowMillis);
  }

  /** Sets the difficulty a miner asked for, within the bounds. */
  public void suggest(Difficulty wanted, long nowMillis) {
    Difficulty clamped = clamp(wanted);
    if (!clamped.equals(difficulty)) {
      difficulty = clamped;
      unsent = true;
      restart(nowMillis);
    }
  }

  /**
   * Counts an accepted share.
   *
   * @param weight its credited difficulty over the current one; below 1 for late shares of easier
   *     jobs, so that a change does not echo
   */
  public Optional<Change> onShare(double weight, long nowMillis) {
    if (nowMillis - lastShareMillis > SLEPT_MILLIS) {
      restart(nowMillis);
    }
    lastShareMillis = nowMillis;
    emptyWindows = 0;
    shares += weight;
    if (!settings.enabled() || unsent) {
      return Optional.empty();
    }
    double expected = expected(nowMillis);
    if (shares >= FAST_SHARES
        && shares >= FAST_RATIO * expected
        && nowMillis - lastFastMillis >= FAST_PAUSE_MILLIS) {
      double factor = Math.max(FAST_RATIO, Math.min(shares / expected, FAST_MAX_FACTOR));
      Optional<Change> change = change(factor, Delivery.FRESH_CLEAN_JOB, nowMillis);
      if (change.isPresent()) {
        lastFastMillis = nowMillis;
      }
      return change;
    }
    if (shares >= UP_SHARES && shares > UP_RATIO * expected) {
      return change(shares / expected, Delivery.NEXT_JOB, nowMillis);
    }
    return Optional.empty();
  }

  /** Looks at the clock; called about once a second. */
  public Optional<Change> onTick(long nowMillis) {
    // A decided change that has not reached the miner is not judged yet.
    if (!settings.enabled() || unsent) {
      return Optional.empty();
    }
    double expected = expected(nowMillis);
    if (shares == 0) {
      if (expected >= EMPTY_EXPECTED) {
        double factor = Math.min(EMPTY_MAX_FACTOR, Math.pow(4, ++emptyWindows));
        Optional<Change> change = change(1 / factor, Delivery.FRESH_JOB, nowMillis);
        if (change.isEmpty()) {
          restart(nowMillis);
        }
        return change;
      }
      return Optional.empty();
    }
    double seconds = (nowMillis - windowStartMillis) / 1_000.0;
    if ((seconds >= 120 && shares < expected / 2) || (seconds >= 60 && shares < expected / 4)) {
      double factor = Math.max(shares, 0.5) / expected;
      return change(Math.max(factor, 1.0 / 8), Delivery.NEXT_JOB, nowMillis);
    }
    if (shares >= 120 || seconds >= 300) {
      // The old window counts half, so a steady miner is judged by more than the newest shares.
      shares /= 2;
      windowStartMillis = nowMillis - (nowMillis - windowStartMillis) / 2;
    }
    return Optional.empty();
  }

  private Optional<Change> change(double factor, Delivery delivery, long nowMillis) {
    Difficulty wanted = clamp(powerOfTwoBelow(difficulty.toDouble() * factor));
    if (wanted.equals(difficulty)) {
      return Optional.empty();
    }
    difficulty = wanted;
    unsent = true;
    restart(nowMillis);
    return Optional.of(new Change(wanted, delivery));
  }

  private void restart(long nowMillis) {
    windowStartMillis = nowMillis;
    shares = 0;
  }

  private double expected(long nowMillis) {
    return settings.sharesPerSecond() * (nowMillis - windowStartMillis) / 1_000.0;
  }

  private Difficulty clamp(Difficulty wanted) {
    Difficulty raised = wanted.compareTo(floor) < 0 ? floor : wanted;
    return raised.compareTo(cap) > 0 ? cap : raised;
  }

  private static Difficulty powerOfTwoBelow(double value) {
    int exponent = Math.getExponent(value);
    return Difficulty.powerOfTwo(Math.max(-60, Math.min(exponent, 30)));
  }
}
