package org.adit.pool.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.adit.hasher.Difficulty;
import org.adit.pool.TestClock;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.TemplateTransaction;
import org.adit.pool.mining.SentJob;
import org.adit.pool.mining.ShareRequirement;
import org.adit.pool.work.CoinbaseClass;
import org.adit.pool.work.CoinbaseOutput;
import org.adit.pool.work.CoinbasePayouts;
import org.adit.pool.work.CoinbasePlan;
import org.adit.pool.work.FrozenList;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Templates;
import org.adit.pool.work.Tip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one process writes down of its miners is what the next one reads, or it is left out. */
class RecallTest {
  private static final int REGTEST_BITS = 0x207fffff;
  private static final byte[] SETTINGS = new byte[32];
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  @TempDir private Path folder;

  private final TestClock clock = new TestClock();
  private final List<MiningJob> made = new ArrayList<>();
  private final AtomicLong ids = new AtomicLong(7);
  private final AtomicInteger salts = new AtomicInteger(1);

  /** Each account has jobs of its own. */
  private record Own(BlockTemplate template) implements CoinbasePlan {
    @Override
    public CoinbaseClass layout(CoinbaseClass devices) {
      return devices;
    }

    @Override
    public String jobKey(String account, CoinbaseClass layout) {
      return account + layout.maxBytes();
    }

    @Override
    public CoinbasePayouts payouts(String account, CoinbaseClass layout) {
      return new CoinbasePayouts(
          List.of(new CoinbaseOutput(new byte[] {0x51}, template.coinbaseValueSat())),
          new FrozenList(
              layout.maxBytes(), new TreeMap<>(Map.of(account, (long) layout.maxBytes()))));
    }
  }

  private Recall open() throws IOException {
    return Recall.open(folder, SETTINGS, 100, LIFETIME, clock);
  }

  private JobBook book(Recall recall) {
    return new JobBook(
        new JobFactory(
            Own::new,
            "/Adit/",
            0x1fffe000,
            ids::getAndIncrement,
            salts::getAndIncrement,
            clock,
            job -> {
              made.add(job);
              recall.created(job);
            }),
        clock);
  }

  private SentJob sent(MiningJob job, Difficulty difficulty, int prefix) {
    return new SentJob(
        job,
        ShareRequirement.of(difficulty, job.networkTarget()),
        job.versionMask() & 0x00ffe000,
        clock.millis(),
        ByteBuffer.allocate(4).putInt(prefix).array());
  }

  private static BlockTemplate template(int height, int transactions) {
    Random random = new Random(height);
    List<TemplateTransaction> list = new ArrayList<>();
    for (int i = 0; i < transactions; i++) {
      byte[] data = new byte[60 + random.nextInt(400)];
      random.nextBytes(data);
      list.add(
          new TemplateTransaction(
              data, Templates.hash(1_000 * height + i), data.length * 4, 4, 100 + i));
    }
    return Templates.of(height, Templates.hash(height), REGTEST_BITS, 0x20000000, 0, list);
  }

