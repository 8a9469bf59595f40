package org.adit.pool.payouts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.adit.accounting.Accounts;
import org.adit.accounting.MoneyBooks;
import org.adit.accounting.address.AddressException;
import org.adit.accounting.address.PayoutAddress;
import org.adit.accounting.address.ScriptType;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.payout.PayoutBatch;
import org.adit.accounting.payout.PayoutBatch.Payee;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutRow.Input;
import org.adit.accounting.store.PayoutRow.Item;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.payouts.PayoutException.Kind;

/** Chooses who is paid and from which coins. Changes nothing. */
final class PayoutPlanner {
  private static final int MOST_ROUNDS = 20;

  private final MoneyBooks books;
  private final NodeWallet wallet;
  private final PayoutSettings settings;

  PayoutPlanner(MoneyBooks books, NodeWallet wallet, PayoutSettings settings) {
    this.books = books;
    this.wallet = wallet;
    this.settings = settings;
  }

  /** The fee rate for now, or an exception when it is above the operator's limit. */
  long feeRate() throws NodeException, PayoutException {
    long rate = wallet.feeRate(settings.wallet().feeTargetBlocks());
    if (rate > settings.wallet().feeMaxSat()) {
      throw new PayoutException(
          Kind.FEES,
          "the network asks for "
              + rate
              + " sat/vB, wallet.fee_max allows "
              + settings.wallet().feeMaxSat()
              + "; payouts wait until it is cheaper");
    }
    return rate;
  }

  PayoutPlan plan() throws NodeException, PayoutException {
    long rate = feeRate();
    List<PayoutPlan.Left> left = new ArrayList<>();
    Map<String, PayoutAddress> addresses = new HashMap<>();
    List<Payee> payees = payees(left, addresses);
    Coins coins = coins();
    long spendable = coins.totalSat();
    PayoutBatch batch = select(payees, rate, 1);
    int inputs = 1;
    for (int round = 0; round < MOST_ROUNDS && !batch.payees().isEmpty(); round++) {
      int needed = inputsFor(coins, spendFor(batch));
      if (needed <= inputs) {
        break;
      }
      inputs = needed;
      batch = select(payees, rate, inputs);
    }
    Set<String> paid = new HashSet<>();
    List<Item> items = new ArrayList<>();
    for (Payee payee : batch.payees()) {
      PayoutAddress address = addresses.get(payee.key());
      if (address == null) {
        throw new IllegalStateException("no address of " + payee.key());
      }
      paid.add(payee.key());
      items.add(
          new Item(
              payee.key(),
              address.text(),
              address.scriptPubKey(),
              payee.payableSat(),
              batch.feeShares().getOrDefault(payee.key(), 0L)));
    }
    for (Payee payee : payees) {
      if (!paid.contains(payee.key())) {
        left.add(
            new PayoutPlan.Left(
                payee.key(),
                payee.payableSat(),
                payee.payableSat() < payee.thresholdSat()
                    ? "below its threshold of " + payee.thresholdSat() + " sat"
                    : "next round: too small after the fee, or no room"));
      }
    }
    return new PayoutPlan(
        items, left, rate, batch.feeSat(), settings.minersPay(), inputs, spendable);
  }

  private PayoutBatch select(List<Payee> payees, long rate, int inputs) {
    return PayoutBatch.select(
        payees,
        new PayoutBatch.Shape(
            settings.wallet().maxOutputs(),
            rate,
            settings.minersPay(),
            inputs,
            ScriptType.P2WPKH,
            ScriptType.P2WPKH));
  }

