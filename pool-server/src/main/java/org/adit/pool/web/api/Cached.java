package org.adit.pool.web.api;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A value made at most so often and only when somebody asks. Those who ask while it is made wait
 * for the one that makes it.
 *
 * @param <T> the value
 */
final class Cached<T> {
  private final Clock clock;
  private final long maxAgeMillis;
  private final Callable<T> source;
  private @Nullable T value;
  private long madeAtMillis;

  Cached(Clock clock, long maxAgeMillis, Callable<T> source) {
    this.clock = clock;
    this.maxAgeMillis = maxAgeMillis;
    this.source = source;
  }

  synchronized T get() throws Exception {
    T known = value;
    if (known == null || Math.abs(clock.millis() - madeAtMillis) >= maxAgeMillis) {
      known = source.call();
      value = known;
      madeAtMillis = clock.millis();
    }
    return known;
  }

  /** The next one to ask gets a fresh value. */
  synchronized void forget() {
    value = null;
  }
}
