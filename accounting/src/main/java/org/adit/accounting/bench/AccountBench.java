package org.adit.accounting.bench;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.adit.accounting.AccountingView;
import org.adit.accounting.OperatorAccounting;
import org.adit.accounting.ledger.BlockMoney;
import org.adit.accounting.ledger.Ledger;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.AccountChange;
import org.adit.accounting.store.AttemptState;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.CreditRow;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutState;
import org.adit.accounting.store.RejectRow;
import org.adit.accounting.store.SqliteStore;
import org.adit.accounting.store.StoreWriter;
import org.adit.accounting.store.WorkerSum;
import org.adit.hasher.Hash256;

/**
 * What it costs to ask about one account among many: balance, a page of credits, a page of payouts,
 * workers, settings. The books are made by the parts that make a pool's; a few veterans were
 * credited by thousands of blocks.
 */
public final class AccountBench {
  private static final int NET_BITS = 0x1701f0cc;
  private static final int VETERANS = 10;
  private static final int PAYEES = 500;
  private static final int PAGE = 50;
  private static final int WARM_UPS = 2_000;
  private static final long CREDIT = 10_000;
  private static final Amounts FEE = new Amounts(1_000, 100);
  private static final Instant LONG_AGO = Instant.ofEpochSecond(1_700_000_000);

  /**
   * How much there is.
   *
   * @param accounts each with two workers, at least 20
   * @param blocks that credit every account, at least 4
   * @param veteranBlocks blocks before them that credit ten accounts only
   * @param payouts of up to 500 accounts each
   */
  public record Size(int accounts, int blocks, int veteranBlocks, int payouts) {
    /** A hundred thousand accounts. */
    public static final Size LARGE = new Size(100_000, 20, 2_000, 200);

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException when a number is out of its range
     */
    public Size {
      if (accounts < 2 * VETERANS || blocks < 4 || veteranBlocks < 0 || payouts < 0) {
        throw new IllegalArgumentException(
            "accounts " + accounts + ", blocks " + blocks + " (expected: >= 20, >= 4)");
      }
    }
  }

  private final Path folder;
  private final Size size;
  private final Consumer<String> out;
  private final List<String> names = new ArrayList<>();
  private final List<Integer> workers = new ArrayList<>();

  /**
   * Makes a bench.
   *
   * @param folder an empty folder it may fill
   * @param out takes a line for each figure
   */
  public AccountBench(Path folder, Size size, Consumer<String> out) {
    this.folder = folder;
    this.size = size;
    this.out = out;
  }

  /** Runs it in a temporary folder, which is removed. */
  public static void inTemporaryFolder(Size size, int questions, Consumer<String> out)
      throws IOException {
    BenchFolder.use(folder -> {
      AccountBench bench = new AccountBench(folder, size, out);
      bench.fill();
      bench.measure(questions);
    });
  }

  /** Names of all accounts, the veterans first. */
  public List<String> accounts() {
    return List.copyOf(names);
  }

  // ---- the books ----

  /** Makes the books. */
  public void fill() throws IOException {
    Files.createDirectories(folder);
    long start = System.nanoTime();
    try (SqliteStore store = SqliteStore.open(folder.resolve("accounting.db"))) {
      PayRule rule =
          store.write(tx -> {
            register(tx);
            return tx.addPayRule(
                new PayRule(
                    0,
                    1,
                    SchemeKind.PPLNS_UNITS,
                    Rational.of(8),
                    UnfilledPolicy.SCALE,
                    FeePpm.NONE),
                LONG_AGO.toEpochMilli());
          });
      for (int n = 0; n < size.veteranBlocks() + size.blocks(); n++) {
        int number = n;
        store.write(tx -> {
          block(tx, number, rule.id());
          return true;
        });
      }
      for (int n = 0; n < size.payouts(); n++) {
        int number = n;
        store.write(tx -> {
          payout(tx, number);
          return true;
        });
      }
    }
    long bytes = Files.size(folder.resolve("accounting.db"));
    out.accept(
        "books: "
            + size.accounts()
            + " accounts, "
            + (size.blocks() + size.veteranBlocks())
            + " blocks, "
            + ((long) size.blocks() * size.accounts() + (long) size.veteranBlocks() * VETERANS)
            + " credits, "
            + size.payouts()
            + " payouts, "
            + (bytes >> 20)
            + " MiB, made in "
            + (System.nanoTime() - start) / 1_000_000
            + " ms");
  }

