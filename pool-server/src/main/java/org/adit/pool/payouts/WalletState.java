package org.adit.pool.payouts;

/**
 * Wallet against books (invariant I4).
 *
 * @param walletSat all the wallet holds
 * @param expectedSat what the books say it should hold at least, unconfirmed payouts taken off
 */
public record WalletState(long walletSat, long expectedSat) {

  /** What the wallet holds beyond the books: the operator's coins nobody has booked. */
  public long unbookedSat() {
    return walletSat - expectedSat;
  }

  /** Whether the wallet holds what the books say. */
  public boolean holds() {
    return walletSat >= expectedSat;
  }
}
