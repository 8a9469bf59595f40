package org.adit.accounting;

import java.math.BigInteger;

/** Takes work of before, newest first, for figures shown to people. */
public interface PastWork {
  /** The pool's shares of a bucket. */
  void pool(long firstMillis, long lastMillis, long shares, BigInteger work);

  /**
   * A worker's part of a bucket.
   *
   * @return whether more is wanted
   */
  boolean worker(int workerId, long lastMillis, long shares, BigInteger work);
}
