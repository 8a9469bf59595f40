package org.adit.pool;

import org.adit.accounting.address.AddressNetwork;
import org.adit.config.Network;

/** Which addresses belong to which chain. */
final class Addresses {
  private Addresses() {}

  /** Testnet4 and signet share their addresses. */
  static AddressNetwork networkOf(Network network) {
    return switch (network) {
      case MAIN -> AddressNetwork.MAIN;
      case TESTNET4, SIGNET -> AddressNetwork.TEST;
      case REGTEST -> AddressNetwork.REGTEST;
    };
  }
}
