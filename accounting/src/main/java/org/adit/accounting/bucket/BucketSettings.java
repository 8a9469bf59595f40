package org.adit.accounting.bucket;

import java.time.Duration;

/**
 * When a bucket ends besides winning shares and retargets.
 *
 * @param span longest time between a bucket's first and last share
 * @param shares most shares, which bounds what a settlement reads raw at the window's edge
 * @param foldShares most shares folded in one database transaction
 */
public record BucketSettings(Duration span, int shares, int foldShares) {
  public static final BucketSettings DEFAULT =
      new BucketSettings(Duration.ofMinutes(1), 500_000, 250_000);

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when a number is not positive
   */
  public BucketSettings {
    if (span.isNegative() || span.isZero() || shares < 1 || foldShares < 1) {
      throw new IllegalArgumentException("span, shares and foldShares must be positive");
    }
  }
}
