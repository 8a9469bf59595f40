package org.adit.pool.stratum;

/** Bounds a rate with room for bursts. Not thread-safe. */
public final class TokenBucket {
  private final double perMillisecond;
  private final double capacity;
  private double tokens;
  private long lastMillis;

  /** A full bucket. */
  public TokenBucket(int perSecond, int capacity, long nowMillis) {
    this.perMillisecond = perSecond / 1_000.0;
    this.capacity = capacity;
    this.tokens = capacity;
    this.lastMillis = nowMillis;
  }

  /** Takes one token; false when there is none. */
  public boolean take(long nowMillis) {
    // A clock set back refills nothing and takes nothing away.
    tokens = Math.min(capacity, tokens + Math.max(0, nowMillis - lastMillis) * perMillisecond);
    lastMillis = nowMillis;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  /** Milliseconds until a token is there; 0 when there is one. */
  public long millisUntilToken() {
    return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perMillisecond);
  }
}
