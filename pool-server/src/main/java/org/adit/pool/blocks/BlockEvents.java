package org.adit.pool.blocks;

import org.adit.hasher.Hash256;

/** Takes notes of what happens to blocks. Never fails and never waits for a disk. */
@FunctionalInterface
public interface BlockEvents {
  /** Nobody takes notes. */
  BlockEvents NONE = (block, kind, node, text) -> {};

  /** What can happen to a block. */
  enum Kind {
    /** A miner's share is a block. */
    FOUND,
    /** Its file is forced to disk. */
    ON_DISK,
    /** A run after the one that found it goes on with it. */
    TAKEN_UP,
    /** It is being sent to a node. */
    SENT,
    /** The node answered, or did not. */
    ANSWERED,
    /** No node is asked any more: it is lost. */
    LOST,
    /** It and its credits are in the ledger. */
    BOOKED,
    /** The chain has it, at the height it was made for. */
    CONFIRMED,
    /** The chain has it no longer. */
    ORPHANED,
    /** Its reward may be spent. */
    MATURE
  }

  /**
   * Takes a note.
   *
   * @param block the block's hash
   * @param kind what happened
   * @param node the node it happened at; empty where it was not at one
   * @param text more about it, for people; may be empty
   */
  void note(Hash256 block, Kind kind, String node, String text);
}
