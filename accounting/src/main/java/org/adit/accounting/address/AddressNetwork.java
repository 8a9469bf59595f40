package org.adit.accounting.address;

/** Networks as far as addresses can tell them apart. */
public enum AddressNetwork {
  MAIN("mainnet", "bc", 0, 5),
  /** testnet4 and signet, which share every prefix. */
  TEST("testnet or signet", "tb", 111, 196),
  REGTEST("regtest", "bcrt", 111, 196);

  private final String title;
  private final String hrp;
  private final int pubkeyHashVersion;
  private final int scriptHashVersion;

  AddressNetwork(String title, String hrp, int pubkeyHashVersion, int scriptHashVersion) {
    this.title = title;
    this.hrp = hrp;
    this.pubkeyHashVersion = pubkeyHashVersion;
    this.scriptHashVersion = scriptHashVersion;
  }

  /** Name for messages. */
  public String title() {
    return title;
  }

  /** Human-readable part of segwit addresses (BIP173). */
  public String hrp() {
    return hrp;
  }

  int pubkeyHashVersion() {
    return pubkeyHashVersion;
  }

  int scriptHashVersion() {
    return scriptHashVersion;
  }
}
