package org.adit.pool.web.api;

import org.adit.config.PayoutConfig;

/** Reward schemes in one sentence each. */
final class SchemeText {
  private SchemeText() {}

  static String of(PayoutConfig payout) {
    String window = payout.windowUnits().map(units -> units + " blocks").orElse("some blocks");
    return switch (payout.scheme()) {
      case SOLO -> "The finder of a block is paid by the block itself.";
      case PROP -> "A block is shared by the work since the block before.";
      case PPLNS ->
          "A block is shared by the work of the last window, worth "
              + window
              + " of expected work, each share counted at its own difficulty's odds.";
      case PPLNS_WORK ->
          "A block is shared by the work of the last window, worth "
              + window
              + " of expected work at the difficulty of the found block.";
      default -> "Shares are paid by the rules of " + payout.scheme().name() + ".";
    };
  }
}
