package org.adit.pool.mining;

/**
 * The last 200 judged shares of one connection. More than four in five invalid ones are no accident
 * (Stratum V1 specification 12). Stale shares never enter. Used on one event loop.
 */
public final class InvalidWindow {
  private static final int SHARES = 200;
  private static final int TOO_MANY = SHARES * 4 / 5;

  private final long[] invalid = new long[(SHARES + Long.SIZE - 1) / Long.SIZE];
  private int next;
  private int seen;
  private int bad;

  /**
   * Enters a share.
   *
   * @return whether the window is full and has too many invalid ones
   */
  public boolean judged(boolean isInvalid) {
    int word = next / Long.SIZE;
    long bit = 1L << (next % Long.SIZE);
    bad -= (invalid[word] & bit) != 0 ? 1 : 0;
    invalid[word] = isInvalid ? invalid[word] | bit : invalid[word] & ~bit;
    bad += isInvalid ? 1 : 0;
    next = (next + 1) % SHARES;
    seen = Math.min(SHARES, seen + 1);
    return seen == SHARES && bad > TOO_MANY;
  }
}
