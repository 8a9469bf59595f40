package org.adit.pool.mining;

/** A user name that stands for nobody who can be paid here. The message is fit for the miner. */
public final class AuthorizationException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what was wrong and what is expected, without the received text. */
  public AuthorizationException(String message) {
    super(message);
  }
}
