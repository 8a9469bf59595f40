package org.adit.pool.mining;

/**
 * How long shares are taken.
 *
 * @param jobMillis after a job was sent, while its tip is current
 * @param previousTipMillis after its tip was replaced: such shares are stale but named rightly, and
 *     still tried as blocks
 * @param staleGraceMillis after the job of the new tip was sent: stale shares are credited, 0 to 2
 *     000
 * @param jobsKept jobs remembered for one channel
 */
public record JobLifetimes(
    long jobMillis, long previousTipMillis, long staleGraceMillis, int jobsKept) {
  /** Checks the ranges. */
  public JobLifetimes {
    if (staleGraceMillis < 0 || staleGraceMillis > 2_000) {
      throw new IllegalArgumentException(
          "stale grace is " + staleGraceMillis + " ms (expected: 0 to 2000)");
    }
  }
}
