package org.adit.pool.bitcoind;

/** Where a block stands in the chain a node follows. */
public sealed interface BlockStanding {

  /**
   * In the main chain.
   *
   * @param height its height
   * @param confirmations at least 1: the block itself counts. A coinbase may be spent in a block
   *     with 101.
   */
  record InChain(int height, int confirmations) implements BlockStanding {}

  /**
   * Known, but not in the main chain: orphaned, for now.
   *
   * @param height its height
   */
  record OffChain(int height) implements BlockStanding {}

  /** The node does not know it; nothing follows from that, since a node may be new or behind. */
  record Unknown() implements BlockStanding {}
}
