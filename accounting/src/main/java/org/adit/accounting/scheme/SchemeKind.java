package org.adit.accounting.scheme;

/** The reward schemes the pool knows. */
public enum SchemeKind {
  /** The finder gets the block, paid by the coinbase itself. */
  SOLO,
  /** The shares since the pool's block before; can be hopped, for private and test pools. */
  PROP,
  /** The last N times the network work. */
  PPLNS_WORK,
  /** The last X units, a share's units being its chance to have been a block. */
  PPLNS_UNITS,
  /** The last 8 times the network work, meant to be paid by the coinbase. */
  TIDES,
  /** Each share at its expected part of the subsidy; the operator carries the luck. */
  PPS,
  /** PPS for the subsidy, a window for the transaction fees. */
  PPS_PLUS,
  /** Each share at its expected part of subsidy and transaction fees. */
  FPPS,
  /** A work window whose fees are scored by what each miner's own block would have earned. */
  SLICE;

  /** Whether a block's whole reward is divided over a window of shares. */
  public boolean dividesBlocksByWindow() {
    return this == PROP || this == PPLNS_WORK || this == PPLNS_UNITS || this == TIDES;
  }

  /** Whether shares are paid as they come, whatever blocks are found. */
  public boolean paysByShare() {
    return this == PPS || this == PPS_PLUS || this == FPPS;
  }

  /** Whether the coinbase pays the finder itself, so that the pool holds nothing of it. */
  public boolean paysFinder() {
    return this == SOLO;
  }
}
