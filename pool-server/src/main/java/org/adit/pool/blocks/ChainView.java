package org.adit.pool.blocks;

import org.adit.hasher.Hash256;

/** Tells where a block stands in the node's chain. */
public interface ChainView {
  /**
   * Where a block stands.
   *
   * @param known false while the node does not answer or does not know the block
   * @param height its height; -1 while not known
   * @param confirmations 1 for the tip; negative for a block outside the chain
   */
  record Place(boolean known, int height, int confirmations) {}

  /** Asks the node; waits for its answer. */
  Place place(Hash256 block);
}
