package org.adit.accounting.address;

/** The text is no address the pool can pay to; the message says why and what is expected. */
public final class AddressException extends Exception {
  private static final long serialVersionUID = 1L;

  AddressException(String message) {
    super(message);
  }
}
