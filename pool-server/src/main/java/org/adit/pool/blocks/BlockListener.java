package org.adit.pool.blocks;

import org.adit.pool.mining.BlockCandidate;

/** Hears of blocks; for display. Called on any thread; must not block for long. */
public interface BlockListener {
  /** The node accepted the block and the ledger has its credits. */
  void booked(BlockCandidate candidate);

  /** The node refused it. */
  void rejected(BlockCandidate candidate, String reason);
}
