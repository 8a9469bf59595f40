package org.adit.pool;

import org.adit.pool.blocks.BlockListener;
import org.adit.pool.mining.BlockCandidate;

/** For tests that look at the books themselves, and whose blocks are all good. */
final class QuietBlocks implements BlockListener {
  @Override
  public void booked(BlockCandidate candidate) {
    // The test looks at the books.
  }

  @Override
  public void rejected(BlockCandidate candidate, String reason) {
    throw new AssertionError("the node refused a block of the pool: " + reason);
  }
}
