package org.adit.pool.bitcoind;

import java.time.Instant;
import java.util.List;

/**
 * Whether a node can serve the pool, in words for people.
 *
 * @param kind what state it is in
 * @param text what is the matter and what to do about it; for {@code READY} what the node is
 * @param warnings what does not stop the pool but needs a look, such as a clock some seconds off
 * @param since when it entered this kind of state
 */
public record NodeState(Kind kind, String text, List<String> warnings, Instant since) {

  /** The kinds of state; only in {@code READY} do new templates come. */
  public enum Kind {
    /** Nothing is known yet. */
    STARTING,
    /** bitcoind loads its data (error -28). */
    WARMING_UP,
    /** It does not know the whole chain yet. */
    INITIAL_DOWNLOAD,
    /** It has no peers, so its blocks would reach nobody. */
    NO_PEERS,
    /** It does not answer. */
    UNREACHABLE,
    /** It does not accept the pool's cookie or password. */
    LOGIN_REFUSED,
    /** It serves another chain than the configured one. */
    WRONG_CHAIN,
    /** Its clock and this machine's are more than ten minutes apart. */
    CLOCK_WRONG,
    /** Its template is not understood, or it gives none. */
    REFUSED_TEMPLATE,
    /** It follows, or soon will, a fork that does not use SHA-256d. */
    UNSUPPORTED_FORK,
    /** It serves templates. */
    READY
  }

  /** Keeps an immutable copy of the warnings. */
  public NodeState {
    warnings = List.copyOf(warnings);
  }

  /** Whether templates come from this node. */
  public boolean isReady() {
    return kind == Kind.READY;
  }

  /**
   * Whether waiting alone will not mend it: somebody has to change a setting, a clock or the node.
   * The pool may end with the text when this is the first state it learns at start.
   */
  public boolean needsOperator() {
    return switch (kind) {
      case LOGIN_REFUSED, WRONG_CHAIN, CLOCK_WRONG, UNSUPPORTED_FORK -> true;
      case STARTING, WARMING_UP, INITIAL_DOWNLOAD, NO_PEERS, UNREACHABLE, REFUSED_TEMPLATE, READY ->
          false;
    };
  }

  boolean saysTheSameAs(NodeState other) {
    return kind == other.kind && text.equals(other.text) && warnings.equals(other.warnings);
  }
}
