package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.adit.accounting.bucket.BucketSettings;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.store.StoreException;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Raw shares go when nobody needs them, and nothing that was earned by them changes. */
class RetireTest {
  /** Network work 256. */
  private static final int BITS = 0x2000ffff;

  private static final int SHARES = 330;

  @TempDir Path dir;
  @TempDir Path other;
  private final MovingClock clock = new MovingClock(1_800_000_000_000L);
  private final SplittableRandom random = new SplittableRandom(99);
  private final List<Integer> workers = new ArrayList<>();

  private static AccountingSettings settings(SchemeKind scheme, String window) {
    return AccountingSettings.DEFAULT
        .withScheme(scheme)
        .withFee(new FeePpm(12_345, 0))
        .withWindow(Rational.parse(window), UnfilledPolicy.SCALE)
        .withPps(new PpsSettings(1, Duration.ofMinutes(3)))
        .withKeepShares(Duration.ofDays(7))
        .withBuckets(new BucketSettings(Duration.ofMinutes(1), 30, 50))
        .withJournal(AccountingSettings.DEFAULT.journal().withSegmentShares(64));
  }

  private PoolAccounting open(AccountingSettings settings) throws Exception {
    PoolAccounting pool = PoolAccounting.open(dir, settings, clock);
    workers.clear();
    for (int i = 0; i < 4; i++) {
      workers.add(pool.registerWorker("account" + i % 3, "rig" + i));
    }
    return pool;
  }