  private void register(StoreWriter tx) {
    SplittableRandom random = new SplittableRandom(1);
    List<WorkerSum> sums = new ArrayList<>();
    List<RejectRow> rejects = new ArrayList<>();
    Map<Integer, Long> times = new TreeMap<>();
    for (int i = 0; i < size.accounts(); i++) {
      String name = HexFormat.of().toHexDigits(random.nextLong()) + "-" + i;
      names.add(name);
      for (String rig : List.of("rig1", "rig2")) {
        int id = tx.registerWorker(name, rig, LONG_AGO.toEpochMilli());
        workers.add(id);
        sums.add(new WorkerSum(id, i + 1, BigInteger.valueOf(i + 1), BigInteger.valueOf(i + 1)));
        rejects.add(new RejectRow(id, "stale", i % 7));
        times.put(id, LONG_AGO.toEpochMilli() + i);
      }
      if (i % 3 == 0) {
        tx.addAccountChange(
            new AccountChange(0, name, 1, null, 1_000L + i, AccountChange.OPERATOR, "", LONG_AGO));
      }
    }
    tx.addToWorkers(sums, times);
    tx.addRejects(rejects);
  }

  private static Hash256 hash(int kind, int n) {
    byte[] bytes = new byte[32];
    bytes[31] = (byte) kind;
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) (n >>> (8 * i));
    }
    return Hash256.ofWire(bytes);
  }

  /** Two in ten are orphaned, two paid a veteran by the coinbase, one is SOLO; some are both. */
  private void block(StoreWriter tx, int n, long rule) {
    boolean solo = n % 10 == 3;
    boolean orphan = n % 10 == 6 || n % 10 == 7 || n % 20 == 3;
    boolean matured = n < size.veteranBlocks() + size.blocks() / 2;
    int credited = n < size.veteranBlocks() ? VETERANS : size.accounts();
    int finder = n % VETERANS;
    SortedMap<String, Amounts> credits = new TreeMap<>();
    List<CreditRow> rows = new ArrayList<>();
    for (int i = solo ? finder : 0; i < (solo ? finder + 1 : credited); i++) {
      // SOLO pays the worker that found the block alone.
      for (int w = 0; w < (solo ? 1 : 2); w++) {
        Amounts part = new Amounts(CREDIT + i % 1_000 + w, n % 100);
        rows.add(
            new CreditRow(
                workers.get(2 * i + w),
                new WorkerKey(names.get(i), "rig" + (w + 1)),
                Rational.of(i + 1),
                part));
        credits.merge(names.get(i), part, Amounts::plus);
      }
    }
    Amounts reward = credits.values().stream().reduce(FEE, Amounts::plus);
    Hash256 hash = hash(1, n);
    tx.insertBlock(
        new BlockRow(
            hash,
            800_000 + n,
            NET_BITS,
            reward,
            FEE,
            1,
            solo ? SchemeKind.SOLO : SchemeKind.PPLNS_UNITS,
            solo,
            n + 1,
            workers.get(2 * finder),
            new WorkerKey(names.get(finder), "rig1"),
            rule,
            LONG_AGO.plusSeconds(600L * n),
            orphan ? BlockState.ORPHANED : matured ? BlockState.MATURE : BlockState.IMMATURE,
            orphan ? 1 : 0,
            solo
                ? null
                : new BlockRow.WindowRow(
                    n, 1, Rational.of(8), Rational.of(8), Rational.ONE, Rational.ONE)),
        rows);
    if (n % 5 == 1) {
      String paid = names.get(finder);
      Amounts directly = credits.getOrDefault(paid, Amounts.ZERO);
      tx.insertDirect(hash, new TreeMap<>(Map.of(paid, directly.totalSat())));
      credits.remove(paid);
    }
    Ledger ledger = new Ledger(tx.book(LONG_AGO.toEpochMilli()));
    String name = hash.toDisplayHex();
    SortedMap<String, Amounts> owed = solo ? new TreeMap<>() : credits;
    expect(ledger.found(new BlockMoney(name, FEE, owed)));
    if (orphan) {
      expect(ledger.orphaned(name, 1));
    } else if (matured) {
      expect(ledger.matured(name));
    }
  }

  private void payout(StoreWriter tx, int n) {
    List<PayoutRow.Item> items = new ArrayList<>();
    SortedMap<String, Long> amounts = new TreeMap<>();
    for (int i = 0; i < PAYEES; i++) {
      int account = i < VETERANS ? i : (n * PAYEES + i) % size.accounts();
      if (amounts.putIfAbsent(names.get(account), 10L) == null) {
        items.add(
            new PayoutRow.Item(names.get(account), "address-" + account, new byte[] {1}, 10, 1));
      }
    }
    String id = "p" + n;
    boolean failed = n % 10 == 4;
    boolean open = n == size.payouts() - 1;
    tx.insertPayout(
        new PayoutRow(
            id,
            failed ? PayoutState.FAILED : open ? PayoutState.BROADCAST : PayoutState.FINAL,
            1,
            0,
            true,
            1,
            LONG_AGO.plusSeconds(n),
            LONG_AGO.plusSeconds(n),
            "",
            items,
            List.of()));
    String txid = hash(2, n).toDisplayHex();
    tx.addAttempt(
        id,
        new PayoutRow.Attempt(
            1,
            failed ? AttemptState.DEAD : open ? AttemptState.BROADCAST : AttemptState.CONFIRMED,
            txid,
            null,
            "00",
            items.size(),
            100,
            LONG_AGO,
            List.of(new PayoutRow.Input(hash(3, n).toDisplayHex(), 0))));
    Ledger ledger = new Ledger(tx.book(LONG_AGO.toEpochMilli()));
    expect(ledger.payoutReserved(id, amounts));
    if (failed) {
      expect(ledger.payoutFailed(id));
    } else if (!open) {
      expect(ledger.payoutConfirmed(id, txid, 0));
    }
  }

  private static void expect(Posting posting) {
    if (!posting.isPosted()) {
      throw new IllegalStateException(posting.toString());
    }
  }

  // ---- the questions ----

  /** Something that is asked about an account. */
  @FunctionalInterface
  private interface Question {
    long ask(String account);
  }

  /**
   * Asks and prints.
   *
   * @param questions of each kind, of accounts in turn and of accounts at random
   */
  public void measure(int questions) {
    try (OperatorAccounting books = OperatorAccounting.open(folder, Clock.systemUTC())) {
      measure("balance", questions, account -> books.money(account).paidSat());
      measure("credits page", questions, account -> credits(books, account));
      measure(
          "payouts page", questions, account -> books.payouts(account, 0, PAGE).payouts().size());
      measure("workers", questions, account -> books.workers(account).size());
      measure("settings", questions, account -> books.accounts().find(account).payTo().length());
      all("balances", () -> books.balances().size());
      all("workers", () -> books.workers().size());
    }
  }

  /** What lists of everybody cost, for comparison. */
  private void all(String what, IntSupplier question) {
    long start = System.nanoTime();
    int rows = question.getAsInt();
    out.accept("all " + rows + " " + what + " at once: " + micros(System.nanoTime() - start));
  }

  private static long credits(AccountingView books, String account) {
    return books
        .credits(account, Instant.EPOCH, Instant.ofEpochMilli(Long.MAX_VALUE), 0, PAGE)
        .credits()
        .size();
  }

  private void measure(String what, int questions, Question question) {
    SplittableRandom random = new SplittableRandom(2);
    long sink = 0;
    for (int i = 0; i < Math.min(WARM_UPS, questions); i++) {
      sink += question.ask(names.get(random.nextInt(names.size())));
    }
    long[] any = new long[questions];
    long[] veteran = new long[questions];
    for (int i = 0; i < questions; i++) {
      String someone = names.get(random.nextInt(names.size()));
      String old = names.get(i % VETERANS);
      long start = System.nanoTime();
      sink += question.ask(someone);
      long middle = System.nanoTime();
      sink += question.ask(old);
      any[i] = middle - start;
      veteran[i] = System.nanoTime() - middle;
    }
    if (sink == Long.MIN_VALUE) {
      throw new IllegalStateException("never");
    }
    out.accept(what + ": anybody " + text(any) + "; with thousands of credits " + text(veteran));
  }

  private static String text(long[] nanos) {
    Arrays.sort(nanos);
    return "p50 "
        + micros(nanos[nanos.length / 2])
        + ", p99 "
        + micros(nanos[(int) (nanos.length * 99L / 100)])
        + ", most "
        + micros(nanos[nanos.length - 1]);
  }

  private static String micros(long nanos) {
    return nanos / 1_000_000 + "." + "%03d".formatted(nanos / 1_000 % 1_000) + " ms";
  }
}
