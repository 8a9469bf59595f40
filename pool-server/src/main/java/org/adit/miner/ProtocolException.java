package org.adit.miner;

import java.io.IOException;

/** The pool sent something that cannot be understood; the message names it and never repeats it. */
final class ProtocolException extends IOException {
  private static final long serialVersionUID = 1L;

  ProtocolException(String message) {
    super(message);
  }
}