  private List<Payee> payees(List<PayoutPlan.Left> left, Map<String, PayoutAddress> addresses) {
    List<Payee> payees = new ArrayList<>();
    for (BalanceRow balance : books.balances()) {
      String name = balance.account();
      if (balance.payableSat() <= 0 || name.equals(LedgerAccounts.RESERVE_MINER)) {
        continue;
      }
      Accounts.Account account = books.accounts().find(name);
      try {
        PayoutAddress address = PayoutAddress.parse(settings.addresses(), account.payTo());
        addresses.put(name, address);
        payees.add(
            new Payee(
                name,
                address.type(),
                balance.payableSat(),
                account.thresholdSat().orElse(settings.wallet().thresholdSat())));
      } catch (AddressException e) {
        left.add(
            new PayoutPlan.Left(
                name,
                balance.payableSat(),
                "has no payout address; give it one with 'adit account add "
                    + name
                    + "' ("
                    + e.getMessage()
                    + ")"));
      }
    }
    return payees;
  }

  private static long spendFor(PayoutBatch batch) {
    long outputs = batch.payees().stream().mapToLong(batch::outputSat).sum();
    return Math.addExact(outputs, batch.feeSat());
  }

  private int inputsFor(Coins coins, long sat) throws PayoutException {
    return choose(coins, sat).size();
  }

  /**
   * What a payout may be made of.
   *
   * @param list in the order they are taken
   * @param least how many of the first ones it must spend
   */
  record Coins(List<Coin> list, int least) {
    Coins {
      list = List.copyOf(list);
    }

    long totalSat() {
      return list.stream().mapToLong(Coin::sat).sum();
    }
  }

  /**
   * The wallet's coins, largest first; before them one of each transaction that was given up and
   * never sent. Whoever kept that transaction can then not have it confirm beside the new one.
   *
   * @throws PayoutException when the wallet gives none of a withdrawn transaction's coins
   */
  Coins coins() throws NodeException, PayoutException {
    List<Coin> rest = new ArrayList<>(wallet.coins());
    List<Coin> ordered = new ArrayList<>();
    for (Attempt withdrawn : books.payouts().withdrawn()) {
      if (ordered.stream().anyMatch(coin -> withdrawn.inputs().contains(coin.input()))
          || isSpent(withdrawn)) {
        continue;
      }
      Coin first =
          rest.stream()
              .filter(coin -> withdrawn.inputs().contains(coin.input()))
              .findFirst()
              .orElseThrow(() -> notSpendable(withdrawn));
      rest.remove(first);
      ordered.add(first);
    }
    int least = ordered.size();
    ordered.addAll(rest);
    return new Coins(ordered, least);
  }

  private boolean isSpent(Attempt withdrawn) throws NodeException {
    for (Input coin : withdrawn.inputs()) {
      if (!wallet.isUnspent(coin)) {
        return true;
      }
    }
    return false;
  }

  private PayoutException notSpendable(Attempt withdrawn) {
    Input coin = withdrawn.inputs().getFirst();
    return new PayoutException(
        Kind.FUNDS,
        "the next payout has to spend a coin of transaction "
            + withdrawn.txid()
            + ", which was cancelled unsent, so that it can never pay beside it; wallet "
            + wallet.name()
            + " does not offer one (locked?): "
            + coin.txid()
            + ":"
            + coin.vout());
  }

  /**
   * The first coins that cover an amount, with enough over for change that is no dust.
   *
   * @throws PayoutException when all do not
   */
  List<Coin> choose(Coins coins, long sat) throws PayoutException {
    List<Coin> chosen = new ArrayList<>();
    long sum = 0;
    for (Coin coin : coins.list()) {
      boolean enough = sum == sat || sum >= sat + ScriptType.P2WPKH.dustSat();
      if (enough && chosen.size() >= coins.least()) {
        break;
      }
      chosen.add(coin);
      sum += coin.sat();
    }
    if (sum < sat) {
      throw new PayoutException(
          Kind.FUNDS,
          "wallet "
              + wallet.name()
              + " has "
              + sum
              + " sat in "
              + coins.list().size()
              + " confirmed native segwit coins, the payout needs "
              + sat
              + "; coins may be locked or on other address types");
    }
    return chosen;
  }

  /** Outputs by address: accounts with one address share an output. */
  static Map<String, Long> outputs(List<Item> items) {
    Map<String, Long> outputs = new LinkedHashMap<>();
    items.forEach(item -> outputs.merge(item.address(), item.outputSat(), Math::addExact));
    return outputs;
  }
}
