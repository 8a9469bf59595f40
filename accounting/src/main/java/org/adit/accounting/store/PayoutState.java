package org.adit.accounting.store;

/** Where a payout batch stands. */
public enum PayoutState {
  /** Coins are set aside; nothing is signed. */
  RESERVED,
  /** A signed transaction is stored; it may or may not have been sent. */
  SIGNED,
  /** The node has taken the transaction. */
  BROADCAST,
  /** In the chain, not yet deep. */
  CONFIRMED,
  /** So deep in the chain that it is not followed any more. */
  FINAL,
  /** Given up; the amounts are payable again. */
  FAILED;

  /** Whether there is something left to do or to watch. */
  public boolean isOpen() {
    return this != FINAL && this != FAILED;
  }
}
