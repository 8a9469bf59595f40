package org.adit.accounting.vectors;

/**
 * What became of one vector.
 *
 * @param message why it failed or what is not supported, empty when it passed
 */
public record VectorResult(String id, String kind, Outcome outcome, String message) {

  /** Passed, failed, or of a kind this program does not compute yet. */
  public enum Outcome {
    PASS,
    FAIL,
    UNSUPPORTED
  }
}
