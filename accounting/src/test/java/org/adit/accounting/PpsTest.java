package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.adit.accounting.bucket.BucketSettings;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.PpsAccrual;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.store.StoredEntry;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Shares that are paid as they come: journal, buckets, ledger, reserve and audit. */
class PpsTest {
  /** Network work 256. */
  private static final int BITS = 0x2000ffff;

  /** Network work 512. */
  private static final int HARDER = 0x1f7fff80;

  private static final long SUBSIDY = 1_000_000;

  @TempDir Path dir;
  private final MovingClock clock = new MovingClock(1_800_000_000_000L);
  private int alice;
  private int bob;
  private long blocks;

  private static AccountingSettings settings(SchemeKind scheme) {
    return AccountingSettings.DEFAULT
        .withScheme(scheme)
        .withFee(new FeePpm(20_000, 50_000))
        .withWindow(Rational.of(2), UnfilledPolicy.SCALE)
        .withPps(new PpsSettings(50_000, Duration.ZERO));
  }

  private PoolAccounting open(AccountingSettings settings) throws Exception {
    PoolAccounting pool = PoolAccounting.open(dir, settings, clock);
    alice = pool.registerWorker("alice", "rig");
    bob = pool.registerWorker("bob", "rig");
    return pool;
  }

  private void setAside(PoolAccounting pool, long sat) {
    blocks++;
    assertThat(pool.payouts().operatorMoved("in-" + blocks, sat).isPosted()).isTrue();
    assertThat(pool.payouts().operatorReserved("pps-" + blocks, sat).isPosted()).isTrue();
  }

  private long submit(Shares miner, int worker, int bits, long work) throws Exception {
    return miner.submit(Shares.share(worker, bits, work, clock.millis()));
  }

  /** Lets the open bucket end and pays what it holds. */
  private PpsStatus pay(PoolAccounting pool) {
    pool.refresh();
    clock.advance(Duration.ofMinutes(2));
    return pool.payShares(true);
  }

  private static Map<String, Long> payable(PoolAccounting pool) {
    Map<String, Long> payable = new TreeMap<>();
    pool.balances().forEach(row -> payable.put(row.account(), row.payableSat()));
    return payable;
  }

  private static void proven(PoolAccounting pool) throws Exception {
    assertThat(pool.replay().differences()).isEmpty();
    assertThat(pool.checkInvariants().broken()).isEmpty();
  }

  private List<String> ppsKeys(PoolAccounting pool) {
    List<String> keys = new ArrayList<>();
    pool.store.<Boolean>read(reader -> {
      reader.forEachEntry((StoredEntry entry) -> {
        if (entry.entry().key().startsWith("pps:")) {
          keys.add(entry.entry().key());
        }
      });
      return true;
    });
    return keys;
  }

  private FoundBlock block(long winner, SchemeKind scheme, long feesSat) {
    return new FoundBlock(
        hash(winner),
        (int) winner,
        BITS,
        SUBSIDY,
        feesSat,
        2,
        winner,
        bob,
        scheme,
        clock.instant());
  }

  private static Hash256 hash(long winner) {
    byte[] bytes = new byte[32];
    bytes[1] = (byte) winner;
    return Hash256.ofWire(bytes);
  }

