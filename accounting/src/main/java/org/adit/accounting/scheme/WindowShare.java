package org.adit.accounting.scheme;

import java.math.BigInteger;

/**
 * A share, or the sum of a run of shares at one network target, as a window sees it.
 *
 * @param sequence the share's sequence, or the oldest one's of a run
 * @param worker who did it
 * @param work expected hashes, already capped at the network work per share where scores need that
 * @param networkWork expected hashes of a block at that time, positive
 */
public record WindowShare(
    long sequence, WorkerKey worker, BigInteger work, BigInteger networkWork) {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when work is negative or network work not positive
   */
  public WindowShare {
    if (work.signum() < 0 || networkWork.signum() <= 0) {
      throw new IllegalArgumentException(
          "work " + work + " of network work " + networkWork + " (expected: >= 0 of > 0)");
    }
  }

  /** Units of a single share: its chance to have been a block, at most 1. */
  public Rational units() {
    return Rational.of(work.min(networkWork), networkWork);
  }
}
