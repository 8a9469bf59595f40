package org.adit.accounting.ledger;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.scheme.Amounts;
import org.jspecify.annotations.Nullable;

/**
 * The events of the pool as double-entry postings. Each event has a key and is posted once; a
 * correction is a new entry. The caller wraps each call in one transaction of the book.
 *
 * <p>A block's connections are counted: 1, 3, 5 are disconnections, 2, 4, 6 reconnections.
 */
public final class Ledger {
  private final LedgerBook book;

  public Ledger(LedgerBook book) {
    this.book = book;
  }

  /** The window a block is shared by was fixed; moves no money, but joins the chain of entries. */
  public Posting snapshot(String block) {
    return post(new Entry(snapshotKey(block), new TreeMap<>()));
  }

  /** A block of ours was accepted by the node. */
  public Posting found(BlockMoney money) {
    Entry.Builder entry = new Entry.Builder(foundKey(money.block()));
    entry.debit(LedgerAccounts.IMMATURE, money.heldSat());
    entry.credit(LedgerAccounts.POOL_FEE_PENDING, money.poolFee().totalSat());
    entry.credit(LedgerAccounts.BLOCK_INCOME, money.incomeSat());
    for (Map.Entry<String, Amounts> credit : money.credits().entrySet()) {
      entry.credit(LedgerAccounts.pendingSubsidy(credit.getKey()), credit.getValue().subsidySat());
      entry.credit(LedgerAccounts.pendingFees(credit.getKey()), credit.getValue().feesSat());
    }
    return post(entry.build());
  }

  /**
   * A block was accepted that pays nobody: its shares were paid when they came (PPS family).
   *
   * @param poolSat coinbase outputs to the pool
   */
  public Posting foundForPool(String block, long poolSat) {
    return post(
        new Entry.Builder(foundKey(block))
            .debit(LedgerAccounts.IMMATURE, poolSat)
            .credit(LedgerAccounts.BLOCK_INCOME, poolSat)
            .build());
  }

  /**
   * Shares of a scheme that pays at once have earned.
   *
   * @param epoch the rate's epoch
   * @param from first share counted
   * @param to last share counted; ranges of one epoch must not overlap, which the caller sees to
   * @param amounts satoshi per account, none negative
   */
  public Posting ppsAccrued(long epoch, long from, long to, SortedMap<String, Long> amounts) {
    String key = "pps:" + epoch + ":" + from + "-" + to;
    if (from < 1 || to < from || amounts.values().stream().anyMatch(sat -> sat < 0)) {
      return Posting.refused(key, "a range is not empty and no amount is negative");
    }
    Entry.Builder entry = new Entry.Builder(key);
    for (Map.Entry<String, Long> amount : amounts.entrySet()) {
      entry.debit(LedgerAccounts.PPS_EXPENSE, amount.getValue());
      entry.credit(LedgerAccounts.payable(amount.getKey()), amount.getValue());
    }
    return post(entry.build());
  }

  /**
   * The operator brought own coins into the wallet, or took some out.
   *
   * @param id of the movement, letters, digits and dashes
   * @param sat positive: brought, negative: taken
   */
  public Posting operatorMoved(String id, long sat) {
    String key = "operator:" + id + ":moved";
    if (sat == 0) {
      return Posting.refused(key, "nothing was moved");
    }
    return post(
        new Entry.Builder(key)
            .debit(LedgerAccounts.WALLET, sat)
            .credit(LedgerAccounts.OPERATOR, sat)
            .build());
  }

  /**
   * The operator set own coins aside for a scheme that pays by the share, or took them back.
   *
   * @param id of the movement, letters, digits and dashes
   * @param sat positive: set aside, negative: taken back, at most what was set aside
   */
  public Posting operatorReserved(String id, long sat) {
    String key = "operator:" + id + ":reserved";
    long after = Math.subtractExact(sat, book.balance(LedgerAccounts.PPS_RESERVE));
    if (sat == 0 || (sat < 0 && after < 0)) {
      return Posting.refused(key, "set aside would become " + after + " (expected: >= 0)");
    }
    return post(
        new Entry.Builder(key)
            .debit(LedgerAccounts.OPERATOR, sat)
            .credit(LedgerAccounts.PPS_RESERVE, sat)
            .build());
  }

  /**
   * The block left the active chain before it matured.
   *
   * @param transition odd, one more than the block's transitions so far
   */
  public Posting orphaned(String block, int transition) {
    String key = transitionKey(block, "orphaned", transition);
    if (book.entry(key) != null) {
      return Posting.duplicate(key);
    }
    Entry found = book.entry(foundKey(block));
    if (found == null || transition != transitions(block) + 1 || transition % 2 == 0) {
      return Posting.refused(key, "the block is not connected");
    }
    if (isMatured(block)) {
      return Posting.refused(key, "the block has matured; this is a deep orphan");
    }
    return post(found.reversed(key));
  }

