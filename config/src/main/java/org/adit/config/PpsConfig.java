package org.adit.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Paying by the share.
 *
 * @param stopBelowSat remaining reserve below which no work is given out; present exactly when the
 *     scheme {@linkplain PayoutConfig.Scheme#paysByShare pays by the share}
 * @param every how often shares are paid
 * @param expectedFees how a coming block's transaction fees are estimated
 * @param feeBlocks from how many blocks, at least 1
 */
public record PpsConfig(
    Optional<Long> stopBelowSat, Duration every, ExpectedFees expectedFees, int feeBlocks) {

  /** Estimates of transaction fees. */
  public enum ExpectedFees {
    /** The mean. */
    MEAN,
    /** The mean without the lowest and the highest tenth. */
    TRIMMED
  }
}
