package org.adit.accounting.vectors;

/** A vector lacks a field or holds something else than its kind needs. */
final class VectorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  VectorException(String message) {
    super(message);
  }
}
