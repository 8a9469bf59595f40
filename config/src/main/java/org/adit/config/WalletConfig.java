package org.adit.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How credits are paid out by the node's wallet.
 *
 * @param name the wallet; empty: no payouts
 * @param thresholdSat smallest credit that is paid, in satoshi
 * @param feePayer who pays the network fee
 * @param feeTargetBlocks blocks a payout may wait
 * @param feeMaxSat highest fee rate, satoshi per virtual byte
 * @param maxOutputs most accounts paid at once
 * @param bumpAfter time without confirmation after which the fee is raised
 */
public record WalletConfig(
    Optional<String> name,
    long thresholdSat,
    FeePayer feePayer,
    int feeTargetBlocks,
    int feeMaxSat,
    int maxOutputs,
    Duration bumpAfter) {

  /** Who pays a payout's network fee. */
  public enum FeePayer {
    /** The payees, in proportion. */
    MINERS,
    /** The operator. */
    POOL
  }
}
