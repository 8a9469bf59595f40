package org.adit.accounting.ledger;

/** What became of an event. */
public enum Outcome {
  /** Written now. */
  POSTED,
  /** The key exists; nothing was written. */
  DUPLICATE,
  /** A rule would be violated; nothing was written. */
  REFUSED
}
