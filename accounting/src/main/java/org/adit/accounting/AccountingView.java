package org.adit.accounting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.adit.accounting.bucket.BucketWindow;
import org.adit.accounting.bucket.JournalWindow;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.proof.AccountProof;
import org.adit.accounting.proof.BlockTree;
import org.adit.accounting.proof.SumNode;
import org.adit.accounting.proof.WeightUnit;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Credit;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.shadow.SchemeComparison;
import org.adit.accounting.shadow.ShadowSchemes;
import org.adit.accounting.store.AccountCredit;
import org.adit.accounting.store.AccountMoney;
import org.adit.accounting.store.AccountPayout;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.CreditRow;
import org.adit.accounting.store.EntryTime;
import org.adit.accounting.store.LedgerHead;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PpsRate;
import org.adit.accounting.store.ProofRow;
import org.adit.accounting.store.RejectRow;
import org.adit.accounting.store.StoreReader;
import org.adit.accounting.store.WorkerRow;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

/** What can be looked at, by the running pool and by a second process beside it. */
public abstract sealed class AccountingView implements AutoCloseable
    permits PoolAccounting, AccountingReader, OperatorAccounting {
  final Path dataDir;
  final AccountingStore store;
  private final InvariantChecker invariants = new InvariantChecker();

  AccountingView(Path dataDir, AccountingStore store) {
    this.dataDir = dataDir;
    this.store = store;
  }

  static Path databaseOf(Path dataDir) {
    return dataDir.resolve("accounting.db");
  }

  static Path journalOf(Path dataDir) {
    return dataDir.resolve("journal");
  }

  @Override
  public abstract void close() throws IOException;

  /** Brings the sums up to date before they are shown, where this process may do that. */
  void refresh() {}

  /** All workers with their sums, by account and name. */
  public List<WorkerRow> workers() {
    refresh();
    return store.read(reader -> reader.workers());
  }

  /** Rejected shares by worker and reason. */
  public List<RejectRow> rejects() {
    refresh();
    return store.read(reader -> reader.rejects());
  }

  /**
   * Blocks of the pool, newest first.
   *
   * @param limit most rows, at least 1
   */
  public List<BlockRow> blocks(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit + " (expected: >= 1)");
    }
    return store.read(reader -> reader.blocks(limit));
  }

  /** One block of the pool. */
  public Optional<BlockRow> block(Hash256 hash) {
    return store.read(reader -> reader.block(hash));
  }

  /** Settings that change pay, each with the share from which it is in force; oldest first. */
  public List<PayRule> payRules() {
    return store.read(reader -> reader.payRules());
  }

  /** What blocks were taken to be worth by schemes that pay by the share; oldest first. */
  public List<PpsRate> ppsRates() {
    return store.read(reader -> reader.ppsRates());
  }

  /** What is left of the reserve that schemes paying by the share live on, in satoshi. */
  public long ppsReserveSat() {
    return store.read(PpsPoster::remaining);
  }

  /** Credits of a block per account and worker. */
  public List<CreditRow> credits(Hash256 hash) {
    return store.read(reader -> reader.credits(hash));
  }

  /**
   * What a block's coinbase paid to each account of a scheme with a window, satoshi; empty when the
   * pool held the whole block.
   */
  public SortedMap<String, Long> directlyPaid(Hash256 hash) {
    return store.read(reader -> reader.directlyPaid(hash));
  }

  /** The published root of a block's sum tree; empty when there is no such block or root. */
  public Optional<SumNode> proofRoot(Hash256 hash) {
    return store.read(reader -> reader.proof(hash)).map(ProofRow::root);
  }

  /**
   * The proof that an account was counted in a block.
   *
   * @return empty when there is no such block, it has no root, or it paid the account nothing
   */
  public Optional<AccountProof> proof(Hash256 hash, String account) {
    return store.read(reader -> {
      BlockRow block = reader.block(hash).orElse(null);
      ProofRow proof = reader.proof(hash).orElse(null);
      if (block == null || proof == null) {
        return Optional.empty();
      }
      WeightUnit unit = WeightUnit.of(block.scheme());
      BlockTree tree =
          new BlockTree(
              proof.seed(),
              unit,
              reader.credits(hash).stream()
                  .map(row -> new Credit(row.worker(), row.weight(), row.amounts())));
      BlockTree.Branch branch = tree.branch(account);
      return branch == null
          ? Optional.empty()
          : Optional.of(
              new AccountProof(
                  hash.toDisplayHex(),
                  block.height(),
                  account,
                  branch.nonceHex(),
                  branch.leaf().weight(),
                  unit.toString(),
                  branch.leaf().amountSat(),
                  branch.steps(),
                  proof.root()));
    });
  }

  /**
   * Work of a span and of all time, for figures shown to people.
   *
   * @param since buckets whose last share is older are left out of the span
   */
  public PoolWork work(Instant since) {
    refresh();
    return store.read(reader -> PoolWork.read(reader, since.toEpochMilli()));
  }

  /**
   * Hands over the work of a span, newest first: all of the pool's, then the workers' until they
   * say enough.
   */
  public void pastWork(Instant since, PastWork into) {
    long from = since.toEpochMilli();
    store.read(reader -> {
      reader.bucketsDown(
          Long.MAX_VALUE,
          bucket -> {
            if (bucket.lastMillis() >= from && bucket.shares() > 0) {
              into.pool(bucket.firstMillis(), bucket.lastMillis(), bucket.shares(), bucket.work());
            }
            return bucket.lastMillis() >= from;
          });
      reader.partsDown(from, into::worker);
      return true;
    });
  }

  /** One page of what an account earned, newest block first, and how many blocks there are. */
  public record CreditPage(long total, List<AccountCredit> credits) {
    /** Copies the list. */
    public CreditPage {
      credits = List.copyOf(credits);
    }
  }

  /** What an account earned from blocks found in a span, newest first. */
  public CreditPage credits(String account, Instant from, Instant to, int offset, int limit) {
    long first = from.toEpochMilli();
    long end = to.toEpochMilli();
    return store.read(reader ->
        new CreditPage(
            reader.countCredits(account, first, end),
            reader.accountCredits(account, first, end, offset, limit)));
  }

  /** What one account is owed and was paid, asked of its own rows alone. */
  public AccountMoney money(String account) {
    return store.read(reader -> reader.money(account));
  }

  /** The workers of one account with their sums, by name; asked of its own rows alone. */
  public List<WorkerRow> workers(String account) {
    refresh();
    return store.read(reader -> reader.workers(account));
  }

  /** One page of an account's payouts, newest first, and how many there are. */
  public record PayoutPage(long total, List<AccountPayout> payouts) {
    /** Copies the list. */
    public PayoutPage {
      payouts = List.copyOf(payouts);
    }
  }

  /** The payouts an account is or was part of, newest first; asked of its own rows alone. */
  public PayoutPage payouts(String account, int offset, int limit) {
    return store.read(reader ->
        new PayoutPage(
            reader.countPayouts(account), reader.accountPayouts(account, offset, limit)));
  }

  /** When a block's ledger entries were posted, oldest first. */
  public List<EntryTime> blockTimes(Hash256 hash) {
    return store.read(reader -> reader.entryTimes("block:" + hash.toDisplayHex() + ":"));
  }

  /** The work of each block's round: what was done since the pool's block before. */
  public Map<Hash256, BigInteger> roundWork() {
    return store.read(Rounds::read);
  }

  /** What each account is owed and was paid. */
  public List<BalanceRow> balances() {
    return store.read(reader -> reader.balances());
  }

  /** Balances of the ledger's accounts that are not zero, debit positive, credit negative. */
  public SortedMap<String, Long> ledger() {
    return store.read(reader -> reader.ledgerBalances());
  }

  /** The newest payouts, newest first. */
  public List<PayoutRow> payoutHistory(int limit) {
    return store.read(reader -> reader.payouts(limit));
  }

  /**
   * Blocks that may still move: immature ones, and all from a height on; newest first.
   *
   * @param height lowest height of blocks in any state
   */
  public List<BlockRow> blocksFrom(int height) {
    return store.read(reader -> reader.blocksFrom(height));
  }

  /**
   * Checks the ledger's invariants on one consistent state; everything the first time, then what is
   * new.
   */
  public InvariantReport checkInvariants() {
    synchronized (invariants) {
      return store.read(invariants::check);
    }
  }

  /**
   * Recomputes every credit and balance from the journal and compares it with what is stored, to
   * the satoshi. Reads one consistent state and may run beside the pool.
   *
   * @throws IOException when the journal is damaged or cannot be read
   */
  public ReplayReport replay() throws IOException {
    refresh();
    LedgerGuard guard = new LedgerGuard(dataDir, store);
    Optional<LedgerHead> remembered = guard.remembered();
    try {
      return store.read(reader -> {
        ReplayReport report = replay(reader);
        return guard.problem(remembered, reader).map(report::with).orElse(report);
      });
    } catch (UncheckedIOException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * What each account would have earned under every scheme for the newest blocks. Reads one
   * consistent state, changes nothing, and may run beside the pool.
   *
   * @param window size of the PPLNS windows, or null for the one in force
   * @param mostBlocks how many blocks at most, positive
   * @throws IOException when the journal is damaged or cannot be read
   */
  public SchemeComparison compare(@Nullable Rational window, int mostBlocks) throws IOException {
    if (mostBlocks < 1 || (window != null && window.signum() <= 0)) {
      throw new IllegalArgumentException(
          "blocks " + mostBlocks + ", window " + window + " (expected: each > 0)");
    }
    refresh();
    try {
      return store.read(reader -> compare(reader, window, mostBlocks));
    } catch (UncheckedIOException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  private SchemeComparison compare(StoreReader reader, @Nullable Rational window, int mostBlocks) {
    PayRule rule = reader.payRules().getLast();
    long folded = reader.foldedSequence();
    NetworkWork networkWork = new NetworkWork();
    try (JournalReader journal =
        new JournalReader(journalOf(dataDir), JournalDisk.SYSTEM, () -> folded)) {
      return new ShadowSchemes(
              reader,
              new BucketWindow(new JournalWindow(journal, networkWork), networkWork),
              networkWork,
              rule,
              window == null ? rule.window() : window)
          .compare(mostBlocks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a block found now would credit, by the rule in force. Changes nothing.
   *
   * @param finder who finds it; matters for SOLO and where nobody has work yet
   * @throws IOException when the journal is damaged or cannot be read
   */
  public Settlement preview(Amounts reward, int netBits, WorkerKey finder) throws IOException {
    refresh();
    try {
      return store.read(reader -> preview(reader, reward, netBits, finder));
    } catch (UncheckedIOException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  private Settlement preview(StoreReader reader, Amounts reward, int netBits, WorkerKey finder) {
    PayRule rule = reader.payRules().getLast();
    long folded = reader.foldedSequence();
    NetworkWork networkWork = new NetworkWork();
    try (JournalReader journal =
        new JournalReader(journalOf(dataDir), JournalDisk.SYSTEM, () -> folded)) {
      BlockSettler settler =
          new BlockSettler(
              new BucketWindow(new JournalWindow(journal, networkWork), networkWork), networkWork);
      long winner = folded + 1;
      return settler
          .settle(
              reader,
              rule,
              new BlockSettler.Facts(rule.scheme(), reward, netBits, winner, finder),
              reader.roundStart(winner))
          .settlement();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ReplayReport replay(StoreReader reader) {
    long folded = reader.foldedSequence();
    try (JournalReader journal =
        new JournalReader(journalOf(dataDir), JournalDisk.SYSTEM, () -> folded)) {
      return new Replay(reader, journal).run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