  /** 980 000 / 256 = 3828.125 sat a hash: the eighths of three entries are one satoshi of one. */
  @Test
  void manySmallEntriesAreExactlyOneBigOne() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPS))) {
      pool.payPerBlock(SUBSIDY, Rational.ZERO, "test");
      setAside(pool, 1_000_000);
      Shares miner = new Shares(pool.shares());
      for (int i = 0; i < 3; i++) {
        submit(miner, alice, BITS, 3);
        submit(miner, bob, BITS, 1);
        pay(pool);
      }
      assertThat(ppsKeys(pool)).containsExactly("pps:1:1-2", "pps:1:3-4", "pps:1:5-6");
      // 9 x 3828.125 = 34453.125, 3 x 3828.125 = 11484.375.
      assertThat(payable(pool)).containsEntry("alice", 34_453L).containsEntry("bob", 11_484L);
      assertThat(pool.ledger())
          .containsEntry("expense:pps", 45_937L)
          .containsEntry("equity:pps_reserve", -1_000_000L);
      assertThat(pool.ppsStatus().remainingSat()).isEqualTo(1_000_000 - 45_937);
      assertThat(pool.ppsStatus().accruedThrough()).isEqualTo(6);
      proven(pool);
    }
  }

  @Test
  void theReserveStopsNewWorkBeforeItIsEmpty() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPS))) {
      assertThat(pool.ppsStatus().stop()).as("no rate yet").contains("not known yet");
      pool.payPerBlock(SUBSIDY, Rational.ZERO, "test");
      assertThat(pool.ppsStatus().stop()).as("nothing set aside").contains("below the limit");
      setAside(pool, 100_000);
      assertThat(pool.payShares(false).stop()).isNull();
      Shares miner = new Shares(pool.shares());
      submit(miner, alice, BITS, 14); // 53593 sat: what is left is below the limit of 50000.
      PpsStatus low = pay(pool);
      assertThat(low.remainingSat()).isEqualTo(100_000 - 53_593);
      assertThat(low.problem()).isNull();
      assertThat(low.stop()).contains("46407 sat").contains("adit capital reserve");

      // A share that was under way is still paid; one the reserve does not carry stays due.
      submit(miner, bob, BITS, 2);
      assertThat(pay(pool).problem()).isNull();
      assertThat(payable(pool)).containsEntry("bob", 7_656L);
      submit(miner, bob, BITS, 200);
      assertThat(pay(pool).problem()).contains("shares 3 to 3").contains("stay due");
      assertThat(payable(pool)).containsEntry("bob", 7_656L);
      proven(pool);

      setAside(pool, 1_000_000);
      assertThat(pool.payShares(false).stop()).isNull();
      assertThat(payable(pool)).containsEntry("bob", 773_281L); // floor(202 x 3828.125)
      proven(pool);
    }
  }

  /** Coins that belong to miners never carry the luck of others, whatever was set aside. */
  @Test
  void onlyCoinsThatAreNobodyElsesAreReserve() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPS))) {
      pool.payPerBlock(SUBSIDY, Rational.ZERO, "test");
      setAside(pool, 100_000);
      assertThat(pool.payouts().operatorMoved("out", -60_000).isPosted()).isTrue();
      assertThat(pool.payShares(false).remainingSat()).isEqualTo(40_000);
      assertThat(pool.payouts().operatorReserved("back", -100_001).isRefused()).isTrue();
      assertThat(pool.payouts().operatorReserved("back", -100_000).isPosted()).isTrue();
      assertThat(pool.payShares(false).remainingSat()).isZero();
      proven(pool);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PPS", "FPPS"})
  void blocksAreTheOperatorsAndRefillTheReserveWhenTheyMature(SchemeKind scheme) throws Exception {
    try (PoolAccounting pool = open(settings(scheme))) {
      pool.payPerBlock(SUBSIDY, Rational.parse("1001/2"), "test");
      setAside(pool, 100_000);
      Shares miner = new Shares(pool.shares());
      submit(miner, alice, BITS, 4);
      long winner = miner.submit(Shares.winner(bob, BITS, 1, clock.millis()));
      assertThat(pool.blockFound(block(winner, scheme, 700)).isPosted()).isTrue();
      PpsStatus found = pay(pool);
      long fees = scheme == SchemeKind.FPPS ? 7 : 0; // 4 x 500.5 x 0.95 / 256 = 7.43
      long bobs = scheme == SchemeKind.FPPS ? 1 : 0; // 1.86
      assertThat(payable(pool))
          .containsEntry("alice", 15_312 + fees)
          .containsEntry("bob", 3_828 + bobs);
      assertThat(found.remainingSat()).isEqualTo(100_000 - 15_312 - 3_828 - fees - bobs);
      assertThat(pool.ledger()).containsEntry("income:block", -1_000_700L);
      proven(pool);

      assertThat(pool.blockMatured(hash(winner)).isPosted()).isTrue();
      assertThat(pool.payShares(false).remainingSat()).isEqualTo(found.remainingSat() + 1_000_700);
      proven(pool);
      assertThat(pool.blockOrphaned(hash(winner)).isPosted()).isTrue();
      assertThat(pool.payShares(false).remainingSat()).isEqualTo(found.remainingSat());
      proven(pool);
    }
  }

  @Test
  void ppsPlusDividesTheFeesOfABlockOverAWindow() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPS_PLUS))) {
      pool.payPerBlock(SUBSIDY, Rational.of(99), "test");
      setAside(pool, 2_000_000);
      Shares miner = new Shares(pool.shares());
      submit(miner, alice, BITS, 3);
      submit(miner, bob, BITS, 1);
      long winner = miner.submit(Shares.winner(bob, BITS, 1, clock.millis()));
      assertThat(pool.blockFound(block(winner, SchemeKind.PPS_PLUS, 1_000)).isPosted()).isTrue();
      pay(pool);
      // Shares: subsidy only. Fees: 950 over 3 : 1, largest remainders, in the block's own credits.
      assertThat(payable(pool)).containsEntry("alice", 11_484L).containsEntry("bob", 7_656L);
      assertThat(pool.ledger())
          .containsEntry("income:block", -SUBSIDY)
          .containsEntry("income:poolfee_pending", -50L)
          .containsEntry("liab:pending:alice:txfees", -713L)
          .containsEntry("liab:pending:bob:txfees", -237L);
      assertThat(pool.proofRoot(hash(winner))).isPresent();
      proven(pool);
      pool.blockMatured(hash(winner));
      assertThat(payable(pool)).containsEntry("alice", 12_197L);
      proven(pool);
    }
  }

  @Test
  void everyChangeOfWorthBeginsAnEpochAtItsOwnShare() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS))) {
      Shares miner = new Shares(pool.shares());
      submit(miner, alice, BITS, 8);
      assertThat(pool.ppsStatus().active()).isFalse();
    }
    try (PoolAccounting pool = open(settings(SchemeKind.PPS))) {
      Shares miner = new Shares(pool.shares());
      pool.payPerBlock(SUBSIDY, Rational.ZERO, "first");
      setAside(pool, 10_000_000);
      submit(miner, alice, BITS, 1);
      submit(miner, alice, HARDER, 1);
      pool.payPerBlock(SUBSIDY / 2, Rational.ZERO, "halving");
      pool.payPerBlock(SUBSIDY / 2, Rational.ZERO, "the same again");
      submit(miner, alice, HARDER, 1);
      submit(miner, alice, BITS, 1);
    }
    try (PoolAccounting pool = open(settings(SchemeKind.FPPS).withFee(FeePpm.NONE))) {
      Shares miner = new Shares(pool.shares());
      submit(miner, alice, BITS, 1);
    }
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS))) {
      Shares miner = new Shares(pool.shares());
      submit(miner, alice, BITS, 8);
      PpsStatus after = pay(pool);
      assertThat(after.active()).isFalse();
      assertThat(after.stop()).isNull();
      assertThat(ppsKeys(pool))
          .containsExactly("pps:1:2-2", "pps:2:3-3", "pps:3:4-4", "pps:4:5-5", "pps:5:6-6");
      // 3828.125, 1914.0625, 957.03, 1914.0625, 1953.125: each epoch drops its rest.
      assertThat(payable(pool)).containsEntry("alice", 3828L + 1914 + 957 + 1914 + 1953);
      assertThat(pool.ppsRates()).hasSize(2);
      proven(pool);
    }
  }

  /** Whatever the buckets, every account gets the floor of what its work of each epoch is worth. */
  @Test
  void randomSharesAreWorthTheirExactSum() throws Exception {
    SplittableRandom random = new SplittableRandom(4711);
    AccountingSettings settings =
        settings(SchemeKind.PPS).withBuckets(new BucketSettings(Duration.ofSeconds(20), 17, 40));
    Map<String, BigInteger> work = new HashMap<>();
    try (PoolAccounting pool = open(settings)) {
      pool.payPerBlock(777_777, Rational.ZERO, "test");
      setAside(pool, 100_000_000);
      Shares miner = new Shares(pool.shares());
      for (int i = 0; i < 600; i++) {
        long share = random.nextLong(1, 30);
        boolean alices = random.nextBoolean();
        submit(miner, alices ? alice : bob, BITS, share);
        work.merge(alices ? "alice" : "bob", BigInteger.valueOf(share), BigInteger::add);
        clock.advance(Duration.ofSeconds(random.nextInt(4)));
        if (random.nextInt(20) == 0) {
          pool.refresh();
          pool.payShares(random.nextBoolean());
        }
      }
      pay(pool);
      PpsAccrual worth =
          new PpsAccrual(new NetworkWork().of(BITS), 777_777, Rational.ZERO, new FeePpm(20_000, 0));
      work.forEach((account, sum) ->
          assertThat(payable(pool)).containsEntry(account, worth.worth(sum).totalSat()));
      assertThat(ppsKeys(pool)).hasSizeGreaterThan(10);
      proven(pool);
    }
    try (AccountingReader reader = AccountingReader.open(dir)) {
      assertThat(reader.replay().differences()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE pps_rate SET subsidy_sat = subsidy_sat + 1000| entry pps:1:1-2",
        "UPDATE pps_rate SET from_sequence = 2| belongs to epoch",
        "UPDATE pps_work SET work = zeroblob(16)| work of epoch 1",
        "UPDATE pps_offset SET sequence = 3| share 3 was paid",
        "UPDATE pay_rule SET scheme = 'PPLNS_UNITS'| are paid as they come",
        "UPDATE bucket SET closed_by = 'x'|",
      })
  void aChangedRowIsReported(String statement, String expected) throws Exception {
    AccountingSettings settings =
        settings(SchemeKind.PPS).withPps(new PpsSettings(1, Duration.ofDays(1)));
    try (PoolAccounting pool = open(settings)) {
      pool.payPerBlock(SUBSIDY, Rational.ZERO, "test");
      setAside(pool, 1_000_000);
      Shares miner = new Shares(pool.shares());
      submit(miner, alice, BITS, 3);
      submit(miner, bob, BITS, 3);
      pay(pool);
      submit(miner, bob, BITS, 3);
    }
    if (statement.contains("from_sequence")) {
      sql("INSERT INTO pps_rate VALUES (9, 2, 1, '0', '', 0)");
    } else {
      sql(statement);
    }
    try (AccountingReader reader = AccountingReader.open(dir)) {
      if (expected == null) {
        assertThat(reader.replay().differences()).isEmpty();
      } else {
        assertThat(reader.replay().differences()).anyMatch(text -> text.contains(expected));
      }
    }
  }

  private void sql(String statement) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("accounting.db"));
        Statement change = connection.createStatement()) {
      assertThat(change.executeUpdate(statement)).isPositive();
    }
  }
}
