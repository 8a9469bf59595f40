package org.adit.miner;

import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;

/**
 * Hears what a mining client does. Calls come from the client's threads, one at a time per kind,
 * and must return quickly. Texts are safe to print: printable ASCII, bounded.
 */
public interface MinerListener {
  /** A listener that does nothing. */
  MinerListener NONE = new MinerListener() {};

  /** The state changed; {@code reason} says why, for people. */
  default void stateChanged(MinerState state, String reason) {}

  /** The pool sent work. */
  default void jobReceived(String jobId, boolean clean) {}

  /** Shares of the newest job are judged by this difficulty, which differs from the one before. */
  default void difficultyChanged(Difficulty difficulty) {}

  /** A hash that met the network's target was sent: if the pool agrees, a block. */
  default void blockCandidate(Hash256 hash) {}

  /** The pool credited a share. */
  default void shareAccepted(Difficulty difficulty) {}

  /** The pool refused a share. */
  default void shareRejected(int code, String text) {}

  /** Something else worth a line: the pool's own message, or something odd it sent. */
  default void message(String text) {}
}