  private static Hash256 hash(long winner) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) winner;
    bytes[1] = (byte) (winner >> 8);
    return Hash256.ofWire(bytes);
  }

  private void mine(PoolAccounting pool, SchemeKind scheme, int shares) throws Exception {
    Shares miner = new Shares(pool.shares());
    List<ShareRecord> batch = new ArrayList<>();
    for (int i = 0; i < shares; i++) {
      int worker = workers.get(random.nextInt(workers.size()));
      boolean wins = random.nextInt(25) == 0;
      batch.add(
          new ShareRecord(
              clock.millis(),
              worker,
              BITS,
              random.nextLong(1, 16),
              wins ? ShareRecord.BLOCK : 0,
              i,
              new byte[80]));
      clock.advance(Duration.ofSeconds(random.nextInt(12)));
      if (wins || i == shares - 1) {
        long sequence = miner.submitAll(batch);
        batch.clear();
        if (wins) {
          post(pool, scheme, sequence, worker);
        }
      }
    }
  }

  private void post(PoolAccounting pool, SchemeKind scheme, long winner, int finder) {
    FoundBlock block =
        new FoundBlock(
            hash(winner),
            (int) winner,
            BITS,
            5_000_000_000L,
            1_234_567,
            2,
            winner,
            finder,
            scheme,
            clock.instant());
    assertThat(pool.blockFound(block).isPosted()).isTrue();
    pool.blockMatured(hash(winner));
  }

  private static int retireAll(PoolAccounting pool) throws Exception {
    int segments = 0;
    while (pool.retireOne()) {
      segments++;
    }
    return segments;
  }

  private long segments() throws Exception {
    try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
      return files.filter(file -> file.toString().endsWith(".shares")).count();
    }
  }

  private static void proven(PoolAccounting pool) throws Exception {
    ReplayReport report = pool.replay();
    assertThat(report.differences()).isEmpty();
    assertThat(report.shares()).isEqualTo(pool.shares().lastDurableSequence());
    assertThat(pool.checkInvariants().broken()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"PPLNS_UNITS", "PPLNS_WORK", "PROP", "SOLO", "PPS_PLUS"})
  void theBooksAgreeWithoutTheSharesThatAreGone(SchemeKind scheme) throws Exception {
    AccountingSettings settings = settings(scheme, "3/4");
    try (PoolAccounting pool = open(settings)) {
      pool.payPerBlock(5_000_000_000L, Rational.ZERO, "");
      pool.payouts().operatorMoved("in", 2_000_000_000_000_000L);
      pool.payouts().operatorReserved("pps", 2_000_000_000_000_000L);
      mine(pool, scheme, SHARES);
      pool.payShares(true);
      assertThat(retireAll(pool)).as("too young").isZero();
      clock.advance(Duration.ofDays(8));
      pool.refresh();
      pool.payShares(true);
      var before = pool.balances();
      assertThat(retireAll(pool)).isBetween(2, 5);
      assertThat(segments()).isLessThan(5);
      assertThat(pool.balances()).isEqualTo(before);
      proven(pool);
      // Life goes on, in the same process and the next.
      mine(pool, scheme, 60);
      proven(pool);
    }
    try (PoolAccounting pool = open(settings)) {
      mine(pool, scheme, 60);
      clock.advance(Duration.ofDays(8));
      pool.refresh();
      pool.payShares(true);
      assertThat(retireAll(pool)).isPositive();
      proven(pool);
      Backup.write(dir, other.resolve("copy"), clock);
    }
    assertThat(Backup.restore(other.resolve("copy"), other.resolve("home")).differences())
        .isEmpty();
  }

  @Test
  void ageAloneRetiresNothing() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "20"))) {
      mine(pool, SchemeKind.PPLNS_UNITS, SHARES);
      clock.advance(Duration.ofDays(3_650));
      assertThat(retireAll(pool)).isZero();
      proven(pool);
    }
  }

  /**
   * A window set larger than what is kept cuts its edge inside a sum, and is audited all the same.
   */
  @Test
  void aLargerWindowReachesIntoWhatIsGone() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "1/2"))) {
      mine(pool, SchemeKind.PPLNS_UNITS, SHARES);
      clock.advance(Duration.ofDays(8));
      assertThat(retireAll(pool)).isPositive();
    }
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "9"))) {
      mine(pool, SchemeKind.PPLNS_UNITS, 150);
      var window = Objects.requireNonNull(pool.blocks(1).getFirst().window());
      assertThat(window.filled()).isEqualTo(Rational.of(9));
      assertThat(window.firstSequence()).isLessThan(193);
      proven(pool);
      assertThat(pool.compare(null, 5).schemes()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE retired_worker SET work = zeroblob(16) WHERE worker_id = 1| worker 1 work",
        "UPDATE worker_total SET shares = shares - 1 WHERE worker_id = 2| worker 2 shares",
        "UPDATE block_credit SET subsidy_sat = subsidy_sat + 1 WHERE block_id = 1 AND worker_id ="
            + " (SELECT min(worker_id) FROM block_credit WHERE block_id = 1)| settlement",
        "UPDATE block SET window_filled = '1/3' WHERE id = 1| settlement",
        "DELETE FROM retired_block WHERE block_id = 2| block",
        "UPDATE retired SET through_sequence = 1| first share of the journal",
      })
  void aChangedRowIsReported(String statement, String expected) throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "1/2"))) {
      mine(pool, SchemeKind.PPLNS_UNITS, SHARES);
      clock.advance(Duration.ofDays(8));
      assertThat(retireAll(pool)).isPositive();
      proven(pool);
    }
    sql(statement);
    try (AccountingReader reader = AccountingReader.open(dir)) {
      assertThat(reader.replay().differences()).anyMatch(text -> text.contains(expected));
    }
  }

  /** A segment whose blocks do not agree is evidence, and stays. */
  @Test
  void aSegmentWhoseAuditFailsIsKept() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "1/2"))) {
      mine(pool, SchemeKind.PPLNS_UNITS, SHARES);
    }
    sql("UPDATE block_credit SET subsidy_sat = subsidy_sat + 1 WHERE block_id = 1");
    clock.advance(Duration.ofDays(8));
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "1/2"))) {
      assertThat(retireAll(pool)).isZero();
    }
  }

  @Test
  void aFileThatShouldBeGoneIsDeletedAndOneThatShouldBeThereIsMissed() throws Exception {
    Path first = dir.resolve("journal").resolve("%020d.shares".formatted(1));
    Path kept = other.resolve("kept");
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "1/2"))) {
      mine(pool, SchemeKind.PPLNS_UNITS, SHARES);
      Files.copy(first, kept);
      clock.advance(Duration.ofDays(8));
      assertThat(pool.retireOne()).isTrue();
      assertThat(first).doesNotExist();
    }
    Files.copy(kept, first); // As if the process had died before it deleted the file.
    try (AccountingReader reader = AccountingReader.open(dir)) {
      assertThat(reader.replay().differences()).isEmpty();
    }
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "1/2"))) {
      assertThat(first).doesNotExist();
      proven(pool);
    }
    Files.delete(dir.resolve("journal").resolve("%020d.shares".formatted(65)));
    assertThatThrownBy(() ->
            PoolAccounting.open(dir, settings(SchemeKind.PPLNS_UNITS, "1/2"), Clock.systemUTC())
                .close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("begins at share 129")
        .hasMessageContaining("up to 64 only");
  }

  private void sql(String statement) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("accounting.db"));
        Statement change = connection.createStatement()) {
      assertThat(change.executeUpdate(statement)).isPositive();
    }
  }
}
