package org.adit.load;

/** A load run that could not be made. The message says why, in words for the operator. */
public final class LoadException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what went wrong and what to do. */
  public LoadException(String message) {
    super(message);
  }
}
