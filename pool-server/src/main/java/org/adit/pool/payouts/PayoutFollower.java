package org.adit.pool.payouts;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.adit.accounting.MoneyBooks;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.store.AttemptState;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutRow.Input;
import org.adit.accounting.store.PayoutState;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows payouts from signed to final: sends what is stored until the node has it, books what the
 * chain says, raises fees, and gives up only what can never confirm. Repeating it changes nothing.
 */
final class PayoutFollower {
  private static final Logger LOG = LoggerFactory.getLogger(PayoutFollower.class);

  private final MoneyBooks books;
  private final NodeWallet wallet;
  private final PayoutPlanner planner;
  private final PayoutBuilder builder;
  private final PayoutSettings settings;
  private final Clock clock;
  private final Probe probe;

  PayoutFollower(
      MoneyBooks books,
      NodeWallet wallet,
      PayoutPlanner planner,
      PayoutBuilder builder,
      PayoutSettings settings,
      Clock clock,
      Probe probe) {
    this.books = books;
    this.wallet = wallet;
    this.planner = planner;
    this.builder = builder;
    this.settings = settings;
    this.clock = clock;
    this.probe = probe;
  }

  /** Brings every open payout as far as node and chain allow. */
  void follow() throws NodeException {
    for (PayoutRow payout : books.payouts().open()) {
      follow(payout);
    }
  }

  private void follow(PayoutRow payout) throws NodeException {
    if (payout.attempts().isEmpty()) {
      return;
    }
    Map<Attempt, TxStanding> standings = new LinkedHashMap<>();
    for (Attempt attempt : payout.attempts()) {
      standings.put(attempt, wallet.standing(attempt.txid()));
    }
    for (Map.Entry<Attempt, TxStanding> one : standings.entrySet()) {
      if (one.getValue() instanceof TxStanding.InChain in) {
        inChain(payout, one.getKey(), in.confirmations());
        return;
      }
    }
    Optional<Attempt> was = payout.confirmed();
    if (was.isPresent()) {
      LOG.warn("payout {}: transaction {} fell out of the chain", payout.id(), was.get().txid());
      report(books.payouts().unconfirmed(payout.id(), was.get().txid()));
    }
    for (Map.Entry<Attempt, TxStanding> one : standings.entrySet()) {
      conflict(payout, one.getKey(), one.getValue());
    }
    PayoutRow now = books.payouts().find(payout.id()).orElse(payout);
    if (now.attempts().stream().noneMatch(Attempt::isAlive)) {
      giveUp(now);
      return;
    }
    keepAlive(now, standings);
  }

  private void inChain(PayoutRow payout, Attempt attempt, int confirmations) throws NodeException {
    Posting posting = books.payouts().confirmed(payout.id(), attempt.txid());
    report(posting);
    if (posting.isPosted()) {
      LOG.info("payout {}: transaction {} is in the chain", payout.id(), attempt.txid());
    }
    if (!posting.isRefused() && confirmations >= settings.finalConfirmations()) {
      report(books.payouts().finished(payout.id()));
      for (Attempt one : payout.attempts()) {
        wallet.unlock(one.inputs());
      }
      LOG.info("payout {} is final", payout.id());
    }
  }

  private void conflict(PayoutRow payout, Attempt attempt, TxStanding standing)
      throws NodeException {
    Optional<Integer> depth =
        switch (standing) {
          case TxStanding.Conflicted conflicted -> Optional.of(conflicted.depth());
          case TxStanding.Unknown _ -> spentElsewhere(attempt);
          case TxStanding.Forgotten _, TxStanding.InMempool _, TxStanding.InChain _ ->
              Optional.empty();
        };
    if (depth.isPresent()) {
      boolean forGood = depth.get() >= settings.finalConfirmations();
      Posting posting = books.payouts().conflicted(payout.id(), attempt.txid(), forGood);
      report(posting);
      if (posting.isPosted()) {
        LOG.warn(
            "payout {}: a foreign transaction {} blocks deep spends coins of {}",
            payout.id(),
            depth.get(),
            attempt.txid());
      }
    }
  }

  /** Only asked for what neither wallet nor node know: never sent, or lost with a wallet. */
  private Optional<Integer> spentElsewhere(Attempt attempt) throws NodeException {
    for (Input coin : attempt.inputs()) {
      if (!wallet.isUnspent(coin)) {
        return wallet.spenderDepth(coin);
      }
    }
    return Optional.empty();
  }

