package org.adit.accounting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.adit.accounting.bucket.BucketFolder;
import org.adit.accounting.bucket.BucketMerger;
import org.adit.accounting.bucket.BucketWindow;
import org.adit.accounting.bucket.JournalWindow;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.journal.FolderLock;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.journal.ShareJournal;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.journal.ShareWriter;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.PpsRate;
import org.adit.accounting.store.RejectRow;
import org.adit.accounting.store.StoreException;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool's accounting on one data folder: share journal, sums, settlement and ledger.
 * Thread-safe. Methods that post or register wait for the disk; call them from threads that may
 * wait.
 */
public final class PoolAccounting extends AccountingView implements MoneyBooks {
  private static final Logger log = LoggerFactory.getLogger(PoolAccounting.class);
  private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9_.@+-]{1,128}");
  private static final int MAX_WORKER_NAME = 128;
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(2);
  private static final int MERGES_AT_ONCE = 20;
  private static final Duration MERGE_EVERY = Duration.ofHours(6);
  private static final long PAY_LOOK_MILLIS = 5_000;
  private static final int MAX_INPUTS = 16_384;
  private static final Duration RETIRE_EVERY = Duration.ofHours(1);

  private final Clock clock;
  private final FolderLock lock;
  private final ShareWriter writer;
  private final JournalReader journal;
  private final BucketFolder folder;
  private final BlockSettler settler;
  private final BlockPoster poster;
  private final RejectCounter rejects = new RejectCounter();
  private final BucketMerger merger;
  private final PpsPoster pps;
  private final Retirer retirer;
  private final Thread retireThread;
  private final Rational window;
  private final long foldMillis;
  private final Thread foldThread;
  private final CountDownLatch stopFolding = new CountDownLatch(1);

  /** Guards the journal reader, the folder and the poster, none of which is thread-safe. */
  private final ReentrantLock settling = new ReentrantLock();

  /** Touched by the fold thread only. */
  private long nextMergeMillis;

  /** Touched by the fold thread only. */
  private long nextPayMillis;

  private volatile long foldedSequence;
  private volatile @Nullable String foldError;
  private volatile PpsStatus ppsStatus = PpsStatus.INACTIVE;
  private volatile @Nullable PpsRate lastRate;
  private volatile @Nullable InvariantReport lastCheck;
  private final Accounts accounts;
  private final Payouts payouts;
  private final LedgerGuard guard;

  private PoolAccounting(Path dataDir, AccountingSettings settings, Clock clock, Opened opened)
      throws IOException {
    super(dataDir, opened.store);
    this.clock = clock;
    this.lock = opened.lock;
    NetworkWork networkWork = new NetworkWork();
    this.journal = new JournalReader(journalOf(dataDir), opened.disk, opened.journal::lastSequence);
    this.writer = new ShareWriter(opened.journal, settings.journal(), System::nanoTime);
    this.folder = new BucketFolder(store, journal, settings.buckets(), networkWork);
    this.settler =
        new BlockSettler(
            new BucketWindow(new JournalWindow(journal, networkWork), networkWork), networkWork);
    this.poster = new BlockPoster(store, settler, new SecureRandom());
    this.guard = new LedgerGuard(dataDir, store);
    this.accounts = new Accounts(store, clock);
    this.payouts = new Payouts(store, clock, guard);
    this.merger = new BucketMerger(store, networkWork);
    this.retirer =
        new Retirer(
            store,
            opened.disk,
            journalOf(dataDir),
            networkWork,
            settings.scheme(),
            settings.window(),
            settings.keepShares());
    this.pps = new PpsPoster(store, networkWork, settings.pps());
    this.window = settings.window();
    this.nextMergeMillis = clock.millis() + MERGE_EVERY.toMillis();
    this.foldMillis = settings.foldInterval().toMillis();
    this.retireThread =
        Thread.ofPlatform().name("adit-retire").daemon().unstarted(this::retireRegularly);
    this.foldThread = Thread.ofPlatform().name("adit-fold").daemon().unstarted(this::foldRegularly);
  }

  /** What open has got hold of so far, to give it back when a later step fails. */
  private static final class Opened {
    final FolderLock lock;
    final AccountingStore store;
    final ShareJournal journal;
    final JournalDisk disk;

    Opened(Path dataDir, AccountingSettings settings, Footing footing) throws IOException {
      Files.createDirectories(dataDir);
      lock = FolderLock.acquire(dataDir, "adit.lock");
      @Nullable AccountingStore openStore = null;
      @Nullable ShareJournal openJournal = null;
      boolean done = false;
      try {
        openStore = footing.open(databaseOf(dataDir));
        openJournal = ShareJournal.open(journalOf(dataDir), settings.journal(), footing.disk());
        done = true;
      } finally {
        if (!done) {
          close(openStore, lock);
        }
      }
      store = openStore;
      journal = openJournal;
      disk = footing.disk();
    }

    private static void close(@Nullable AccountingStore store, FolderLock lock) throws IOException {
      try (lock) {
        if (store != null) {
          store.close();
        }
      }
    }

    void close() throws IOException {
      try (lock) {
        journal.close();
        store.close();
      }
    }
  }

  /**
   * Opens or creates the accounting in a folder and brings it up to date with the journal.
   *
   * @throws IOException when another process has the folder open (the message names it), the
   *     journal is damaged, or the disk refuses
   * @throws StoreException when the database is damaged, newer than the program or newer than the
   *     journal
   */
  public static PoolAccounting open(Path dataDir, AccountingSettings settings, Clock clock)
      throws IOException {
    return open(dataDir, settings, clock, Footing.REAL);
  }

  static PoolAccounting open(
      Path dataDir, AccountingSettings settings, Clock clock, Footing footing) throws IOException {
    Opened opened = new Opened(dataDir, settings, footing);
    @Nullable PoolAccounting accounting = null;
    boolean done = false;
    try {
      accounting = new PoolAccounting(dataDir, settings, clock, opened);
      accounting.start(settings);
      done = true;
      return accounting;
    } finally {
      if (!done) {
        giveUp(accounting, opened);
      }
    }
  }

  private static void giveUp(@Nullable PoolAccounting accounting, Opened opened)
      throws IOException {
    if (accounting != null) {
      accounting.close();
    } else {
      opened.close();
    }
  }

  private void start(AccountingSettings settings) throws IOException {
    long last = writer.lastDurableSequence();
    long folded = store.read(reader -> reader.foldedSequence());
    long retired = store.read(reader -> reader.retiredThrough());
    if (journal.firstSequence() > retired + 1) {
      throw new StoreException(
          "the journal begins at share "
              + journal.firstSequence()
              + " but the database has retired shares up to "
              + retired
              + " only; restore both from one backup");
    }
    if (folded > last) {
      throw new StoreException(
          "the database has seen share "
              + folded
              + " but the journal ends at "
              + last
              + "; the journal was cut or is an older copy, restore both from one backup");
    }
    guard.check();
    guard.clean();
    retirer.clean();
    journal.refresh();
    foldNow();
    PayRule wanted =
        new PayRule(
            0, 1, settings.scheme(), settings.window(), settings.unfilled(), settings.fee());
    store.write(tx -> {
      List<PayRule> rules = tx.payRules();
      if (rules.isEmpty()) {
        tx.addPayRule(wanted, clock.millis());
      } else if (!rules.getLast().paysLike(wanted)) {
        log.info("pay settings changed; they apply from share {}", last + 1);
        tx.addPayRule(wanted.from(last + 1), clock.millis());
      }
      return true;
    });
    lastRate =
        store.read(reader -> {
          List<PpsRate> rates = reader.ppsRates();
          return rates.isEmpty() ? null : rates.getLast();
        });
    payShares(false);
    foldThread.start();
    retireThread.start();
  }

  /**
   * Registers a worker; idempotent, durable on return.
   *
   * @param account payout identity: 1 to 128 of letters, digits and {@code _.@+-}
   * @param worker name within the account, at most 128 characters, none a control character; may be
   *     empty
   * @return id for {@link org.adit.accounting.journal.ShareRecord#workerId()}, at least 1
   * @throws IllegalArgumentException when a name is not of that form
   */
  public int registerWorker(String account, String worker) {
    if (!ACCOUNT.matcher(account).matches()) {
      throw new IllegalArgumentException(
          "an account name has 1 to 128 of letters, digits, '_', '.', '@', '+' and '-'");
    }
    if (worker.length() > MAX_WORKER_NAME || worker.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a worker name has at most 128 characters and no control characters");
    }
    return store.write(tx -> tx.registerWorker(account, worker, clock.millis()));
  }

  /**
   * Reads the newest shares, the newest first: those received since a moment and, because clocks
   * are set, of two minutes more.
   *
   * @param sinceMillis milliseconds since 1970
   * @param told each of them
   */
  public void eachShareSince(long sinceMillis, Consumer<ShareRecord> told) throws IOException {
    long oldest = sinceMillis - CLOCK_SLACK.toMillis();
    long last = writer.lastDurableSequence();
    try (JournalReader newest =
        new JournalReader(journalOf(dataDir), JournalDisk.SYSTEM, () -> last)) {
      for (long sequence = last;
          sequence >= newest.firstSequence() && newest.seek(sequence);
          sequence--) {
        if (newest.timeMillis() < oldest) {
          return;
        }
        told.accept(newest.share());
      }
    }
  }

  /** Where shares go. */
  public ShareWriter shares() {
    return writer;
  }

  /**
   * Counts rejected shares. Statistics: kept in memory until the next fold, about a second.
   *
   * @param reason 1 to 32 of a-z, 0-9, '_' and '-'
   */
  public void addRejects(int workerId, String reason, long count) {
    rejects.add(workerId, reason, count);
  }

  /**
   * Settles a block: window snapshot, credits and ledger entry in one transaction, once per hash.
   *
   * @return refused when the winning share or the finder is unknown, or the scheme cannot be
   *     settled
   */
  public Posting blockFound(FoundBlock block) {
    settling.lock();
    try {
      if (block.winnerSequence() <= writer.lastDurableSequence()) {
        fold(writer.lastDurableSequence());
      }
      return poster.found(block, writer.lastDurableSequence(), clock.millis());
    } finally {
      settling.unlock();
      guard.advance();
    }
  }

  /**
   * The reward window as it is now, for coinbases that pay the miners themselves. Waits for a
   * settlement's time.
   *
   * @param netBits network target of the block to be found
   * @throws IllegalStateException when the scheme in force divides no blocks by a window
   */
  public DirectWindow directWindow(int netBits) {
    settling.lock();
    try {
      long end = writer.lastDurableSequence();
      fold(end);
      return store.read(reader -> {
        PayRule rule = reader.payRules().getLast();
        if (!rule.scheme().dividesBlocksByWindow()) {
          throw new IllegalStateException(rule.scheme() + " has no window to pay by");
        }
        return new DirectWindow(end, netBits, rule, settler.window(reader, rule, netBits, end));
      });
    } finally {
      settling.unlock();
    }
  }

  /**
   * Finds the winning share of a block candidate that was kept through a crash, by its header. Only
   * records flagged as block or marker are compared; those keep their header always.
   *
   * @param header80 the candidate's header
   * @param mostShares how far back to look
   * @return its sequence, or empty: then the candidate's share never became durable
   */
  public OptionalLong findWinner(byte[] header80, long mostShares) throws IOException {
    settling.lock();
    try {
      long last = journal.lastSequence();
      for (long at = last; at > last - mostShares && journal.seek(at); at--) {
        boolean flagged = (journal.flags() & (ShareRecord.BLOCK | ShareRecord.MARKER)) != 0;
        if (flagged && Arrays.equals(journal.share().header80(), header80)) {
          return OptionalLong.of(at);
        }
      }
      return OptionalLong.empty();
    } finally {
      settling.unlock();
    }
  }

  /** The block left the active chain: its credits are taken back, also after maturity. */
  public Posting blockOrphaned(Hash256 hash) {
    return moved(hash, BlockState.ORPHANED);
  }

  /** An orphaned block is in the active chain again. */
  public Posting blockReconnected(Hash256 hash) {
    return moved(hash, BlockState.IMMATURE);
  }

  /** The block's coinbase may be spent (101 confirmations): its credits become payable. */
  public Posting blockMatured(Hash256 hash) {
    return moved(hash, BlockState.MATURE);
  }

  private Posting moved(Hash256 hash, BlockState to) {
    settling.lock();
    try {
      return poster.moved(hash, to, clock.millis());
    } finally {
      settling.unlock();
      guard.advance();
    }
  }

  /** How the accounting is doing. */
  public AccountingStatus status() {
    return new AccountingStatus(writer.status(), foldedSequence, foldError, lastCheck);
  }

  @Override
  public Accounts accounts() {
    return accounts;
  }

  @Override
  public Payouts payouts() {
    return payouts;
  }

  /** Checks the ledger, logs loudly what is broken, and keeps the result for the status. */
  @Override
  public InvariantReport checkInvariants() {
    InvariantReport report = super.checkInvariants();
    if (!report.holds()) {
      log.error(
          "THE LEDGER IS BROKEN, payouts are stopped; keep the data folder as it is and run"
              + " 'adit audit': {}",
          report.broken());
    }
    lastCheck = report;
    return report;
  }

  private void foldRegularly() {
    try {
      while (!stopFolding.await(foldMillis, TimeUnit.MILLISECONDS)) {
        refresh();
        paySharesRegularly();
        mergeOldBuckets();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but a dying process; sums wait for the next start.
      Thread.currentThread().interrupt();
    }
  }

  private void paySharesRegularly() {
    if (clock.millis() < nextPayMillis && clock.millis() > nextPayMillis - 2 * PAY_LOOK_MILLIS) {
      return;
    }
    nextPayMillis = clock.millis() + PAY_LOOK_MILLIS;
    try {
      payShares(false);
    } catch (RuntimeException e) {
      log.error("shares could not be paid as they came: {}", e.getMessage());
    }
  }

  /** Pays shares as they come, where the scheme does that; {@code all}: also before their time. */
  PpsStatus payShares(boolean all) {
    settling.lock();
    try {
      PpsStatus before = ppsStatus;
      if (before.active()) {
        folder.closeIdle(clock.millis());
      }
      PpsStatus after = pps.accrue(clock.millis(), all);
      ppsStatus = after;
      if (after.stop() != null && !after.stop().equals(before.stop())) {
        log.error("NO NEW WORK IS GIVEN OUT: {}", after.stop());
      } else if (after.stop() == null && before.stop() != null) {
        log.info("the reserve carries shares again: {} sat", after.remainingSat());
      }
      return after;
    } finally {
      settling.unlock();
      guard.advance();
    }
  }

  /** What a block is taken to be worth now by schemes that pay by the share. */
  public Optional<PpsRate> ppsRate() {
    return Optional.ofNullable(lastRate);
  }

  /** How paying by the share stands; refreshed every few seconds. */
  public PpsStatus ppsStatus() {
    return ppsStatus;
  }

  /**
   * Says what a block is worth from the next share on, for schemes that pay by the share; nothing
   * is written while it stays the same.
   *
   * @param subsidySat block subsidy
   * @param expectedFeesSat expected transaction fees of a block
   * @param inputs what the expectation was made of, at most 16 KiB
   */
  public void payPerBlock(long subsidySat, Rational expectedFeesSat, String inputs) {
    if (subsidySat < 0 || expectedFeesSat.signum() < 0 || inputs.length() > MAX_INPUTS) {
      throw new IllegalArgumentException(
          "subsidy %d, expected fees %s, %d characters of inputs (expected: >= 0, >= 0, <= %d)"
              .formatted(subsidySat, expectedFeesSat, inputs.length(), MAX_INPUTS));
    }
    settling.lock();
    try {
      PpsRate rate =
          new PpsRate(
              0,
              writer.lastDurableSequence() + 1,
              subsidySat,
              expectedFeesSat,
              inputs,
              clock.millis());
      PpsRate before = lastRate;
      if (before != null && before.paysLike(rate)) {
        return;
      }
      store.write(tx -> {
        tx.addPpsRate(rate);
        return true;
      });
      lastRate = rate;
      log.info(
          "a block is worth {} sat of subsidy and {} sat of expected fees from share {}",
          subsidySat,
          expectedFeesSat.floor(),
          rate.fromSequence());
      payShares(false);
    } finally {
      settling.unlock();
    }
  }

  /** A little at a time, and rarely looked for: nothing waits for it. */
  private void mergeOldBuckets() {
    if (clock.millis() < nextMergeMillis) {
      return;
    }
    try {
      int less = merger.merge(window, unpaidFrom(), clock.millis(), MERGES_AT_ONCE);
      nextMergeMillis = clock.millis() + (less == 0 ? MERGE_EVERY.toMillis() : 0);
    } catch (RuntimeException e) {
      nextMergeMillis = clock.millis() + MERGE_EVERY.toMillis();
      log.warn("old buckets could not be merged: {}", e.getMessage());
    }
  }

  private void retireRegularly() {
    try {
      while (!stopFolding.await(RETIRE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          while (stopFolding.getCount() > 0 && retireOne()) {}
        } catch (IOException | RuntimeException e) {
          log.warn("old shares could not be retired: {}", e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Retires the oldest segment of the journal when nothing needs its shares any more. */
  boolean retireOne() throws IOException {
    boolean retired = retirer.retireOne(clock.millis());
    if (retired) {
      settling.lock();
      try {
        journal.refresh();
      } finally {
        settling.unlock();
      }
    }
    return retired;
  }

  /** First share that is not paid yet and is paid as it comes. */
  private long unpaidFrom() {
    return store.read(reader -> {
      PpsTimeline timeline = new PpsTimeline(reader.payRules(), reader.ppsRates());
      return timeline.isUsed() ? timeline.nextPaid(reader.ppsAccruedThrough() + 1) : Long.MAX_VALUE;
    });
  }

  @Override
  void refresh() {
    try {
      foldNow();
      foldError = null;
    } catch (RuntimeException e) {
      // Shares stay safe in the journal; sums catch up when the database works again.
      String message = String.valueOf(e.getMessage());
      if (!message.equals(foldError)) {
        log.error("the accounting database does not take sums: {}", message);
      }
      foldError = message;
    }
  }

  private void foldNow() {
    settling.lock();
    try {
      fold(writer.lastDurableSequence());
    } finally {
      settling.unlock();
    }
    List<RejectRow> rows = rejects.drain();
    if (rows.isEmpty()) {
      return;
    }
    boolean done = false;
    try {
      store.write(tx -> {
        tx.addRejects(rows);
        return true;
      });
      done = true;
    } finally {
      if (!done) {
        rows.forEach(row -> rejects.add(row.workerId(), row.reason(), row.count()));
      }
    }
  }

  private void fold(long sequence) {
    foldedSequence = folder.foldThrough(sequence);
  }

  /** Stores what was taken, brings the sums up to date and releases the folder. */
  @Override
  public void close() throws IOException {
    stopFolding.countDown();
    try (lock;
        store;
        journal) {
      joinFolding();
      writer.close();
      refresh();
    }
  }

  private void joinFolding() {
    try {
      foldThread.join();
      retireThread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The newest thousand blocks, newest first. */
  public List<BlockRow> blocks() {
    return blocks(1000);
  }
}