  @Test
  void aMinerFindsItsJobsAsTheyWere() throws IOException {
    Difficulty odd = Difficulty.parse("1234.5");
    try (Recall first = open()) {
      MiningJob a = book(first).accept(template(5, 0)).jobFor("alice");
      MiningJob b = book(first).accept(template(6, 11)).jobFor("alice", CoinbaseClass.BYTES_255);
      SeatBook.Seat seat = first.seats().open(0xfeedL, 0x01020304, "alice");
      seat.sent(sent(a, odd, 0x01020304));
      seat.sent(sent(b, Difficulty.powerOfTwo(-13), 0x01020304));
    }
    clock.advance(Duration.ofMinutes(2));
    try (Recall second = open()) {
      assertThat(second.miners()).hasSize(1);
      Recall.Miner miner = second.miners().getFirst();
      assertThat(miner.sessionId()).isEqualTo(0xfeedL);
      assertThat(miner.prefix()).isEqualTo(0x01020304);
      assertThat(miner.account()).isEqualTo("alice");
      assertThat(miner.jobs())
          .extracting(job -> job.requirement().difficulty())
          .containsExactly(odd, Difficulty.powerOfTwo(-13));
      for (int i = 0; i < 2; i++) {
        MiningJob now = miner.jobs().get(i).job();
        MiningJob then = made.get(i);
        byte[] extranonce = new byte[12];
        assertThat(now.id()).isEqualTo(then.id());
        assertThat(now.header(extranonce, now.version(), 5, 6))
            .isEqualTo(then.header(extranonce, then.version(), 5, 6));
        assertThat(now.assembleBlock(new byte[80], extranonce))
            .isEqualTo(then.assembleBlock(new byte[80], extranonce));
        assertThat(now.feesSat()).isEqualTo(then.feesSat());
        assertThat(now.frozen()).isNotNull().isEqualTo(then.frozen());
        assertThat(now.minTime()).isEqualTo(then.minTime());
        assertThat(miner.jobs().get(i).versionMask()).isEqualTo(0x00ffe000);
        assertThat(second.tips()).containsKey(then.tip().blockHash());
        assertThat(second.knows(then.id())).isTrue();
      }
      assertThat(second.newestJobId()).isEqualTo(made.getLast().id());
    }
  }

  @Test
  void whoIsAwayTooLongIsForgotten() throws IOException {
    try (Recall first = open()) {
      first.seats().open(1, 1, "early").left();
      clock.advance(Duration.ofMinutes(9));
      var _ = first.seats().open(2, 2, "late");
    }
    clock.advance(Duration.ofMinutes(2));
    try (Recall second = open()) {
      assertThat(second.miners()).extracting(Recall.Miner::account).containsExactly("late");
    }
    clock.advance(Duration.ofMinutes(9));
    try (Recall third = open()) {
      assertThat(third.miners()).as("the time runs on over a second start").isEmpty();
    }
  }

  @Test
  void onlyTheNewestJobsOfAMinerAreKept() throws IOException {
    try (Recall first = open()) {
      JobBook jobs = book(first);
      SeatBook.Seat seat = first.seats().open(1, 1, "alice");
      for (int i = 0; i < 50; i++) {
        seat.sent(sent(jobs.accept(template(5, 1)).jobFor("alice"), Difficulty.of(8), 1));
      }
    }
    try (Recall second = open()) {
      List<Long> kept =
          second.miners().getFirst().jobs().stream().map(sent -> sent.job().id()).toList();
      assertThat(kept).hasSizeBetween(20, 49);
      assertThat(kept)
          .isEqualTo(
              made.subList(made.size() - kept.size(), made.size()).stream()
                  .map(MiningJob::id)
                  .toList());
    }
  }

  @Test
  void aSeatIsUsedAgainByItsMinerAndThenByOthers() throws IOException {
    try (Recall first = open()) {
      JobBook jobs = book(first);
      SeatBook.Seat seat = first.seats().open(1, 1, "alice");
      seat.sent(sent(jobs.accept(template(5, 1)).jobFor("alice"), Difficulty.of(8), 1));
      seat.left();
      SeatBook.Seat again = first.seats().open(1, 1, "alice");
      again.sent(sent(jobs.accept(template(6, 1)).jobFor("alice"), Difficulty.of(8), 1));
      for (int other = 2; other <= 100; other++) {
        first.seats().open(other, other, "other").left();
      }
      // A hundred seats are taken, 99 of them by miners that left: one of those goes.
      var _ = first.seats().open(500, 500, "last");
    }
    try (Recall second = open()) {
      assertThat(second.miners()).hasSize(100);
      assertThat(second.miners())
          .filteredOn(miner -> miner.account().equals("alice"))
          .singleElement()
          .satisfies(miner -> assertThat(miner.jobs()).hasSize(2));
      assertThat(second.miners())
          .extracting(Recall.Miner::sessionId)
          .contains(500L)
          .doesNotContain(2L);
    }
  }

