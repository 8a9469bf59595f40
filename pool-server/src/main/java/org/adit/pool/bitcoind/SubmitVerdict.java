package org.adit.pool.bitcoind;

import tools.jackson.databind.JsonNode;

/** What a node said to a submitted block (Stratum V1 specification 6.6). */
public sealed interface SubmitVerdict {

  /** Valid and new: a block is found. */
  record Accepted() implements SubmitVerdict {}

  /** Valid and already known ({@code duplicate}): another path was faster. A block is found. */
  record AcceptedElsewhere() implements SubmitVerdict {}

  /**
   * Valid so far, but not the tip ({@code inconclusive}): a fork. Found; whether it stays, the
   * chain tells.
   */
  record Inconclusive() implements SubmitVerdict {}

  /**
   * Not decided: ask again, here or at another node.
   *
   * @param reason the node's word, or what was wrong with the answer; fit for messages
   */
  record Retry(String reason) implements SubmitVerdict {}

  /**
   * Lost.
   *
   * @param reason the node's word, fit for messages
   * @param constructionError whether the pool built the block wrongly: a bug that the next block
   *     would share
   */
  record Rejected(String reason, boolean constructionError) implements SubmitVerdict {}

  /** Whether the node holds the block as valid. */
  default boolean isFound() {
    return switch (this) {
      case Accepted _, AcceptedElsewhere _, Inconclusive _ -> true;
      case Retry _, Rejected _ -> false;
    };
  }

  /** Whether asking this node again is pointless. */
  default boolean isFinal() {
    return !(this instanceof Retry);
  }

  /** The verdict in words, fit for messages. */
  default String words() {
    return switch (this) {
      case Accepted _ -> "accepted";
      case AcceptedElsewhere _ -> "known already";
      case Inconclusive _ -> "valid, but not the tip";
      case Retry retry -> "undecided: " + retry.reason();
      case Rejected rejected -> "refused: " + rejected.reason();
    };
  }

  /** Reads the {@code result} of submitblock. */
  static SubmitVerdict ofResult(JsonNode result) {
    if (result.isNull()) {
      return new Accepted();
    }
    String word = Printable.of(result.asString(result.toString()));
    return switch (word) {
      case "duplicate" -> new AcceptedElsewhere();
      case "inconclusive" -> new Inconclusive();
      case "duplicate-inconclusive", "prev-blk-not-found" -> new Retry(word);
      default -> new Rejected(word, isConstructionError(word));
    };
  }

  /** Reads an error answer of submitblock. */
  static SubmitVerdict ofError(RpcException error) {
    return error.code() == RpcException.DESERIALIZATION_ERROR
        ? new Rejected("error -22: " + Printable.of(error.text()), true)
        : new Retry("error " + error.code() + ": " + Printable.of(error.text()));
  }

  /**
   * Words that blame the block's own making. {@code bad-prevblk} does not: it says that the parent
   * is invalid; nor does {@code duplicate-invalid}, which repeats an earlier verdict.
   */
  private static boolean isConstructionError(String word) {
    return (word.startsWith("bad-") && !word.equals("bad-prevblk"))
        || word.startsWith("time-too-")
        || word.equals("high-hash")
        || word.equals("unexpected-witness");
  }
}
