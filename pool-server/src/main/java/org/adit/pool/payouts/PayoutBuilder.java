package org.adit.pool.payouts;

import java.time.Clock;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.accounting.MoneyBooks;
import org.adit.accounting.address.ScriptType;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.store.AttemptState;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.payouts.PayoutException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Makes a payout's transactions with the wallet, and trusts none of them before every output, the
 * fee and the signals were read back.
 */
final class PayoutBuilder {
  private final MoneyBooks books;
  private final NodeWallet wallet;
  private final PayoutPlanner planner;
  private final PayoutSettings settings;
  private final Clock clock;

  PayoutBuilder(
      MoneyBooks books,
      NodeWallet wallet,
      PayoutPlanner planner,
      PayoutSettings settings,
      Clock clock) {
    this.books = books;
    this.wallet = wallet;
    this.planner = planner;
    this.settings = settings;
    this.clock = clock;
  }

  /** The first transaction of a payout, signed. */
  Attempt signed(PayoutRow payout) throws NodeException, PayoutException {
    String psbt = wallet.process(unsigned(payout), true);
    return sealed(payout, psbt, null);
  }

  /** The first transaction of a payout, for a signer elsewhere. */
  Attempt forExport(PayoutRow payout) throws NodeException, PayoutException {
    String psbt = wallet.process(unsigned(payout), false);
    long fee = wallet.feeOf(psbt);
    Transaction tx = wallet.decodePsbt(psbt);
    verify(payout, tx);
    checkFee(payout, fee);
    return attempt(payout, AttemptState.UNSIGNED, tx, psbt, null, fee);
  }

  /** The same outputs again with a higher fee. */
  Attempt bumped(PayoutRow payout, Attempt before, long feeRate)
      throws NodeException, PayoutException {
    NodeWallet.Psbt made = wallet.bump(before.txid(), feeRate);
    return sealed(payout, wallet.process(made.base64(), true), before);
  }

  /** Checks a transaction that was signed elsewhere and returns it in hex. */
  String imported(PayoutRow payout, Attempt waiting, String psbt)
      throws NodeException, PayoutException {
    String stored = waiting.psbt();
    String whole = stored == null ? psbt : wallet.combine(stored, psbt);
    String raw =
        wallet
            .finish(whole)
            .orElseThrow(
                () -> new PayoutException(Kind.REFUSED, "the transaction still lacks signatures"));
    Transaction tx = wallet.decode(raw);
    verify(payout, tx);
    if (!tx.txid().equals(waiting.txid())) {
      throw new PayoutException(
          Kind.REFUSED, "it is transaction " + tx.txid() + ", exported was " + waiting.txid());
    }
    refuseObjections(raw);
    return raw;
  }

  private String unsigned(PayoutRow payout) throws NodeException, PayoutException {
    Map<String, Long> outputs = PayoutPlanner.outputs(payout.items());
    PayoutPlanner.Coins coins = planner.coins();
    NodeWallet.Psbt funded = null;
    long sat = payout.outputSat() + Math.max(payout.feeShareSat(), payout.feeRateSat());
    // The fee depends on the number of coins, which depends on the fee.
    while (true) {
      List<Coin> chosen = planner.choose(coins, sat);
      try {
        funded = wallet.fund(outputs, chosen, payout.feeRateSat());
        break;
      } catch (PayoutException e) {
        if (chosen.size() == coins.list().size()) {
          throw e;
        }
        sat = chosen.stream().mapToLong(Coin::sat).sum() + 1;
      }
    }
    return payout.minersPay() ? exactFee(payout, outputs, funded) : funded.base64();
  }

  /** What the payees give for the fee goes to the fee, to the satoshi; change takes the rest. */
  private String exactFee(PayoutRow payout, Map<String, Long> outputs, NodeWallet.Psbt funded)
      throws NodeException {
    Transaction tx = wallet.decodePsbt(funded.base64());
    long over = funded.feeSat() - payout.feeShareSat();
    boolean noChange = tx.outputs().size() == outputs.size();
    // A wallet gives small change away as fee; what nodes relay is kept.
    if (over == 0 || (noChange && over < ScriptType.P2WPKH.dustSat())) {
      return funded.base64();
    }
    Map<String, Long> exact = new LinkedHashMap<>(outputs);
    if (noChange) {
      exact.put(wallet.changeAddress(), over);
    } else {
      Transaction.Output change = tx.outputs().getLast();
      exact.put(change.address(), change.sat() + over);
    }
    return wallet.create(tx.inputs(), exact);
  }

