package org.adit.accounting.journal;

import java.io.IOException;

/**
 * The journal on disk is not what was written: a damaged or missing record or file. The message
 * names the file and the byte offset.
 */
public final class JournalException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A message that says what is wrong, where, and what to do. */
  public JournalException(String message) {
    super(message);
  }
}
