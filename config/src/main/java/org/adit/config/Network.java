package org.adit.config;

import java.util.Locale;

/**
 * The Bitcoin chain the pool mines on. The names are the ones written in the configuration file.
 */
public enum Network {
  /** The main chain: money. */
  MAIN,
  /** The public test chain of BIP 94. */
  TESTNET4,
  /** A signed test chain (BIP 325); only challenges that accept an empty solution can be mined. */
  SIGNET,
  /** A private test chain without work. */
  REGTEST;

  /**
   * The word the configuration file uses: {@code main}, {@code testnet4}, {@code signet}, {@code
   * regtest}.
   */
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
