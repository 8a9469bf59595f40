package org.adit.pool.web.api;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.AccountMoney;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutState;
import org.adit.config.PayoutConfig;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.web.PoolView;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;

/** What accounts are owed, and what the next block would bring; read every few seconds. */
final class Balances {
  private static final long AGE_MILLIS = 2_000;
  private static final long PREVIEW_MILLIS = 10_000;
  private static final int MOST_PAYOUTS = 10_000;

  /**
   * An account's money.
   *
   * @param row the books' own; null when there is nothing
   * @param inFlightSat in payouts whose transaction is not confirmed
   * @param paidSat in confirmed payouts
   */
  record Money(@Nullable BalanceRow row, long inFlightSat, long paidSat) {
    static final Money NONE = new Money(null, 0, 0);

    Amounts pending() {
      return row == null ? Amounts.ZERO : row.pending();
    }

    long payableSat() {
      return row == null ? 0 : row.payableSat();
    }

    long coinbaseSat() {
      return row == null ? 0 : row.paidByCoinbase().totalSat();
    }
  }

  private final PoolView pool;
  private final Cached<Map<String, Money>> money;
  private final Cached<List<PayoutRow>> payouts;
  private final Cached<Map<String, Long>> preview;

  Balances(PoolView pool, Clock clock) {
    this.pool = pool;
    this.payouts =
        new Cached<>(clock, AGE_MILLIS, () -> pool.accounting().payoutHistory(MOST_PAYOUTS));
    this.money = new Cached<>(clock, AGE_MILLIS, this::readMoney);
    this.preview = new Cached<>(clock, PREVIEW_MILLIS, this::readPreview);
  }

  List<PayoutRow> payouts() throws Exception {
    return payouts.get();
  }

  Map<String, Money> all() throws Exception {
    return money.get();
  }

  /** One account's, asked of its own rows: what all have is not read for it. */
  Money of(String account) {
    AccountMoney own = pool.accounting().money(account);
    return own.equals(AccountMoney.none(account))
        ? Money.NONE
        : new Money(own.balance(), own.inFlightSat(), own.paidSat());
  }

  /** Expected credit of each account if the next block were found now; by account. */
  Map<String, Long> next() throws Exception {
    return preview.get();
  }

  private Map<String, Money> readMoney() throws Exception {
    Map<String, Money> all = new HashMap<>();
    for (BalanceRow row : pool.accounting().balances()) {
      all.put(row.account(), new Money(row, 0, 0));
    }
    for (PayoutRow payout : payouts.get()) {
      if (payout.state() == PayoutState.FAILED) {
        continue;
      }
      boolean paid = payout.state() == PayoutState.CONFIRMED || payout.state() == PayoutState.FINAL;
      for (PayoutRow.Item item : payout.items()) {
        all.merge(
            item.account(),
            new Money(null, paid ? 0 : item.amountSat(), paid ? item.amountSat() : 0),
            (before, more) ->
                new Money(
                    before.row(),
                    before.inFlightSat() + more.inFlightSat(),
                    before.paidSat() + more.paidSat()));
      }
    }
    return all;
  }

  private Map<String, Long> readPreview() throws Exception {
    Work work = pool.work();
    PayoutConfig.Scheme scheme = pool.config().payout().scheme();
    if (work == null || !scheme.isCustodial() || scheme.paysByShare()) {
      return Map.of();
    }
    BlockTemplate template = work.template();
    Settlement settlement =
        pool.accounting()
            .preview(
                new Amounts(template.subsidySat(), template.feesSat()),
                template.bits(),
                new WorkerKey("~nobody", ""));
    Map<String, Long> next = new HashMap<>();
    settlement.byAccount().forEach((account, amounts) -> next.put(account, amounts.totalSat()));
    return next;
  }
}
