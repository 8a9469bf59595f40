package org.adit.config;

import java.util.Optional;

/**
 * How a block's reward is shared.
 *
 * @param scheme who is paid for a block
 * @param address the pool's own payout address as written; present for every scheme but {@link
 *     Scheme#SOLO} and whenever a fee is set. Its network and checksum are not checked here
 * @param feePpmSubsidy the pool's part of the block subsidy, in millionths, 0 to 1 000 000
 * @param feePpmTxFees the pool's part of the transaction fees, in millionths, 0 to 1 000 000
 * @param windowUnits length of the PPLNS window in units of network difficulty; present exactly
 *     when the scheme {@linkplain Scheme#hasWindow has a window}
 * @param unfilled what happens with the missing part while the window is not yet full
 * @param direct whether coinbases pay the miners of the window themselves
 * @param directMinSat smallest such output, in satoshi
 */
public record PayoutConfig(
    Scheme scheme,
    Optional<String> address,
    int feePpmSubsidy,
    int feePpmTxFees,
    Optional<Ratio> windowUnits,
    Unfilled unfilled,
    boolean direct,
    long directMinSat) {

  /** Who is paid for a block. */
  public enum Scheme {
    /** The finder, in the coinbase itself. */
    SOLO,
    /** Everybody with shares since the block before; can be hopped. */
    PROP,
    /**
     * Everybody with shares in the last window of units; the pool holds the money until it is paid
     * out.
     */
    PPLNS,
    /** The same over a window of work, in multiples of the found block's network work. */
    PPLNS_WORK,
    /** A work window of eight blocks. */
    TIDES,
    /** Each share at its expected part of the subsidy, whatever is found. */
    PPS,
    /** The same for the subsidy; transaction fees by a window of units. */
    PPS_PLUS,
    /** Each share at its expected part of subsidy and transaction fees. */
    FPPS;

    /** Whether blocks are divided over a window whose length is a setting. */
    public boolean hasWindow() {
      return this == PPLNS || this == PPLNS_WORK || this == PPS_PLUS;
    }

    /** Whether the coinbase may pay everybody who has a part of the block. */
    public boolean canPayInCoinbase() {
      return this == PPLNS || this == PPLNS_WORK || this == TIDES;
    }

    /** Whether the operator pays for shares as they come. */
    public boolean paysByShare() {
      return this == PPS || this == PPS_PLUS || this == FPPS;
    }

    /** Whether blocks are paid to the pool, which owes them to its miners. */
    public boolean isCustodial() {
      return this != SOLO;
    }
  }

  /** Treatment of a PPLNS window that is not yet full. */
  public enum Unfilled {
    /** The whole block is divided over the shares there are. */
    SCALE,
    /** The missing part is set aside as a liability, never income. */
    RESERVE
  }
}
