package org.adit.pool.bitcoind;

import java.time.Duration;

/** Growing pauses between tries: 0.25 s doubling up to 5 s (Stratum V1 specification 6.8). */
final class Backoff {
  static final Duration FIRST = Duration.ofMillis(250);
  static final Duration LONGEST = Duration.ofSeconds(5);

  private Duration next = FIRST;

  /** The pause to make now. */
  Duration pause() {
    Duration now = next;
    Duration doubled = now.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return now;
  }

  void reset() {
    next = FIRST;
  }
}