  private void giveUp(PayoutRow payout) throws NodeException {
    Posting posting =
        books
            .payouts()
            .failed(payout.id(), "its coins were spent by a foreign transaction; credits released");
    report(posting);
    if (posting.isPosted()) {
      LOG.error(
          "payout {} can never confirm: a foreign transaction spent its coins. The credits are"
              + " payable again; look at the wallet before the next payout",
          payout.id());
      for (Attempt one : payout.attempts()) {
        wallet.unlock(one.inputs());
      }
    }
  }

  /** The newest signed transaction is the one that should confirm. */
  private void keepAlive(PayoutRow payout, Map<Attempt, TxStanding> standings)
      throws NodeException {
    for (Attempt attempt : payout.attempts()) {
      if (attempt.isAlive()) {
        wallet.lock(attempt.inputs());
      }
    }
    Attempt newest = null;
    for (Attempt attempt : payout.attempts()) {
      TxStanding standing = standings.getOrDefault(attempt, new TxStanding.Unknown());
      if (standing instanceof TxStanding.InMempool) {
        if (attempt.raw() != null) {
          books.payouts().broadcast(payout.id(), attempt.txid());
        }
        maybeBump(payout, attempt);
        return;
      }
      if (attempt.raw() != null
          && attempt.isAlive()
          && !(standing instanceof TxStanding.Conflicted)) {
        newest = attempt;
      }
    }
    if (newest != null) {
      send(payout, newest);
    }
  }

  /** Sends stored bytes; the answer decides nothing but what is noted. */
  void send(PayoutRow payout, Attempt attempt) throws NodeException {
    String raw = attempt.raw();
    if (raw == null) {
      return;
    }
    try {
      wallet.send(raw);
    } catch (RpcException e) {
      // -25 and -27 also come when the transaction is long in the chain: the next look tells.
      books.payouts().note(payout.id(), "the node does not take it: " + e.getMessage());
      LOG.warn(
          "payout {}: the node does not take transaction {}: {}",
          payout.id(),
          attempt.txid(),
          e.getMessage());
      if (attempt.state() == AttemptState.BROADCAST) {
        bump(payout, attempt); // Evicted, most likely: what it pays is no longer enough.
      }
      return;
    }
    probe.at("sent");
    Posting posting = books.payouts().broadcast(payout.id(), attempt.txid());
    report(posting);
    if (posting.isPosted()) {
      LOG.info("payout {}: transaction {} sent", payout.id(), attempt.txid());
    }
  }

  private void maybeBump(PayoutRow payout, Attempt attempt) throws NodeException {
    Duration age = Duration.between(attempt.createdAt(), clock.instant());
    if (payout.state() == PayoutState.BROADCAST && age.compareTo(settings.bumpAfter()) >= 0) {
      bump(payout, attempt);
    }
  }

  private void bump(PayoutRow payout, Attempt before) throws NodeException {
    try {
      // BIP 125 wants more than before by the relay fee; one more satoshi per byte gives it.
      long least = (before.feeSat() + before.vsize() - 1) / before.vsize() + 1;
      long rate = Math.max(planner.feeRate(), least);
      if (rate > settings.wallet().feeMaxSat()) {
        books
            .payouts()
            .note(payout.id(), "waits; a higher fee would be above wallet.fee_max (" + rate + ")");
        return;
      }
      Attempt attempt = builder.bumped(payout, before, rate);
      Posting posting = books.payouts().store(payout.id(), attempt);
      report(posting);
      if (!posting.isPosted()) {
        return;
      }
      probe.at("bump-stored");
      LOG.info(
          "payout {}: fee raised from {} to {} sat, transaction {} replaces {}",
          payout.id(),
          before.feeSat(),
          attempt.feeSat(),
          attempt.txid(),
          before.txid());
      wallet.lock(attempt.inputs());
      send(payout, attempt);
    } catch (PayoutException e) {
      books.payouts().note(payout.id(), String.valueOf(e.getMessage()));
      LOG.warn("payout {}: its fee was not raised: {}", payout.id(), e.getMessage());
    }
  }

  private static void report(Posting posting) {
    if (posting.isRefused()) {
      LOG.error("the ledger refused {}: {}", posting.key(), posting.reason());
    }
  }
}