  /**
   * The block came back.
   *
   * @param transition even, one more than the block's transitions so far
   */
  public Posting reconnected(String block, int transition) {
    String key = transitionKey(block, "reconnected", transition);
    if (book.entry(key) != null) {
      return Posting.duplicate(key);
    }
    if (book.entry(foundKey(block)) == null
        || transition != transitions(block) + 1
        || transition % 2 != 0) {
      return Posting.refused(key, "the block is not orphaned");
    }
    Entry left = book.entry(transitionKey(block, "deep", transition - 1));
    if (left == null) {
      left = book.entry(transitionKey(block, "orphaned", transition - 1));
    }
    if (left == null) {
      return Posting.refused(key, "the block is not orphaned");
    }
    return post(left.reversed(key));
  }

  /** The block's coinbase may be spent. */
  public Posting matured(String block) {
    String key = maturedKey(block);
    if (book.entry(key) != null) {
      return Posting.duplicate(key);
    }
    Entry found = book.entry(foundKey(block));
    if (found == null || transitions(block) % 2 != 0) {
      return Posting.refused(key, "the block is not connected");
    }
    Entry.Builder entry = new Entry.Builder(key);
    for (Map.Entry<String, Long> line : found.lines().entrySet()) {
      entry.debit(line.getKey(), -line.getValue());
      entry.debit(maturedTwin(line.getKey()), line.getValue());
    }
    return post(entry.build());
  }

  private static String maturedTwin(String account) {
    if (account.equals(LedgerAccounts.IMMATURE)) {
      return LedgerAccounts.WALLET;
    }
    if (account.equals(LedgerAccounts.POOL_FEE_PENDING)) {
      return LedgerAccounts.POOL_FEE;
    }
    if (!LedgerAccounts.isPending(account)) {
      return account;
    }
    return LedgerAccounts.payable(LedgerAccounts.minerOfPending(account));
  }

  /**
   * The block left the active chain after it matured: what miners have not been paid yet is taken
   * back, the rest is the operator's loss.
   *
   * @param transition odd, one more than the block's transitions so far
   */
  public Posting deepOrphaned(String block, int transition) {
    String key = transitionKey(block, "deep", transition);
    if (book.entry(key) != null) {
      return Posting.duplicate(key);
    }
    Entry matured = book.entry(maturedKey(block));
    if (matured == null || transition != transitions(block) + 1 || transition % 2 == 0) {
      return Posting.refused(key, "the block is not connected and matured");
    }
    Entry.Builder entry = new Entry.Builder(key);
    long lost = matured.lines().getOrDefault(LedgerAccounts.WALLET, 0L);
    entry.credit(LedgerAccounts.WALLET, lost);
    Map<String, Long> held = book.balances(matured.lines().keySet());
    for (Map.Entry<String, Long> line : matured.lines().entrySet()) {
      String account = line.getKey();
      if (line.getValue() < 0 && LedgerAccounts.isPayable(account)) {
        long back = Math.min(-line.getValue(), -held.getOrDefault(account, 0L));
        entry.debit(account, back);
        lost -= back;
      }
    }
    entry.debit(LedgerAccounts.ORPHAN_LOSS, lost);
    return post(entry.build());
  }

  /**
   * Coins are set aside for a payout.
   *
   * @param amounts satoshi per account, each positive and at most what is payable
   */
  public Posting payoutReserved(String batch, SortedMap<String, Long> amounts) {
    String key = payoutKey(batch, "reserved");
    if (book.entry(key) != null) {
      return Posting.duplicate(key);
    }
    Entry.Builder entry = new Entry.Builder(key);
    for (Map.Entry<String, Long> amount : amounts.entrySet()) {
      long payable = -book.balance(LedgerAccounts.payable(amount.getKey()));
      if (amount.getValue() <= 0 || amount.getValue() > payable) {
        return Posting.refused(
            key,
            "account "
                + amount.getKey()
                + ": "
                + amount.getValue()
                + " (expected: 1 to "
                + payable
                + ")");
      }
      entry.debit(LedgerAccounts.payable(amount.getKey()), amount.getValue());
      entry.credit(LedgerAccounts.inflight(batch), amount.getValue());
    }
    return post(entry.build());
  }

  /** A payout could not be made; its coins are payable again. */
  public Posting payoutFailed(String batch) {
    String key = payoutKey(batch, "failed");
    if (book.entry(key) != null) {
      return Posting.duplicate(key);
    }
    Entry reserved = book.entry(payoutKey(batch, "reserved"));
    if (reserved == null) {
      return Posting.refused(key, "the payout was never reserved");
    }
    return post(reserved.reversed(key));
  }

