package org.adit.accounting.economics;

import org.adit.accounting.scheme.Rational;

/**
 * What a pool's shares and sums take on disk.
 *
 * @param workers machines connected
 * @param shareSeconds between two shares of a machine, positive
 * @param rawBytes of a stored share
 * @param sumBytes of a worker's row in a bucket
 * @param bucketSeconds length of a bucket, positive
 */
public record ShareLogSize(
    long workers, Rational shareSeconds, int rawBytes, int sumBytes, int bucketSeconds) {
  private static final long DAY_SECONDS = 86_400;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public ShareLogSize {
    if (workers < 0
        || shareSeconds.signum() <= 0
        || rawBytes < 0
        || sumBytes < 0
        || bucketSeconds < 1) {
      throw new IllegalArgumentException(
          "workers %d, share seconds %s, bytes %d and %d, bucket seconds %d (expected: >= 0, > 0, >= 0, >= 0, > 0)"
              .formatted(workers, shareSeconds, rawBytes, sumBytes, bucketSeconds));
    }
  }

  /** Shares a second. */
  public Rational sharesPerSecond() {
    return Rational.of(
        shareSeconds.denominator().multiply(java.math.BigInteger.valueOf(workers)),
        shareSeconds.numerator());
  }

  /** Shares a day. */
  public Rational sharesPerDay() {
    return sharesPerSecond().times(Rational.of(DAY_SECONDS));
  }

  /** Bytes of shares a day, rounded down. */
  public long shareBytesPerDay() {
    return sharesPerDay().times(Rational.of(rawBytes)).floor().longValueExact();
  }

  /** Rows of sums a day when every worker has a share in every bucket. */
  public Rational sumRowsPerDay() {
    return Rational.of(Math.multiplyExact(workers, DAY_SECONDS)).over(bucketSeconds);
  }

  /** Bytes of sums a day at most, rounded down. */
  public long sumBytesPerDay() {
    return sumRowsPerDay().times(Rational.of(sumBytes)).floor().longValueExact();
  }
}
