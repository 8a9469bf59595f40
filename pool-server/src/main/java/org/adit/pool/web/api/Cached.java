package org.adit.pool.web.api;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value made at most so often and only when somebody asks. One that is a little too old is given
 * out once more while a new one is made beside; for one that is much too old, or none, those who
 * ask wait.
 *
 * @param <T> the value
 */
final class Cached<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Cached.class);
  private static final int STILL_GOOD = 3;

  private final Clock clock;
  private final long maxAgeMillis;
  private final Callable<T> source;
  private @Nullable T value;
  private long madeAtMillis;
  private boolean making;

  Cached(Clock clock, long maxAgeMillis, Callable<T> source) {
    this.clock = clock;
    this.maxAgeMillis = maxAgeMillis;
    this.source = source;
  }

  T get() throws Exception {
    synchronized (this) {
      T known = value;
      long age = Math.abs(clock.millis() - madeAtMillis);
      if (known != null && age < maxAgeMillis) {
        return known;
      }
      if (known == null || age >= STILL_GOOD * maxAgeMillis) {
        return make();
      }
      if (!making) {
        making = true;
        Thread.ofVirtual().name("web-refresh").start(this::remake);
      }
      return known;
    }
  }

  private synchronized T make() throws Exception {
    T made = source.call();
    value = made;
    madeAtMillis = clock.millis();
    return made;
  }

  // Not under the lock while it is made: that is the point of it.
  private void remake() {
    try {
      T made = source.call();
      synchronized (this) {
        value = made;
        madeAtMillis = clock.millis();
      }
    } catch (Exception e) {
      // Whoever asks when the old value is much too old gets the failure.
      LOG.debug("a figure could not be made anew", e);
    } finally {
      synchronized (this) {
        making = false;
      }
    }
  }

  /** The next one to ask gets a fresh value. */
  synchronized void forget() {
    value = null;
  }
}
