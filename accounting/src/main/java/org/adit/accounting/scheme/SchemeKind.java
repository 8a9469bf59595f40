package org.adit.accounting.scheme;

/** The reward schemes the pool can settle. */
public enum SchemeKind {
  /** The finder gets the block, paid by the coinbase itself. */
  SOLO,
  /** The shares since the pool's block before; can be hopped, for private and test pools. */
  PROP,
  /** The last N times the network work. */
  PPLNS_WORK,
  /** The last X units, a share's units being its chance to have been a block. */
  PPLNS_UNITS
}
