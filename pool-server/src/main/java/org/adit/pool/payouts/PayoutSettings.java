package org.adit.pool.payouts;

import java.time.Duration;
import java.util.Optional;
import org.adit.accounting.address.AddressNetwork;
import org.adit.config.Network;
import org.adit.config.PoolConfig;
import org.adit.config.WalletConfig;

/**
 * How payouts are made.
 *
 * @param chain the node's word for the chain, as {@code getblockchaininfo} says it
 * @param addresses which addresses belong to it
 * @param poolAddress where blocks pay to; empty when nothing is custodial
 * @param finalConfirmations depth at which a payout is not followed any more
 */
public record PayoutSettings(
    String chain,
    AddressNetwork addresses,
    Optional<String> poolAddress,
    WalletConfig wallet,
    int finalConfirmations) {
  /** Deep enough that no reorganisation is expected to reach it. */
  private static final int FINAL = 6;

  /** The settings of a configuration file. */
  public static PayoutSettings of(PoolConfig config) {
    return new PayoutSettings(
        chain(config.network()),
        switch (config.network()) {
          case MAIN -> AddressNetwork.MAIN;
          case TESTNET4, SIGNET -> AddressNetwork.TEST;
          case REGTEST -> AddressNetwork.REGTEST;
        },
        config.payout().address(),
        config.wallet(),
        FINAL);
  }

  private static String chain(Network network) {
    return switch (network) {
      case MAIN -> "main";
      case TESTNET4 -> "testnet4";
      case SIGNET -> "signet";
      case REGTEST -> "regtest";
    };
  }

  boolean minersPay() {
    return wallet.feePayer() == WalletConfig.FeePayer.MINERS;
  }

  Duration bumpAfter() {
    return wallet.bumpAfter();
  }
}
