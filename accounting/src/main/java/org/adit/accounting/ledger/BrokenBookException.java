package org.adit.accounting.ledger;

/** The ledger contradicts itself. Nothing is guessed: the transaction is undone. */
public final class BrokenBookException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public BrokenBookException(String message) {
    super(message);
  }
}