  @Test
  void anotherAccountUnderAnIdGetsNoneOfItsJobs() throws IOException {
    try (Recall first = open()) {
      JobBook jobs = book(first);
      SeatBook.Seat seat = first.seats().open(1, 1, "alice");
      seat.sent(sent(jobs.accept(template(5, 1)).jobFor("alice"), Difficulty.of(8), 1));
      seat.left();
      var _ = first.seats().open(1, 1, "bob");
    }
    try (Recall second = open()) {
      assertThat(second.miners())
          .singleElement()
          .satisfies(miner -> {
            assertThat(miner.account()).isEqualTo("bob");
            assertThat(miner.jobs()).isEmpty();
          });
    }
  }

  @Test
  void jobsMadeUnderOtherSettingsAreNotRead() throws IOException {
    try (Recall first = open()) {
      MiningJob job = book(first).accept(template(5, 1)).jobFor("alice");
      first.seats().open(1, 1, "alice").sent(sent(job, Difficulty.of(8), 1));
    }
    byte[] others = new byte[32];
    others[31] = 1;
    try (Recall second = Recall.open(folder, others, 100, LIFETIME, clock)) {
      assertThat(second.miners()).hasSize(1);
      assertThat(second.miners().getFirst().jobs()).isEmpty();
    }
  }

  @Test
  void aFileCutAnywhereGivesWhatStandsBeforeTheCut() throws IOException {
    Set<Long> wanted = Set.copyOf(LongStream.range(0, 100).boxed().toList());
    try (Recall first = open()) {
      JobBook jobs = book(first);
      var work = jobs.accept(template(5, 3));
      for (int i = 0; i < 4; i++) {
        var _ = work.freshJobFor("alice");
      }
    }
    Path file = onlyFile(folder.resolve("jobs"));
    byte[] whole = Files.readAllBytes(file);
    int before = -1;
    for (int length = 0; length <= whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      int read = read(wanted);
      assertThat(read).as("%d bytes", length).isBetween(Math.max(before, 0), 4);
      before = read;
    }
    assertThat(before).isEqualTo(4);
  }

  @Test
  void aFlippedBitAnywhereNeverGivesAWrongJob() throws IOException {
    Set<Long> wanted = Set.copyOf(LongStream.range(0, 100).boxed().toList());
    try (Recall first = open()) {
      var work = book(first).accept(template(5, 2));
      var _ = work.jobFor("alice");
      var _ = work.jobFor("bob");
    }
    Path file = onlyFile(folder.resolve("jobs"));
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(20_261_122);
    for (int round = 0; round < 400; round++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      JobArchive.read(folder.resolve("jobs"), SETTINGS, wanted, Tip::unlisted)
          .forEach((id, job) -> {
            MiningJob then = made.stream().filter(j -> j.id() == id).findAny().orElseThrow();
            assertThat(job.assembleBlock(new byte[80], new byte[12]))
                .isEqualTo(then.assembleBlock(new byte[80], new byte[12]));
          });
    }
  }

  @Test
  void aSeatThatWasBeingRewrittenIsLeftOut() throws IOException {
    try (Recall first = open()) {
      var _ = first.seats().open(1, 1, "alice");
      var _ = first.seats().open(2, 2, "bob");
    }
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("seats").toFile(), "rw")) {
      file.seek(SeatLayout.HEAD_BYTES);
      int version = file.readInt();
      file.seek(SeatLayout.HEAD_BYTES);
      file.writeInt(version | 1);
    }
    try (Recall second = open()) {
      assertThat(second.miners()).extracting(Recall.Miner::account).containsExactly("bob");
    }
  }

  @Test
  void filesThatAreNoneOfOursAreLeftAlone() throws IOException {
    Files.createDirectories(folder.resolve("jobs"));
    Files.writeString(folder.resolve("seats"), "not a book");
    Files.writeString(folder.resolve("jobs").resolve("000.jobs"), "no jobs");
    try (Recall recall = open()) {
      assertThat(recall.miners()).isEmpty();
      assertThat(recall.tips()).isEmpty();
    }
  }

  private int read(Set<Long> wanted) throws IOException {
    return JobArchive.read(folder.resolve("jobs"), SETTINGS, wanted, Tip::unlisted).size();
  }

  private static Path onlyFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }
}
