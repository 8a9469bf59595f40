package org.adit.pool.stratum.v1;

import org.jspecify.annotations.Nullable;

/** A line that is no acceptable request. The message is fit for the client. */
final class V1FormatException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Object id;
  private final boolean fatal;

  V1FormatException(String message, @Nullable Object id, boolean fatal) {
    super(message, null, false, false);
    this.id = id;
    this.fatal = fatal;
  }

  /** The request's id as far as it was understood. */
  @Nullable Object id() {
    return id;
  }

  /** Whether the connection must be closed: its sender is broken or hostile. */
  boolean fatal() {
    return fatal;
  }
}
