package org.adit.pool;

import org.adit.pool.blocks.BlockListener;
import org.adit.pool.blocks.BlockTracker;
import org.adit.pool.mining.BlockCandidate;

/**
 * A block may be booked after the tip it lost against: it is looked at once it is in the books.
 *
 * @param tracker looks
 * @param listener hears of blocks too
 */
record FollowedBlocks(BlockTracker tracker, BlockListener listener) implements BlockListener {
  @Override
  public void booked(BlockCandidate candidate) {
    tracker.tipChanged();
    listener.booked(candidate);
  }

  @Override
  public void rejected(BlockCandidate candidate, String reason) {
    listener.rejected(candidate, reason);
  }
}
