package org.adit.miner;

/** Where a mining client stands. */
public enum MinerState {
  /** Not started. */
  NEW,
  /** Connecting, or waiting before the next attempt. */
  CONNECTING,
  /** Connected, not yet authorised. */
  HANDSHAKE,
  /** Authorised; mines as soon as there is a job. */
  MINING,
  /** Over, because it was closed. */
  CLOSED,
  /** Over, because the pool could not be reached or refused the user. */
  FAILED
}
