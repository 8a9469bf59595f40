package org.adit.pool.work;

/**
 * How long a coinbase the firmware of a kind of miner takes, in bytes without witness and with the
 * whole extranonce (Stratum V1 specification 5.6; the figures are what gateways in use have found).
 * Few, so that a job is made and written once for each and shared by all miners of it.
 */
public enum CoinbaseClass {
  /** NerdMiner keeps a coinbase as hex in 512 characters. */
  BYTES_255(255),
  /** NiceHash. */
  BYTES_500(500),
  /** Stock Antminers before the S21. */
  BYTES_750(750),
  /** Stock Antminer S21, Braiins OS. */
  BYTES_2250(2_250),
  /** Whatsminer, Bitaxe and their kin. */
  BYTES_6500(6_500),
  /** ePIC, vnish, programs on ordinary computers. */
  BYTES_16000(16_000);

  /** What a miner nobody knows is sent. */
  public static final CoinbaseClass UNKNOWN = BYTES_750;

  /** Coinbases of one or two outputs, which every miner takes. */
  public static final CoinbaseClass EVERYBODY = BYTES_255;

  private final int maxBytes;

  CoinbaseClass(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Longest coinbase sent to its miners, when it can be kept so short at all. */
  public int maxBytes() {
    return maxBytes;
  }

  /**
   * The largest class whose coinbases are not longer than this.
   *
   * @throws IllegalArgumentException when it is less than the smallest
   */
  public static CoinbaseClass within(int bytes) {
    CoinbaseClass found = null;
    for (CoinbaseClass each : values()) {
      if (each.maxBytes <= bytes) {
        found = each;
      }
    }
    if (found == null) {
      throw new IllegalArgumentException(
          "a coinbase of " + bytes + " bytes (expected: >= " + EVERYBODY.maxBytes + ")");
    }
    return found;
  }

  /** The next smaller class; the smallest itself when there is none. */
  public CoinbaseClass shorter() {
    return this == EVERYBODY ? this : within(maxBytes - 1);
  }

  /** The smaller of two. */
  public CoinbaseClass orSmaller(CoinbaseClass other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
