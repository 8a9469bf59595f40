package org.adit.pool.mining;

/** Takes refused shares. Called on event loops, so it must not block. */
@FunctionalInterface
public interface RejectLog {
  /** A share was refused. */
  void rejected(Rejection rejection);
}
