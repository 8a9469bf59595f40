package org.adit.pool.stats;

/**
 * A slot of a series.
 *
 * @param startMillis begin, milliseconds since 1970
 * @param endMillis end, not included
 * @param state whether its figures are whole
 * @param sum what came in it
 */
public record Slot(long startMillis, long endMillis, State state, Sum sum) {
  /** Whether a slot's figures are whole. */
  public enum State {
    /** They are. */
    CLOSED,
    /** Its time is not over. */
    RUNNING,
    /** The pool did not run, or does not remember. */
    UNKNOWN
  }
}
