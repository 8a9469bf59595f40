package org.adit.pool.bitcoind;

/** The node answers but cannot serve the pool now. */
final class NotReadyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final NodeState.Kind kind;

  NotReadyException(NodeState.Kind kind, String text) {
    super(text);
    this.kind = kind;
  }

  NodeState.Kind kind() {
    return kind;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
