package org.adit.miner;

import java.time.Duration;

/** Why a connection is over. */
sealed interface SessionEnd {
  /** For people. */
  String reason();

  /** It broke or the pool closed it; another attempt is worth it. */
  record Lost(String reason) implements SessionEnd {}

  /** The pool does not want this user. */
  record Refused(String reason) implements SessionEnd {}

  /**
   * It failed for a reason that is mended at once; the next attempt needs no wait. Happens once at
   * most.
   */
  record Retry(String reason) implements SessionEnd {}

  /** The pool asked to come back. */
  record Reconnect(String reason, int port, Duration delay) implements SessionEnd {}
}
