package org.adit.accounting.scheme;

import java.math.BigInteger;
import java.util.List;

/**
 * A run of shares during which the attainable fees hardly moved.
 *
 * @param referenceFeesSat fees of the reference job of that time
 * @param shares oldest first
 */
public record Slice(long referenceFeesSat, List<SliceShare> shares) {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when the fees are negative
   */
  public Slice {
    if (referenceFeesSat < 0) {
      throw new IllegalArgumentException(
          "reference fees " + referenceFeesSat + " (expected: >= 0)");
    }
    shares = List.copyOf(shares);
  }

  /** Sum of work. */
  public BigInteger work() {
    return shares.stream().map(SliceShare::work).reduce(BigInteger.ZERO, BigInteger::add);
  }

  /** Work times what the share's block would have earned, at most what was attainable. */
  BigInteger feeScore(SliceShare share) {
    return share
        .work()
        .multiply(BigInteger.valueOf(Math.min(share.jobFeesSat(), referenceFeesSat)));
  }
}
