package org.adit.accounting.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.adit.accounting.AccountingSettings;
import org.adit.accounting.FoundBlock;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.ReplayReport;
import org.adit.accounting.bucket.BucketWindow;
import org.adit.accounting.bucket.JournalWindow;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.bucket.WindowSpec;
import org.adit.accounting.journal.Ack;
import org.adit.accounting.journal.AckListener;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.journal.JournalSettings;
import org.adit.accounting.journal.ShareJournal;
import org.adit.accounting.journal.ShareLane;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.journal.ShareWriter;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.RewardScheme;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.SqliteStore;
import org.adit.hasher.Hash256;

/**
 * A pool's life in fast motion: accounts with a share every ten seconds, a window over nearly all
 * of them that is cut inside its oldest bucket, one block. Everything is done by the parts that do
 * it in a pool, on a real folder.
 */
public final class SettlementBench {
  private static final int NET_BITS = 0x1701f0cc;
  private static final long SUBSIDY = 312_500_000L;
  private static final long FEES = 7_654_321L;
  private static final int LANE = 1 << 16;
  private static final long SHARE_SECONDS = 10;
  private static final int RUNS = 3;
  private static final long MIB = 1 << 20;

  private final Path folder;
  private final int accounts;
  private final long shares;
  private final Consumer<String> out;

  /**
   * Makes a bench.
   *
   * @param folder an empty folder it may fill; 128 bytes a share and more
   * @param accounts how many, positive
   * @param shares how many, at least 1 000
   * @param out takes a line for each figure
   */
  public SettlementBench(Path folder, int accounts, long shares, Consumer<String> out) {
    if (accounts < 1 || shares < 1_000) {
      throw new IllegalArgumentException(
          "accounts " + accounts + ", shares " + shares + " (expected: >= 1, >= 1000)");
    }
    this.folder = folder;
    this.accounts = accounts;
    this.shares = shares;
    this.out = out;
  }

  /** Runs it in a temporary folder, which is removed. */
  public static void inTemporaryFolder(int accounts, long shares, Consumer<String> out)
      throws IOException {
    BenchFolder.use(folder -> new SettlementBench(folder, accounts, shares, out).run());
  }

  /** Measures and prints. */
  public void run() throws IOException {
    registerAccounts();
    rate("journal", shares, timed(this::fillJournal));
    long[] opened = {0};
    AccountingSettings settings =
        AccountingSettings.DEFAULT
            .withFee(new FeePpm(10_000, 10_000))
            .withWindow(window(), UnfilledPolicy.SCALE);
    long start = System.nanoTime();
    try (PoolAccounting pool = PoolAccounting.open(folder, settings, Clock.systemUTC())) {
      opened[0] = System.nanoTime() - start;
      rate("fold into buckets", shares, opened[0]);
      settle();
      long postingCpu = cpuNanos();
      long posted = timed(() -> pool.blockFound(block()));
      seconds("settle and post in one transaction", posted);
      seconds("  by its own CPU time", cpuNanos() - postingCpu);
      long maturingCpu = cpuNanos();
      seconds("mature in one transaction", timed(() -> pool.blockMatured(block().hash())));
      seconds("  by its own CPU time", cpuNanos() - maturingCpu);
      long replayed = System.nanoTime();
      long cpu = cpuNanos();
      ReplayReport report = pool.replay();
      rate("replay of all shares and the block", report.shares(), System.nanoTime() - replayed);
      rate("  by its own CPU time", report.shares(), cpuNanos() - cpu);
      if (!report.agrees() || report.blocks() != 1) {
        throw new IllegalStateException("the replay differs: " + report);
      }
    }
    out.accept("largest heap: " + Runtime.getRuntime().maxMemory() / MIB + " MiB allowed");
  }

  /** A step that may fail. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** CPU time of this thread, which other programs on the machine do not lengthen much. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long timed(Step step) throws IOException {
    long start = System.nanoTime();
    step.run();
    return System.nanoTime() - start;
  }

  private void rate(String what, long count, long nanos) {
    out.accept(
        what
            + ": "
            + count
            + " shares in "
            + nanos / 1_000_000
            + " ms, "
            + count * 1_000 / Math.max(1, nanos / 1_000_000)
            + " a second");
  }

  private void seconds(String what, long nanos) {
    out.accept(what + ": " + nanos / 1_000_000 + " ms");
  }

  private void registerAccounts() throws IOException {
    Files.createDirectories(folder);
    try (SqliteStore store = SqliteStore.open(folder.resolve("accounting.db"))) {
      SplittableRandom random = new SplittableRandom(1);
      store.write(tx -> {
        for (int i = 0; i < accounts; i++) {
          tx.registerWorker(address(random), "rig", 1);
        }
        return true;
      });
    }
  }

  /** Looks like a payout address, as account names do. */
  private static String address(SplittableRandom random) {
    StringBuilder name = new StringBuilder("bc1q");
    for (int i = 0; i < 38; i++) {
      name.append("qpzry9x8gf2tvdw0s3jn54khce6mua7l".charAt(random.nextInt(32)));
    }
    return name.toString();
  }

