package org.adit.accounting;

import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.ledger.Entry;
import org.adit.accounting.ledger.Ledger;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.ledger.LedgerBook;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutRow.Item;
import org.adit.accounting.store.PayoutState;
import org.adit.accounting.store.StoreReader;
import org.jspecify.annotations.Nullable;

/** Compares the payouts' rows with the ledger that was posted again. */
final class PayoutReplay {

  /** Takes a difference. */
  @FunctionalInterface
  interface Differences {
    void differ(String what, @Nullable Object expected, @Nullable Object actual);
  }

  private final StoreReader reader;
  private final LedgerBook book;
  private final Differences differences;

  PayoutReplay(StoreReader reader, LedgerBook book, Differences differences) {
    this.reader = reader;
    this.book = book;
    this.differences = differences;
  }

  void run() {
    reader.allPayouts().forEach(this::payout);
  }

  private void payout(PayoutRow payout) {
    String name = "payout " + payout.id();
    SortedMap<String, Long> taken = new TreeMap<>();
    for (Item item : payout.items()) {
      taken.merge(LedgerAccounts.payable(item.account()), item.amountSat(), Math::addExact);
      differences.differ(
          name + " address of " + item.account(),
          Payouts.payTo(reader, item.account(), payout),
          item.address());
    }
    taken.merge(LedgerAccounts.inflight(payout.id()), -payout.amountSat(), Math::addExact);
    Entry reserved = book.entry(key(payout, "reserved"));
    differences.differ(name + " items", reserved == null ? null : reserved.lines(), taken);
    Attempt confirmed = payout.confirmed().orElse(null);
    boolean failed = book.entry(key(payout, "failed")) != null;
    boolean inChain = confirmed != null && isConfirmed(payout, confirmed);
    differences.differ(name + " failed", failed, payout.state() == PayoutState.FAILED);
    differences.differ(
        name + " confirmed",
        inChain,
        payout.state() == PayoutState.CONFIRMED || payout.state() == PayoutState.FINAL);
    long inflight = failed || inChain ? 0 : payout.amountSat();
    differences.differ(
        name + " in flight", -book.balance(LedgerAccounts.inflight(payout.id())), inflight);
  }

  private boolean isConfirmed(PayoutRow payout, Attempt attempt) {
    Entry entry = book.entry(key(payout, "confirmed:" + attempt.txid()));
    if (entry == null) {
      return false;
    }
    differences.differ(
        "payout " + payout.id() + " network fee",
        Objects.requireNonNullElse(entry.lines().get(LedgerAccounts.TX_FEE), 0L),
        attempt.feeSat() - payout.feeShareSat());
    return new Ledger(book).payoutTransitions(payout.id(), attempt.txid()) % 2 == 0;
  }

  private static String key(PayoutRow payout, String event) {
    return "payout:" + payout.id() + ":" + event;
  }
}
