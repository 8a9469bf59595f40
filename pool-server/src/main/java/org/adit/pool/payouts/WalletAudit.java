package org.adit.pool.payouts;

import java.util.SortedMap;
import org.adit.accounting.MoneyBooks;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.pool.bitcoind.NodeException;

/** Compares what the wallet holds with what the books say (invariant I4). */
final class WalletAudit {
  /** Blocks and postings between two readings make a comparison worthless; then it is repeated. */
  private static final int MOST_READINGS = 8;

  private final MoneyBooks books;
  private final NodeWallet wallet;

  WalletAudit(MoneyBooks books, NodeWallet wallet) {
    this.books = books;
    this.wallet = wallet;
  }

  WalletState read() throws NodeException {
    WalletState state = new WalletState(0, 0);
    for (int i = 0; i < MOST_READINGS; i++) {
      String tip = wallet.tip();
      SortedMap<String, Long> before = books.ledger();
      long leaving = leavingSat();
      long held = wallet.balance().totalSat();
      long booked =
          before.getOrDefault(LedgerAccounts.WALLET, 0L)
              + before.getOrDefault(LedgerAccounts.IMMATURE, 0L);
      state = new WalletState(held, booked - leaving);
      if (state.holds() && tip.equals(wallet.tip()) && before.equals(books.ledger())) {
        return state;
      }
    }
    return state;
  }

  /** Payouts the wallet has taken off its balance and the books have not. */
  private long leavingSat() throws NodeException {
    long sat = 0;
    for (PayoutRow payout : books.payouts().open()) {
      if (payout.confirmed().isPresent()) {
        continue;
      }
      for (Attempt attempt : payout.attempts()) {
        TxStanding standing = wallet.standing(attempt.txid());
        if (standing instanceof TxStanding.InMempool || standing instanceof TxStanding.InChain) {
          sat = Math.addExact(sat, Math.addExact(payout.outputSat(), attempt.feeSat()));
          break;
        }
      }
    }
    return sat;
  }
}
