package org.adit.miner;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Waits between attempts: doubling up to a limit, and spread over the upper half of each step, so
 * that the miners of a farm do not all come back in the same moment after an outage.
 */
final class BackOff {
  private final Duration first;
  private final Duration most;
  private final DoubleSupplier random;
  private int failures;

  /**
   * Makes one.
   *
   * @param random numbers from 0 to below 1
   */
  BackOff(Duration first, Duration most, DoubleSupplier random) {
    this.first = first;
    this.most = most;
    this.random = random;
  }

  /** The next wait: from half to all of the step. */
  Duration next() {
    long step =
        failures >= 62 || first.toNanos() > most.toNanos() >> failures
            ? most.toNanos()
            : first.toNanos() << failures;
    failures++;
    return Duration.ofNanos((long) (step * (0.5 + random.getAsDouble() / 2)));
  }

  int failures() {
    return failures;
  }

  /** After a connection that was of use. */
  void reset() {
    failures = 0;
  }
}
