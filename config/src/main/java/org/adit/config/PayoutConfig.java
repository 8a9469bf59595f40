package org.adit.config;

import java.util.Optional;

/**
 * How a block's reward is shared.
 *
 * @param scheme who is paid for a block
 * @param address the pool's own payout address as written; present for {@link Scheme#PPLNS} and
 *     whenever a fee is set. Its network and checksum are not checked here
 * @param feePpmSubsidy the pool's part of the block subsidy, in millionths, 0 to 1 000 000
 * @param feePpmTxFees the pool's part of the transaction fees, in millionths, 0 to 1 000 000
 * @param windowUnits length of the PPLNS window in units of network difficulty (accounting: "PPLNS
 *     over a unit window"); always present when the scheme is {@link Scheme#PPLNS}
 * @param unfilled what happens with the missing part while the window is not yet full
 */
public record PayoutConfig(
    Scheme scheme,
    Optional<String> address,
    int feePpmSubsidy,
    int feePpmTxFees,
    Optional<Ratio> windowUnits,
    Unfilled unfilled) {

  /** Who is paid for a block. */
  public enum Scheme {
    /** The finder, in the coinbase itself. */
    SOLO,
    /**
     * Everybody with shares in the last window of work; the pool holds the money until it is paid
     * out.
     */
    PPLNS
  }

  /** Treatment of a PPLNS window that is not yet full. */
  public enum Unfilled {
    /** The whole block is divided over the shares there are. */
    SCALE,
    /** The missing part is set aside as a liability, never income. */
    RESERVE
  }
}