  /** Work of a share: one to sixteen times the least. */
  private static long work(SplittableRandom random) {
    return 70_368_744_177_664L << random.nextInt(5);
  }

  /** 97 percent of the expected blocks of all work, so that the window's edge lies inside. */
  private Rational window() {
    long mean = 70_368_744_177_664L * 31 / 5;
    return Rational.of(
        java.math.BigInteger.valueOf(mean)
            .multiply(java.math.BigInteger.valueOf(shares))
            .multiply(java.math.BigInteger.valueOf(97)),
        new NetworkWork().of(NET_BITS).multiply(java.math.BigInteger.valueOf(100)));
  }

  private void fillJournal() throws IOException {
    JournalSettings settings = JournalSettings.DEFAULT;
    SplittableRandom random = new SplittableRandom(7);
    AtomicLong durable = new AtomicLong();
    try (ShareWriter writer =
        new ShareWriter(
            ShareJournal.open(folder.resolve("journal"), settings, JournalDisk.SYSTEM),
            settings,
            System::nanoTime)) {
      ShareLane lane = writer.openLane(LANE, new Counter(durable));
      byte[] header = new byte[ShareRecord.HEADER_BYTES];
      for (long i = 0; i < shares; i++) {
        ShareRecord share =
            new ShareRecord(
                i * SHARE_SECONDS * 1_000 / accounts,
                1 + random.nextInt(accounts),
                NET_BITS,
                work(random),
                i == shares - 1 ? ShareRecord.BLOCK : 0,
                i,
                header);
        while (!lane.offer(share, null)) {
          LockSupport.parkNanos(100_000);
        }
      }
      while (durable.get() < shares) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private record Counter(AtomicLong durable) implements AckListener {
    @Override
    public void durable(List<Ack> acks) {
      durable.addAndGet(acks.size());
    }

    @Override
    public void refused(List<Ack> refused, IOException cause) {
      throw new IllegalStateException(cause);
    }
  }

  /** Window and division alone, as a pool does them before it posts. */
  private void settle() throws IOException {
    List<Long> nanos = new ArrayList<>();
    try (SqliteStore store = SqliteStore.openForReading(folder.resolve("accounting.db"));
        JournalReader journal =
            new JournalReader(folder.resolve("journal"), JournalDisk.SYSTEM, () -> shares)) {
      NetworkWork networkWork = new NetworkWork();
      BucketWindow windows = new BucketWindow(new JournalWindow(journal, networkWork), networkWork);
      for (int run = 0; run < RUNS; run++) {
        long start = System.nanoTime();
        long cpu = cpuNanos();
        Settlement settlement =
            store.read(reader -> {
              Window filled = windows.window(reader, WindowSpec.units(shares - 1, window()));
              return new RewardScheme.Windowed(
                      SchemeKind.PPLNS_UNITS, new FeePpm(10_000, 10_000), UnfilledPolicy.SCALE)
                  .settle(new Amounts(SUBSIDY, FEES), filled, new WorkerKey("finder", ""));
            });
        nanos.add(System.nanoTime() - start);
        out.accept(
            "settlement of "
                + settlement.credits().size()
                + " accounts over "
                + shares
                + " shares: "
                + nanos.getLast() / 1_000_000
                + " ms ("
                + (cpuNanos() - cpu) / 1_000_000
                + " ms of CPU)");
      }
    }
  }

  private FoundBlock block() {
    byte[] hash = new byte[32];
    hash[0] = 1;
    return new FoundBlock(
        Hash256.ofWire(hash),
        900_000,
        NET_BITS,
        SUBSIDY,
        FEES,
        2_000,
        shares,
        1,
        SchemeKind.PPLNS_UNITS,
        java.time.Instant.EPOCH.plus(Duration.ofDays(20_000)));
  }
}
