package org.adit.accounting.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.adit.accounting.Shares;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.journal.JournalSettings;
import org.adit.accounting.journal.ShareJournal;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.journal.ShareWriter;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WindowShare;
import org.adit.accounting.scheme.WindowWalk;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.SqliteStore;
import org.adit.accounting.store.StoreReader;
import org.adit.accounting.store.StoreWriter;
import org.adit.accounting.store.WorkerRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BucketWindowTest {
  private static final int SHARES = 700;

  @TempDir Path dir;

  private List<Integer> register(AccountingStore store) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int n = i;
      ids.add(store.write(tx -> tx.registerWorker("account" + n % 2, "rig" + n, 1)));
    }
    return ids;
  }

  private void mine(SplittableRandom random, List<Integer> workers) throws Exception {
    JournalSettings settings = JournalSettings.DEFAULT.withSegmentShares(128);
    try (ShareWriter writer =
        new ShareWriter(
            ShareJournal.open(dir.resolve("journal"), settings, JournalDisk.SYSTEM),
            settings,
            System::nanoTime)) {
      Shares miner = new Shares(writer);
      long time = 1_000_000;
      int bits = 0x2000ffff;
      for (int i = 0; i < SHARES; i++) {
        if (random.nextInt(90) == 0) {
          bits = bits == 0x2000ffff ? 0x2000c0ff : 0x2000ffff;
        }
        time += random.nextInt(-500, 3_000);
        int kind = random.nextInt(40);
        int flags = kind == 0 ? ShareRecord.BLOCK : kind == 1 ? ShareRecord.MARKER : 0;
        // Now and then so much that sums of a few pass 64 bits, and one share is many blocks.
        long most = random.nextInt(12) == 0 ? 1L << 62 : 400;
        long work = flags == ShareRecord.MARKER ? 0 : random.nextLong(1, most);
        miner.submit(
            new ShareRecord(
                time,
                workers.get(random.nextInt(workers.size())),
                bits,
                work,
                flags,
                i,
                new byte[80]));
      }
    }
  }

  /** The rule in its plainest form: one share after the other, the newest first. */
  private static Window shareByShare(
      StoreReader reader, JournalReader journal, NetworkWork network, WindowSpec spec) {
    Map<Integer, WorkerKey> workers = reader.workerKeys();
    WindowWalk walk = spec.walk();
    try {
      for (long at = spec.endSequence(); at >= spec.firstSequence() && !walk.isFull(); at--) {
        assertThat(journal.seek(at)).isTrue();
        walk.add(
            new WindowShare(
                at,
                Objects.requireNonNull(workers.get(journal.workerId())),
                BigInteger.valueOf(journal.work()),
                network.of(journal.netBits())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return walk.finish();
  }

  @Test
  void bucketSumsGiveExactlyTheWindowOfRawShares() throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    try (AccountingStore store = SqliteStore.open(dir.resolve("accounting.db"))) {
      mine(random, register(store));
      try (JournalReader journal =
          new JournalReader(dir.resolve("journal"), JournalDisk.SYSTEM, () -> SHARES)) {
        NetworkWork network = new NetworkWork();
        BucketFolder folder =
            new BucketFolder(
                store, journal, new BucketSettings(Duration.ofSeconds(30), 40, 33), network);
        assertThat(folder.foldThrough(SHARES)).isEqualTo(SHARES);
        assertThat(folder.foldThrough(SHARES - 1)).as("never backwards").isEqualTo(SHARES);
        JournalWindow raw = new JournalWindow(journal, network);
        BucketWindow buckets = new BucketWindow(raw, network);
        SlidingWindow sliding = new SlidingWindow(journal, network);
        SlidingWindow stepping = new SlidingWindow(journal, network, 3);
        for (int run = 0; run < 150; run++) {
          long end = random.nextLong(0, SHARES + 1);
          Rational size =
              random.nextBoolean()
                  ? Rational.of(random.nextInt(1, 30))
                  : Rational.parse(random.nextInt(1, 900_000) + "/1001");
          long first = random.nextLong(1, SHARES + 2);
          List<WindowSpec> specs =
              List.of(
                  WindowSpec.units(end, size),
                  WindowSpec.work(end, size.times(Rational.of(100))),
                  WindowSpec.work(end, size.times(Rational.of(1L << 60))),
                  WindowSpec.round(first, end),
                  new WindowSpec(Measure.UNITS, size, first, end));
          for (WindowSpec spec : specs) {
            Window expected = store.read(reader -> shareByShare(reader, journal, network, spec));
            Window walked = store.read(reader -> raw.window(reader, spec));
            assertThat(walked).as("%s", spec).isEqualTo(expected);
            Window actual = store.read(reader -> buckets.window(reader, spec));
            assertThat(actual).as("%s", spec).isEqualTo(expected);
            Window slid = store.read(reader -> sliding.window(reader, spec));
            assertThat(slid).as("%s", spec).isEqualTo(expected);
            Window stepped = store.read(reader -> stepping.window(reader, spec));
            assertThat(stepped).as("%s", spec).isEqualTo(expected);
          }
        }
      }
    }
  }

  /** Block after block over one journal, as the audit asks: each share is read a few times. */
  @Test
  void aWindowSlidesOverTheJournalInsteadOfBeingWalkedForEachBlock() throws Exception {
    SplittableRandom random = new SplittableRandom(13);
    try (AccountingStore store = SqliteStore.open(dir.resolve("accounting.db"))) {
      mine(random, register(store));
      try (JournalReader journal =
          new JournalReader(dir.resolve("journal"), JournalDisk.SYSTEM, () -> SHARES)) {
        NetworkWork network = new NetworkWork();
        JournalWindow raw = new JournalWindow(journal, network);
        SlidingWindow sliding = new SlidingWindow(journal, network, 5);
        Rational[] sizes = {Rational.of(9), Rational.of(90)};
        for (Rational size : sizes) {
          long read = sliding.sharesRead();
          int blocks = 0;
          for (long end = 1; end <= SHARES; end += random.nextInt(1, 5)) {
            blocks++;
            WindowSpec spec = WindowSpec.units(end, size);
            Window expected = store.read(reader -> raw.window(reader, spec));
            Window slid = store.read(reader -> sliding.window(reader, spec));
            assertThat(slid).as("%s", spec).isEqualTo(expected);
          }
          // Each share comes in and goes out once; around both edges a few are looked at again.
          assertThat(sliding.sharesRead() - read).isLessThan(2L * SHARES + 6L * blocks);
        }
      }
    }
  }

  /**
   * A store whose commits fail now and then, before or after they took effect on the caller's view.
   */
  private record FlakyStore(AccountingStore real, SplittableRandom random)
      implements AccountingStore {
    @Override
    public <T> T write(Function<StoreWriter, T> work) {
      boolean fail = random.nextInt(3) == 0;
      return real.write(tx -> {
        T result = work.apply(tx);
        if (fail) {
          throw new IllegalStateException("injected before the commit");
        }
        return result;
      });
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
      return real.read(work);
    }

    @Override
    public void close() {}
  }

  @Test
  void everyShareIsFoldedOnceHoweverOftenTheTransactionFails() throws Exception {
    SplittableRandom random = new SplittableRandom(12);
    try (AccountingStore store = SqliteStore.open(dir.resolve("accounting.db"))) {
      mine(random, register(store));
      int failures = fold(new FlakyStore(store, random));
      assertThat(failures).isPositive();
      List<WorkerRow> workers = store.read(reader -> reader.workers());
      long[] markers = {0};
      BigInteger[] work = {BigInteger.ZERO};
      try (JournalReader journal =
          new JournalReader(dir.resolve("journal"), JournalDisk.SYSTEM, () -> SHARES)) {
        for (long at = 1; journal.seek(at); at++) {
          markers[0] += journal.work() == 0 ? 1 : 0;
          work[0] = work[0].add(BigInteger.valueOf(journal.work()));
        }
      }
      assertThat(workers.stream().mapToLong(WorkerRow::sharesAccepted).sum())
          .isEqualTo(SHARES - markers[0]);
      assertThat(workers.stream().map(WorkerRow::work).reduce(BigInteger.ZERO, BigInteger::add))
          .isEqualTo(work[0]);
    }
  }

  private int fold(AccountingStore flaky) throws IOException {
    int failures = 0;
    try (JournalReader journal =
        new JournalReader(dir.resolve("journal"), JournalDisk.SYSTEM, () -> SHARES)) {
      for (long to = 1; to <= SHARES; ) {
        // A new folder each time, as after a restart.
        BucketFolder folder =
            new BucketFolder(
                flaky,
                journal,
                new BucketSettings(Duration.ofSeconds(30), 40, 7),
                new NetworkWork());
        try {
          folder.foldThrough(to);
          to += 13;
        } catch (IllegalStateException e) {
          failures++;
        }
      }
      while (true) {
        try {
          new BucketFolder(flaky, journal, BucketSettings.DEFAULT, new NetworkWork())
              .foldThrough(SHARES);
          return failures;
        } catch (IllegalStateException e) {
          failures++;
        }
      }
    }
  }

  @Test
  void aShareOfAnUnknownWorkerSaysTheDatabaseIsOlder() throws Exception {
    try (AccountingStore store = SqliteStore.open(dir.resolve("accounting.db"))) {
      mine(new SplittableRandom(1), List.of(77));
      try (JournalReader journal =
          new JournalReader(dir.resolve("journal"), JournalDisk.SYSTEM, () -> SHARES)) {
        JournalWindow raw = new JournalWindow(journal, new NetworkWork());
        assertThatThrownBy(() -> store.read(reader -> raw.unitWindow(reader, SHARES, Rational.ONE)))
            .hasMessageContaining("worker 77")
            .hasMessageContaining("older than the journal");
      }
    }
  }
}
