package org.adit.pool.payouts;

/** A payout cannot go on; the message says why and what to do. Nothing was lost. */
public final class PayoutException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What stands in the way. */
  public enum Kind {
    /** No wallet is set, the node has none, or not this one. */
    NO_WALLET,
    /** The wallet is encrypted and locked. */
    LOCKED,
    /** The wallet cannot sign: its keys are elsewhere. */
    NO_KEYS,
    /** The wallet has not enough confirmed coins. */
    FUNDS,
    /** The pool's address does not belong to the wallet. */
    ADDRESS,
    /** Books and wallet do not agree, or an invariant is broken. */
    BOOKS,
    /** Another payout command is at work. */
    BUSY,
    /** An earlier payout has to come to its end first. */
    WAITING,
    /** The network's fee is above what the operator allows, or nobody can pay for it. */
    FEES,
    /** The node or the ledger refused. */
    REFUSED
  }

  private final Kind kind;

  PayoutException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  PayoutException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What stands in the way. */
  public Kind kind() {
    return kind;
  }
}