  private Attempt sealed(PayoutRow payout, String psbt, @Nullable Attempt before)
      throws NodeException, PayoutException {
    long fee = wallet.feeOf(psbt);
    Optional<String> raw = wallet.finish(psbt);
    if (raw.isEmpty()) {
      throw new PayoutException(
          Kind.NO_KEYS,
          "wallet "
              + wallet.name()
              + " did not sign every input; use 'adit payout export' if its keys are elsewhere");
    }
    Transaction tx = wallet.decode(raw.get());
    verify(payout, tx);
    if (fee > Math.multiplyExact((long) settings.wallet().feeMaxSat(), tx.vsize())) {
      throw new PayoutException(
          Kind.FEES, "a fee of " + fee + " sat for " + tx.vsize() + " vB is above wallet.fee_max");
    }
    checkFee(payout, fee);
    if (before != null && tx.inputs().stream().noneMatch(before.inputs()::contains)) {
      throw new PayoutException(Kind.REFUSED, "the replacement spends none of the same coins");
    }
    refuseObjections(raw.get());
    return attempt(payout, AttemptState.SIGNED, tx, null, raw.get(), fee);
  }

  private void refuseObjections(String raw) throws NodeException, PayoutException {
    Optional<String> objection = wallet.objection(raw);
    if (objection.isPresent()) {
      throw new PayoutException(
          Kind.REFUSED, "the node would not take the transaction: " + objection.get());
    }
  }

  /** What the payees do not give must be the pool's own, or miners' coins would pay for it. */
  private void checkFee(PayoutRow payout, long fee) throws PayoutException {
    long own = fee - payout.feeShareSat();
    long surplus = surplus(books);
    if (own > surplus) {
      throw new PayoutException(
          Kind.FEES,
          "the pool would pay "
              + own
              + " sat of fee and has "
              + surplus
              + " sat of its own; let the miners pay (wallet.fee_payer), or bring capital"
              + " ('adit capital deposit')");
    }
  }

  /** What the pool holds beyond what it owes. */
  static long surplus(MoneyBooks books) {
    long surplus = 0;
    for (Map.Entry<String, Long> balance : books.ledger().entrySet()) {
      String account = balance.getKey();
      if (LedgerAccounts.isLiability(account)
          || account.equals(LedgerAccounts.WALLET)
          || account.equals(LedgerAccounts.IMMATURE)) {
        surplus = Math.addExact(surplus, balance.getValue());
      }
    }
    return surplus;
  }

  /** Every payee gets its amount, once; whatever else there is comes back to the wallet. */
  private void verify(PayoutRow payout, Transaction tx) throws NodeException, PayoutException {
    Map<String, Long> due = new HashMap<>();
    for (PayoutRow.Item item : payout.items()) {
      due.merge(HexFormat.of().formatHex(item.script()), item.outputSat(), Math::addExact);
    }
    int others = 0;
    for (Transaction.Output output : tx.outputs()) {
      Long amount = due.get(output.scriptHex());
      if (amount != null && amount == output.sat()) {
        due.remove(output.scriptHex());
      } else if (!output.address().isEmpty() && wallet.isMine(output.address())) {
        others++;
      } else {
        throw new PayoutException(
            Kind.REFUSED,
            "output of " + output.sat() + " sat to " + output.scriptHex() + " pays nobody due");
      }
    }
    if (!due.isEmpty() || others > 1 || !tx.replaceable()) {
      throw new PayoutException(
          Kind.REFUSED,
          "the transaction leaves out "
              + due.size()
              + " payees, has "
              + others
              + " change outputs, and can "
              + (tx.replaceable() ? "" : "not ")
              + "be replaced");
    }
  }

  private Attempt attempt(
      PayoutRow payout,
      AttemptState state,
      Transaction tx,
      @Nullable String psbt,
      @Nullable String raw,
      long fee) {
    return new Attempt(
        payout.attempts().size() + 1,
        state,
        tx.txid(),
        psbt,
        raw,
        fee,
        tx.vsize(),
        clock.instant(),
        tx.inputs());
  }
}
