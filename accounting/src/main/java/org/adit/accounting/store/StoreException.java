package org.adit.accounting.store;

/** The database failed or refused; the transaction was undone. */
public final class StoreException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A message that says what is wrong with the data and what to do. */
  public StoreException(String message) {
    super(message);
  }
}
