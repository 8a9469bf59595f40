package org.adit.pool.bitcoind;

/**
 * bitcoind gave no usable answer. Whether the call had an effect is unknown. The message says what
 * was tried and what to look at; it never holds credentials.
 */
public final class NodeUnavailableException extends NodeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** No connection: not running, wrong address, or the cookie file is not there yet. */
    UNREACHABLE,
    /** Connected, but no answer in time. */
    TIMEOUT,
    /** It does not accept the pool's user and password or cookie. */
    LOGIN_REFUSED,
    /** Its queue of calls is full. */
    BUSY,
    /** The answer is no JSON-RPC, is too long or broke off. */
    BAD_ANSWER,
    /** The calling thread was interrupted (its flag is set again) or the client is closed. */
    INTERRUPTED
  }

  private final Kind kind;

  NodeUnavailableException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  NodeUnavailableException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }
}
