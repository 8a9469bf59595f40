package org.adit.pool.blocks;

import org.adit.pool.mining.BlockCandidate;

/** Brings a block to the node. */
@FunctionalInterface
public interface NodeSubmission {
  /** What the node said in the end. */
  sealed interface Outcome {}

  /** The block is valid and in the node's keeping, as the tip or on a branch. */
  record Accepted(String answer) implements Outcome {}

  /**
   * The block is lost.
   *
   * @param reason the node's word for it
   * @param constructionError whether it says that the pool builds wrong blocks
   */
  record Rejected(String reason, boolean constructionError) implements Outcome {}

  /**
   * Submits, again and again while the node's verdict is not known. Blocks the calling (virtual)
   * thread.
   *
   * @throws InterruptedException when the pool stops before a verdict is known
   */
  Outcome submit(BlockCandidate candidate) throws InterruptedException;
}
