package org.adit.accounting;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.adit.accounting.ledger.Ledger;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.store.AccountChange;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.AttemptState;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutRow.Input;
import org.adit.accounting.store.PayoutRow.Item;
import org.adit.accounting.store.PayoutState;
import org.adit.accounting.store.StoreReader;
import org.adit.accounting.store.StoreWriter;

/**
 * What happens to payouts, each step with its ledger entry in one transaction, durable on return.
 * Every step may be repeated: a step already done answers {@code duplicate}. Thread-safe, also
 * against another process on the same folder.
 *
 * <p>One payout may have several transactions, each of which spends an input of all the others that
 * are alive: at most one can ever confirm.
 */
public final class Payouts {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private final AccountingStore store;
  private final Clock clock;
  private final LedgerGuard guard;

  Payouts(AccountingStore store, Clock clock, LedgerGuard guard) {
    this.store = store;
    this.clock = clock;
    this.guard = guard;
  }

  /** Undoes the transaction of a refused step. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Posting posting;

    RefusedException(Posting posting) {
      super(posting.reason(), null, false, false);
      this.posting = posting;
    }
  }

  /** The newest payouts, newest first. */
  public List<PayoutRow> newest(int limit) {
    return store.read(reader -> reader.payouts(limit));
  }

  /** Payouts there is something to do about, oldest first. */
  public List<PayoutRow> open() {
    return store.read(StoreReader::openPayouts);
  }

  /** One payout. */
  public Optional<PayoutRow> find(String id) {
    return store.read(reader -> reader.payout(id));
  }

  /**
   * Sets the payout's amounts aside; its place in the log of accounts is set here. Refused while
   * another payout waits for its first confirmation (it may spend the same coins), when an amount
   * is more than payable, or an address is not the account's.
   */
  public Posting reserve(PayoutRow plan) {
    if (!ID.matcher(plan.id()).matches() || plan.items().isEmpty()) {
      throw new IllegalArgumentException(
          "a payout has an id of 1 to 64 letters, digits and dashes, and someone to pay");
    }
    return step(tx -> {
      if (tx.payout(plan.id()).isPresent()) {
        return Posting.duplicate(key(plan.id(), "reserved"));
      }
      for (PayoutRow open : tx.openPayouts()) {
        if (open.state() != PayoutState.CONFIRMED) {
          return refused(
              plan.id(), "reserved", "payout " + open.id() + " waits for its first confirmation");
        }
      }
      PayoutRow placed = plan.at(Accounts.nextSequence(tx), newestChange(tx));
      SortedMap<String, Long> amounts = new TreeMap<>();
      for (Item item : plan.items()) {
        String payTo = payTo(tx, item.account(), placed);
        if (!payTo.equals(item.address()) || amounts.containsKey(item.account())) {
          return refused(
              plan.id(), "reserved", "account " + item.account() + " is paid once, to " + payTo);
        }
        amounts.put(item.account(), item.amountSat());
      }
      Posting posting = ledger(tx).payoutReserved(plan.id(), amounts);
      if (posting.isPosted()) {
        tx.insertPayout(placed);
      }
      return posting;
    });
  }

  private static long newestChange(StoreReader reader) {
    List<AccountChange> changes = reader.accountChanges();
    return changes.isEmpty() ? 0 : changes.getLast().id();
  }

  /** Where an account wanted its money when the payout was made. */
  static String payTo(StoreReader reader, String account, PayoutRow payout) {
    return Accounts.of(reader, account, payout.atSequence(), payout.atChange()).payTo();
  }

