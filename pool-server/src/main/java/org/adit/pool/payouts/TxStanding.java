package org.adit.pool.payouts;

/** Where a transaction stands, as the wallet and its node see it. */
sealed interface TxStanding {
  /** In the active chain; 1 for the tip. */
  record InChain(int confirmations) implements TxStanding {}

  /** Waits in the node's mempool. */
  record InMempool() implements TxStanding {}

  /** The wallet has it, the mempool not: evicted, or the node was restarted. */
  record Forgotten() implements TxStanding {}

  /** Another transaction with one of its inputs is in the active chain, so deep. */
  record Conflicted(int depth) implements TxStanding {}

  /** Neither wallet nor node have it. */
  record Unknown() implements TxStanding {}
}
