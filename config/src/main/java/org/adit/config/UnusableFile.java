package org.adit.config;

import java.io.IOException;

/** A file is there but cannot be used; the message says why in the operator's words. */
final class UnusableFile extends IOException {
  private static final long serialVersionUID = 1L;

  UnusableFile(String message) {
    super(message);
  }
}
