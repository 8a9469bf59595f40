package org.adit.accounting.store;

/** Where one transaction of a payout stands. Several may exist; at most one can ever confirm. */
public enum AttemptState {
  /** Given away to be signed elsewhere. */
  UNSIGNED,
  /** Signed and stored. */
  SIGNED,
  /** Taken by the node. */
  BROADCAST,
  /** In the active chain. */
  CONFIRMED,
  /** Another transaction of the same payout is in the active chain. */
  REPLACED,
  /** A foreign transaction that spends one of its inputs is in the active chain. */
  CONFLICTED,
  /** The same, so deep that this one can never confirm. */
  DEAD,
  /**
   * Given up with its payout before anybody was sent it; its bytes are forgotten. The payout after
   * it spends one of its coins, so that it could never confirm beside that one.
   */
  WITHDRAWN
}
