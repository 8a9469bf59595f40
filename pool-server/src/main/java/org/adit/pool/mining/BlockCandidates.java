package org.adit.pool.mining;

import org.adit.hasher.Hash256;

/** Takes block candidates out of the share path. */
public interface BlockCandidates {
  /**
   * Writes a candidate to disk and submits it to the node. Returns at once.
   *
   * @param candidate the block
   * @param onDisk run once, on any thread, when the file is forced to disk or the disk refused it;
   *     the submission goes on either way
   * @return false when this block is known already; then nothing happens and {@code onDisk} is not
   *     run
   */
  boolean found(BlockCandidate candidate, Runnable onDisk);

  /**
   * Whether more shares should be read. False only where blocks are found faster than a node and a
   * ledger can take them, as on a chain without work.
   */
  boolean hasRoom();

  /** Says under which sequence the candidate's share is in the journal, durable. */
  void journaled(Hash256 hash, long sequence);

  /** Says that the journal did not take the candidate's share: it must be written again. */
  void notJournaled(Hash256 hash);
}
