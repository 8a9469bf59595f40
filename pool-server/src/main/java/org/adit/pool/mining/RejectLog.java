package org.adit.pool.mining;

/** Counts refused shares. Called on event loops, so it must not block. */
@FunctionalInterface
public interface RejectLog {
  /**
   * Adds one.
   *
   * @param worker who sent it
   * @param label {@link ShareVerdict#label}
   */
  void rejected(Worker worker, String label);
}
