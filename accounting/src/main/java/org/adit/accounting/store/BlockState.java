package org.adit.accounting.store;

/** Where a block of the pool stands. */
public enum BlockState {
  /** In the active chain, its coinbase not yet spendable. */
  IMMATURE,
  /** Its coinbase may be spent; credits are payable. */
  MATURE,
  /** Not in the active chain; it pays nobody. */
  ORPHANED
}