  /**
   * A payout's transaction has confirmed. After a reorganisation it may do so again: then the entry
   * is a {@code reconfirmed} one, counted like a block's transitions.
   *
   * @param txFeeSat network fee the pool pays on top; 0 when the miners pay it out of the amounts
   */
  public Posting payoutConfirmed(String batch, String txid, long txFeeSat) {
    int transitions = payoutTransitions(batch, txid);
    Entry first = book.entry(payoutKey(batch, "confirmed:" + txid));
    String key = payoutKey(batch, "confirmed:" + txid);
    if (first != null && transitions % 2 == 0) {
      return Posting.duplicate(
          transitions == 0 ? key : payoutKey(batch, "reconfirmed:" + txid + ":" + transitions));
    }
    if (first != null) {
      key = payoutKey(batch, "reconfirmed:" + txid + ":" + (transitions + 1));
    }
    long inflight = -book.balance(LedgerAccounts.inflight(batch));
    if (inflight <= 0 || txFeeSat < 0) {
      return Posting.refused(key, "nothing is in flight for this payout");
    }
    return post(
        new Entry.Builder(key)
            .debit(LedgerAccounts.inflight(batch), inflight)
            .debit(LedgerAccounts.TX_FEE, txFeeSat)
            .credit(LedgerAccounts.WALLET, Math.addExact(inflight, txFeeSat))
            .build());
  }

  /**
   * A confirmed payout left the active chain.
   *
   * @param transition odd, one more than this transaction's transitions so far
   */
  public Posting payoutUnconfirmed(String batch, String txid, int transition) {
    String key = payoutKey(batch, "unconfirmed:" + txid + ":" + transition);
    if (book.entry(key) != null) {
      return Posting.duplicate(key);
    }
    Entry confirmed = book.entry(payoutKey(batch, "confirmed:" + txid));
    if (confirmed == null
        || transition % 2 == 0
        || transition != payoutTransitions(batch, txid) + 1) {
      return Posting.refused(key, "the payout is not confirmed by that transaction");
    }
    return post(confirmed.reversed(key));
  }

  /** How often a payout's transaction left or rejoined the active chain after it confirmed. */
  public int payoutTransitions(String batch, String txid) {
    int count = 0;
    while (true) {
      String event = count % 2 == 0 ? "unconfirmed:" : "reconfirmed:";
      if (book.entry(payoutKey(batch, event + txid + ":" + (count + 1))) == null) {
        return count;
      }
      count++;
    }
  }

  /** Posts an entry: once, and only if no account leaves its own side (I3). */
  private Posting post(Entry entry) {
    if (book.entry(entry.key()) != null) {
      return Posting.duplicate(entry.key());
    }
    Map<String, Long> before = book.balances(entry.lines().keySet());
    for (Map.Entry<String, Long> line : entry.lines().entrySet()) {
      long after = Math.addExact(before.getOrDefault(line.getKey(), 0L), line.getValue());
      if (!LedgerAccounts.isPermitted(line.getKey(), after)) {
        return Posting.refused(
            entry.key(), line.getKey() + " would become " + after + ", which it must not");
      }
    }
    book.append(entry);
    long total = book.total();
    if (total != 0) {
      throw new BrokenBookException(
          "after " + entry.key() + " all balances sum to " + total + " (expected: 0)");
    }
    return Posting.posted(entry.key());
  }

  /** How often the block left or rejoined the active chain. */
  public int transitions(String block) {
    int count = 0;
    while (transition(block, count + 1) != null) {
      count++;
    }
    return count;
  }

  private @Nullable Entry transition(String block, int n) {
    if (n % 2 == 0) {
      return book.entry(transitionKey(block, "reconnected", n));
    }
    Entry orphaned = book.entry(transitionKey(block, "orphaned", n));
    return orphaned != null ? orphaned : book.entry(transitionKey(block, "deep", n));
  }

  /** Whether the block has matured. */
  public boolean isMatured(String block) {
    return book.entry(maturedKey(block)) != null;
  }

  /** Key of the entry that stands for a block's window. */
  public static String snapshotKey(String block) {
    return "block:" + block + ":snapshot";
  }

  /** Key of the first entry of a block. */
  public static String foundKey(String block) {
    return "block:" + block + ":found:0";
  }

  /** Key of a block's maturity. */
  public static String maturedKey(String block) {
    return "block:" + block + ":matured";
  }

  private static String transitionKey(String block, String event, int n) {
    return "block:" + block + ":" + event + ":" + n;
  }

  private static String payoutKey(String batch, String event) {
    return "payout:" + batch + ":" + event;
  }
}