  /**
   * Stores a transaction, signed or given away to be signed, before anybody else sees it.
   *
   * @param attempt state SIGNED or UNSIGNED
   */
  public Posting store(String id, Attempt attempt) {
    return step(tx -> {
      PayoutRow payout = tx.payout(id).orElse(null);
      if (payout == null || !payout.state().isOpen() || payout.confirmed().isPresent()) {
        return refused(id, "signed", "the payout is not open, or is in the chain");
      }
      if (payout.attempt(attempt.txid()).isPresent()) {
        return Posting.duplicate(key(id, "signed:" + attempt.txid()));
      }
      if (attempt.feeSat() < payout.feeShareSat()) {
        return refused(
            id,
            "signed",
            "the fee of "
                + attempt.feeSat()
                + " sat is less than the "
                + payout.feeShareSat()
                + " sat the payees give for it");
      }
      Set<Input> inputs = new HashSet<>(attempt.inputs());
      for (Attempt other : payout.attempts()) {
        if (other.isAlive() && other.inputs().stream().noneMatch(inputs::contains)) {
          return refused(
              id, "signed", "it could confirm beside " + other.txid() + " and pay twice");
        }
      }
      tx.addAttempt(id, attempt);
      if (attempt.state() == AttemptState.SIGNED) {
        tx.setPayoutState(id, PayoutState.SIGNED, "signed, not yet sent", clock.millis());
      }
      return Posting.posted(key(id, "signed:" + attempt.txid()));
    });
  }

  /** A transaction given away has come back signed. */
  public Posting signed(String id, String txid, String raw, int vsize) {
    return onAttempt(
        id,
        txid,
        "signed",
        (tx, payout, attempt) -> {
          if (attempt.state() != AttemptState.UNSIGNED) {
            return Posting.duplicate(key(id, "signed:" + txid));
          }
          tx.setAttempt(id, with(attempt, AttemptState.SIGNED, raw, vsize));
          tx.setPayoutState(
              id, PayoutState.SIGNED, "signed elsewhere, not yet sent", clock.millis());
          return Posting.posted(key(id, "signed:" + txid));
        });
  }

  /** The node has taken the transaction. */
  public Posting broadcast(String id, String txid) {
    return onAttempt(
        id,
        txid,
        "broadcast",
        (tx, payout, attempt) -> {
          if (attempt.raw() == null) {
            return refused(id, "broadcast", "transaction " + txid + " was never signed");
          }
          if (attempt.state() == AttemptState.BROADCAST
              || attempt.state() == AttemptState.CONFIRMED
              || attempt.state() == AttemptState.REPLACED) {
            return Posting.duplicate(key(id, "broadcast:" + txid));
          }
          tx.setAttempt(id, with(attempt, AttemptState.BROADCAST));
          tx.setPayoutState(
              id, PayoutState.BROADCAST, "sent, waits for its first block", clock.millis());
          return Posting.posted(key(id, "broadcast:" + txid));
        });
  }

  /** The transaction is in the active chain; any other of the same payout is not. */
  public Posting confirmed(String id, String txid) {
    return onAttempt(
        id,
        txid,
        "confirmed",
        (tx, payout, attempt) -> {
          if (attempt.state() == AttemptState.CONFIRMED) {
            return Posting.duplicate(key(id, "confirmed:" + txid));
          }
          Optional<Attempt> other = payout.confirmed();
          if (other.isPresent()) {
            leave(tx, payout, other.get());
          }
          Posting posting =
              ledger(tx).payoutConfirmed(id, txid, attempt.feeSat() - payout.feeShareSat());
          if (!posting.isPosted()) {
            return posting;
          }
          for (Attempt one : payout.attempts()) {
            boolean self = one.txid().equals(txid);
            if (self || one.isAlive()) {
              tx.setAttempt(id, with(one, self ? AttemptState.CONFIRMED : AttemptState.REPLACED));
            }
          }
          tx.setPayoutState(id, PayoutState.CONFIRMED, "in the chain", clock.millis());
          return posting;
        });
  }

  /** The confirmed transaction has left the active chain. */
  public Posting unconfirmed(String id, String txid) {
    return onAttempt(
        id,
        txid,
        "unconfirmed",
        (tx, payout, attempt) -> {
          if (attempt.state() != AttemptState.CONFIRMED) {
            return Posting.duplicate(key(id, "unconfirmed:" + txid));
          }
          Posting posting = leave(tx, payout, attempt);
          for (Attempt one : payout.attempts()) {
            if (one.state() == AttemptState.CONFIRMED || one.state() == AttemptState.REPLACED) {
              tx.setAttempt(
                  id,
                  with(one, one.raw() == null ? AttemptState.UNSIGNED : AttemptState.BROADCAST));
            }
          }
          tx.setPayoutState(
              id,
              PayoutState.BROADCAST,
              "fell out of the chain, waits for a block",
              clock.millis());
          return posting;
        });
  }

