package org.adit.pool.work;

import java.util.Arrays;

/**
 * One payout of a coinbase.
 *
 * @param scriptPubKey the output script; treat as immutable
 * @param amountSat satoshi, 0 to 21 million bitcoin
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record CoinbaseOutput(byte[] scriptPubKey, long amountSat) {
  private static final long MAX_MONEY_SAT = 2_100_000_000_000_000L;

  /** Checks the amount and that there is a script. */
  public CoinbaseOutput {
    if (amountSat < 0 || amountSat > MAX_MONEY_SAT) {
      throw new IllegalArgumentException(
          "output amount is " + amountSat + " sat (expected: 0 to " + MAX_MONEY_SAT + ")");
    }
    if (scriptPubKey.length == 0) {
      throw new IllegalArgumentException("output script is empty (expected: a payout script)");
    }
    scriptPubKey = scriptPubKey.clone();
  }

  @Override
  public byte[] scriptPubKey() {
    return scriptPubKey.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CoinbaseOutput o
        && o.amountSat == amountSat
        && Arrays.equals(o.scriptPubKey, scriptPubKey);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(amountSat) + Arrays.hashCode(scriptPubKey);
  }
}
