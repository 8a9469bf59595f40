package org.adit.pool.bitcoind;

/**
 * A block template the pool must not mine on. The message says what about it is wrong and what to
 * do.
 */
public final class TemplateRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why it was refused, by the state it puts the node in. */
  public enum Reason {
    /** The template is incomplete, contradicts itself or asks for rules the pool does not know. */
    NOT_UNDERSTOOD,
    /** It belongs to another chain than the configured one. */
    WRONG_CHAIN,
    /** It belongs to a fork that does not use SHA-256d. */
    UNSUPPORTED_FORK
  }

  private final Reason reason;

  TemplateRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What kind of trouble it is. */
  public Reason reason() {
    return reason;
  }
}