  private Posting leave(StoreWriter tx, PayoutRow payout, Attempt attempt) {
    Ledger ledger = ledger(tx);
    int transition = ledger.payoutTransitions(payout.id(), attempt.txid()) + 1;
    Posting posting = ledger.payoutUnconfirmed(payout.id(), attempt.txid(), transition);
    if (!posting.isPosted()) {
      throw new RefusedException(posting);
    }
    return posting;
  }

  /** The confirmed transaction is deep enough; it is not followed any more. */
  public Posting finished(String id) {
    return step(tx -> {
      PayoutRow payout = tx.payout(id).orElse(null);
      if (payout == null || payout.confirmed().isEmpty()) {
        return refused(id, "final", "the payout is not in the chain");
      }
      if (payout.state() == PayoutState.FINAL) {
        return Posting.duplicate(key(id, "final"));
      }
      tx.setPayoutState(id, PayoutState.FINAL, "paid", clock.millis());
      payout.confirmed().ifPresent(confirmed -> bury(tx, confirmed));
      return Posting.posted(key(id, "final"));
    });
  }

  /**
   * A foreign transaction in the active chain spends an input of this one.
   *
   * @param forGood whether it is so deep that this one can never confirm
   */
  public Posting conflicted(String id, String txid, boolean forGood) {
    return onAttempt(
        id,
        txid,
        "conflicted",
        (tx, payout, attempt) -> {
          AttemptState state = forGood ? AttemptState.DEAD : AttemptState.CONFLICTED;
          if (attempt.state() == state) {
            return Posting.duplicate(key(id, "conflicted:" + txid));
          }
          if (attempt.state() == AttemptState.CONFIRMED) {
            leave(tx, payout, attempt);
            tx.setPayoutState(
                id, PayoutState.BROADCAST, "a foreign transaction took its place", clock.millis());
          }
          tx.setAttempt(id, with(attempt, state));
          return Posting.posted(key(id, "conflicted:" + txid));
        });
  }

  /**
   * Gives the payout up: its amounts are payable again. Refused while any of its transactions could
   * still confirm.
   */
  public Posting failed(String id, String reason) {
    return step(tx -> {
      PayoutRow payout = tx.payout(id).orElse(null);
      if (payout == null) {
        return refused(id, "failed", "there is no such payout");
      }
      for (Attempt attempt : payout.attempts()) {
        if (attempt.isAlive()) {
          return refused(
              id,
              "failed",
              "transaction "
                  + attempt.txid()
                  + " exists and could still confirm; releasing the amounts could pay twice");
        }
      }
      Posting posting = ledger(tx).payoutFailed(id);
      if (posting.isPosted()) {
        tx.setPayoutState(id, PayoutState.FAILED, reason, clock.millis());
      }
      return posting;
    });
  }

  /**
   * Gives up a payout whose transactions nobody was sent; its amounts are payable again and the
   * signed bytes are forgotten. The caller has asked the node whether it knows them, and sees to it
   * that the next payout spends one of their coins.
   */
  public Posting withdrawn(String id, String reason) {
    return step(tx -> {
      PayoutRow payout = tx.payout(id).orElse(null);
      if (payout == null) {
        return refused(id, "failed", "there is no such payout");
      }
      for (Attempt attempt : payout.attempts()) {
        if (!attempt.isRevocable()) {
          return refused(
              id,
              "failed",
              "transaction "
                  + attempt.txid()
                  + " is "
                  + attempt.state()
                  + " and could still confirm; releasing the amounts could pay twice");
        }
      }
      Posting posting = ledger(tx).payoutFailed(id);
      if (posting.isPosted()) {
        for (Attempt attempt : payout.attempts()) {
          if (attempt.isAlive()) {
            tx.setAttempt(id, forgotten(attempt));
          }
        }
        tx.setPayoutState(id, PayoutState.FAILED, reason, clock.millis());
      }
      return posting;
    });
  }

  /** Transactions that were withdrawn and could still confirm if somebody had kept them. */
  public List<Attempt> withdrawn() {
    return store.read(Payouts::withdrawn);
  }

  private static List<Attempt> withdrawn(StoreReader reader) {
    return reader.withdrawnPayouts().stream()
        .flatMap(payout -> payout.attempts().stream())
        .filter(attempt -> attempt.state() == AttemptState.WITHDRAWN)
        .toList();
  }

  /** What is final has spent coins of transactions withdrawn earlier: those are dead now. */
  private static void bury(StoreWriter tx, Attempt confirmed) {
    for (PayoutRow payout : tx.withdrawnPayouts()) {
      for (Attempt attempt : payout.attempts()) {
        if (attempt.state() == AttemptState.WITHDRAWN
            && attempt.inputs().stream().anyMatch(confirmed.inputs()::contains)) {
          tx.setAttempt(payout.id(), with(attempt, AttemptState.DEAD));
        }
      }
    }
  }

  /** Notes why a payout stands still, for people. */
  public void note(String id, String words) {
    store.write(tx -> {
      tx.payout(id)
          .filter(payout -> payout.state().isOpen() && !payout.note().equals(words))
          .ifPresent(payout -> tx.setPayoutState(id, payout.state(), words, clock.millis()));
      return true;
    });
  }

  /**
   * Books coins the operator brought into the wallet or took out of it.
   *
   * @param id of the movement, 1 to 64 letters, digits and dashes
   * @param sat positive: brought
   */
  public Posting operatorMoved(String id, long sat) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("an id has 1 to 64 letters, digits and dashes");
    }
    return step(tx -> ledger(tx).operatorMoved(id, sat));
  }

  /**
   * Books that the operator set own coins aside for a scheme that pays by the share.
   *
   * @param id unique, 1 to 64 letters, digits and dashes
   * @param sat positive: set aside, negative: taken back
   */
  public Posting operatorReserved(String id, long sat) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("an id has 1 to 64 letters, digits and dashes");
    }
    return step(tx -> ledger(tx).operatorReserved(id, sat));
  }

  private interface AttemptStep {
    Posting run(StoreWriter tx, PayoutRow payout, Attempt attempt);
  }

  private Posting onAttempt(String id, String txid, String event, AttemptStep work) {
    return step(tx -> {
      PayoutRow payout = tx.payout(id).orElse(null);
      Attempt attempt = payout == null ? null : payout.attempt(txid).orElse(null);
      if (payout == null || attempt == null || payout.state() == PayoutState.FAILED) {
        return refused(id, event, "the payout has no such transaction, or was given up");
      }
      return work.run(tx, payout, attempt);
    });
  }

  private Posting step(Function<StoreWriter, Posting> work) {
    Posting posting;
    try {
      posting =
          store.write(tx -> {
            Posting inside = work.apply(tx);
            if (inside.isRefused()) {
              throw new RefusedException(inside);
            }
            return inside;
          });
    } catch (RefusedException e) {
      return e.posting;
    }
    guard.advance();
    return posting;
  }

  private Ledger ledger(StoreWriter tx) {
    return new Ledger(tx.book(clock.millis()));
  }

  private static Attempt with(Attempt attempt, AttemptState state) {
    return new Attempt(
        attempt.number(),
        state,
        attempt.txid(),
        attempt.psbt(),
        attempt.raw(),
        attempt.feeSat(),
        attempt.vsize(),
        attempt.createdAt(),
        attempt.inputs());
  }

  private static Attempt with(Attempt attempt, AttemptState state, String raw, int vsize) {
    return new Attempt(
        attempt.number(),
        state,
        attempt.txid(),
        attempt.psbt(),
        raw,
        attempt.feeSat(),
        vsize,
        attempt.createdAt(),
        attempt.inputs());
  }

  private static Attempt forgotten(Attempt attempt) {
    return new Attempt(
        attempt.number(),
        AttemptState.WITHDRAWN,
        attempt.txid(),
        null,
        null,
        attempt.feeSat(),
        attempt.vsize(),
        attempt.createdAt(),
        attempt.inputs());
  }

  private static Posting refused(String id, String event, String reason) {
    return Posting.refused(key(id, event), reason);
  }

  private static String key(String id, String event) {
    return "payout:" + id + ":" + event;
  }
}
