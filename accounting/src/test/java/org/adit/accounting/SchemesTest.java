package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.store.PayRule;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks are divided by the scheme in force at their winning share, now and at every replay. */
class SchemesTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
  private static final long REWARD = 1_000_000;

  /** Network work 256. */
  private static final int BITS = 0x2000ffff;

  @TempDir Path dir;
  private int alice;
  private int bob;

  private static AccountingSettings settings(SchemeKind scheme, String window) {
    return AccountingSettings.DEFAULT
        .withScheme(scheme)
        .withWindow(Rational.parse(window), UnfilledPolicy.SCALE);
  }

  private PoolAccounting open(AccountingSettings settings) throws Exception {
    PoolAccounting pool = PoolAccounting.open(dir, settings, CLOCK);
    alice = pool.registerWorker("alice", "rig");
    bob = pool.registerWorker("bob", "rig");
    return pool;
  }

  private static Hash256 hash(long winner) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) winner;
    return Hash256.ofWire(bytes);
  }

  private static FoundBlock block(long winner, int finder, SchemeKind scheme) {
    return new FoundBlock(
        hash(winner), 7, BITS, REWARD, 0, 1, winner, finder, scheme, CLOCK.instant());
  }

  /** Mines shares of the given work, bob's the block, and settles it; satoshi per account. */
  private Map<String, Long> mine(
      PoolAccounting pool, SchemeKind scheme, long aliceWork, long bobWork, long winnerWork)
      throws Exception {
    Shares miner = new Shares(pool.shares());
    miner.submit(Shares.share(alice, BITS, aliceWork, 1000));
    miner.submit(Shares.share(bob, BITS, bobWork, 1000));
    long winner = miner.submit(Shares.winner(bob, BITS, winnerWork, 1000));
    assertThat(pool.blockFound(block(winner, bob, scheme)).isPosted()).isTrue();
    return credits(pool, winner);
  }

  private static Map<String, Long> credits(PoolAccounting pool, long winner) {
    Map<String, Long> credits = new TreeMap<>();
    pool.credits(hash(winner))
        .forEach(
            row -> credits.merge(row.worker().account(), row.amounts().subsidySat(), Long::sum));
    return credits;
  }

  @Test
  void aRoundIsPaidByItsOwnSharesAlone() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PROP, "8"))) {
      assertThat(mine(pool, SchemeKind.PROP, 30, 10, 100))
          .containsExactly(Map.entry("alice", 750_000L), Map.entry("bob", 250_000L));
      // The winner of the round before belongs to this one: windows leave the winner out.
      assertThat(mine(pool, SchemeKind.PROP, 80, 20, 1))
          .containsExactly(Map.entry("alice", 400_000L), Map.entry("bob", 600_000L));
      assertThat(pool.replay().differences()).isEmpty();
    }
  }

  @Test
  void aRoundGoesOnOverAnOrphan() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PROP, "8"))) {
      mine(pool, SchemeKind.PROP, 30, 10, 10);
      pool.blockOrphaned(hash(3));
      assertThat(mine(pool, SchemeKind.PROP, 30, 20, 1))
          .containsExactly(Map.entry("alice", 600_000L), Map.entry("bob", 400_000L));
      // What became of the orphan later does not change what was settled.
      pool.blockReconnected(hash(3));
      assertThat(pool.replay().differences()).isEmpty();
    }
  }

  @Test
  void aRoundsWorkIsThatOfItsOwnShares() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PROP, "8"))) {
      mine(pool, SchemeKind.PROP, 30, 10, 5);
      assertThat(pool.roundWork()).containsExactly(Map.entry(hash(3), BigInteger.valueOf(40)));
      // What comes after it is the next one's, its own winner included.
      mine(pool, SchemeKind.PROP, 50, 20, 7);
      Map<Hash256, BigInteger> two =
          Map.of(hash(3), BigInteger.valueOf(40), hash(6), BigInteger.valueOf(75));
      assertThat(pool.roundWork()).isEqualTo(two);
      new Shares(pool.shares()).submit(Shares.share(alice, BITS, 100, 1000));
      assertThat(pool.roundWork()).isEqualTo(two);
      pool.blockOrphaned(hash(6));
      mine(pool, SchemeKind.PROP, 1, 2, 3);
      assertThat(pool.roundWork())
          .as("a round goes on over an orphan")
          .hasSize(3)
          .containsEntry(hash(3), BigInteger.valueOf(40))
          .containsEntry(hash(10), BigInteger.valueOf(75 + 7 + 100 + 3));
    }
  }

  @Test
  void aRoundWithoutSharesGoesToItsFinder() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PROP, "8"))) {
      Shares miner = new Shares(pool.shares());
      long winner = miner.submit(Shares.winner(bob, BITS, 1, 1000));
      pool.blockFound(block(winner, bob, SchemeKind.PROP));
      assertThat(credits(pool, winner)).containsExactly(Map.entry("bob", REWARD));
      assertThat(pool.replay().differences()).isEmpty();
    }
  }

  /** A share of twice the network work is two blocks' worth of work but one unit. */
  @Test
  void aWorkWindowCountsWorkAtTheFoundBlocksDifficulty() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_WORK, "2"))) {
      assertThat(mine(pool, SchemeKind.PPLNS_WORK, 512, 256, 1))
          .containsExactly(Map.entry("alice", 500_000L), Map.entry("bob", 500_000L));
      assertThat(pool.block(hash(3)).orElseThrow().window()).isNotNull();
      assertThat(pool.replay().differences()).isEmpty();
    }
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "2"))) {
      Shares miner = new Shares(pool.shares());
      miner.submit(Shares.share(alice, BITS, 512, 1000));
      miner.submit(Shares.share(bob, BITS, 128, 1000));
      long winner = miner.submit(Shares.winner(bob, BITS, 1, 1000));
      pool.blockFound(block(winner, bob, SchemeKind.PPLNS_UNITS));
      // One unit of alice, half a one of bob, and half of the cut older ones (1/256 and 127/256).
      assertThat(credits(pool, winner))
          .containsExactly(Map.entry("alice", 500_000L), Map.entry("bob", 500_000L));
      assertThat(pool.replay().differences()).isEmpty();
    }
  }

  @Test
  void aChangeOfSettingsTakesEffectFromASequence() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "100"))) {
      assertThat(mine(pool, SchemeKind.PPLNS_UNITS, 30, 10, 10))
          .containsExactly(Map.entry("alice", 750_000L), Map.entry("bob", 250_000L));
    }
    AccountingSettings tides =
        settings(SchemeKind.TIDES, "8")
            .withWindow(Rational.of(8), UnfilledPolicy.RESERVE)
            .withFee(new FeePpm(100_000, 0));
    try (PoolAccounting pool = open(tides)) {
      Map<String, Long> credits = mine(pool, SchemeKind.TIDES, 100, 50, 1);
      assertThat(credits).containsKey("~reserve");
      assertThat(credits.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(900_000);
      // A block of the old settings that is booked only now pays as its job said.
      assertThat(
              pool.blockFound(
                      new FoundBlock(
                          hash(99),
                          7,
                          BITS,
                          REWARD,
                          0,
                          1,
                          6,
                          bob,
                          SchemeKind.PPLNS_UNITS,
                          CLOCK.instant()))
                  .isPosted())
          .isTrue();
      assertThat(pool.block(hash(99)).orElseThrow().poolFee()).isEqualTo(Amounts.ZERO);
      assertThat(pool.replay().differences()).isEmpty();
      assertThat(pool.payRules())
          .extracting(PayRule::fromSequence, PayRule::scheme, r -> r.window().toString())
          .containsExactly(
              tuple(1L, SchemeKind.PPLNS_UNITS, "100"), tuple(4L, SchemeKind.TIDES, "8"));
    }
    try (PoolAccounting pool = open(tides)) {
      assertThat(pool.payRules()).as("the same settings are no change").hasSize(2);
    }
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("accounting.db"));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }

  /** Takes one block's first share away from its round; the audit must not believe it. */
  @Test
  void aRoundThatBeginsElsewhereIsReported() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PROP, "8"))) {
      mine(pool, SchemeKind.PROP, 30, 10, 10);
      mine(pool, SchemeKind.PROP, 30, 10, 10);
    }
    sql("UPDATE block SET first_sequence = 5 WHERE winner_sequence = 6");
    try (AccountingReader reader = AccountingReader.open(dir)) {
      assertThat(reader.replay().differences()).anyMatch(text -> text.contains("window"));
    }
  }

  @Test
  void rulesOfTheFirstSchemaAreUnitWindows() throws Exception {
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "3"))) {
      mine(pool, SchemeKind.PPLNS_UNITS, 30, 10, 10);
    }
    SchemaVersions.backTo(dir.resolve("accounting.db"), 1);
    try (PoolAccounting pool = open(settings(SchemeKind.PPLNS_UNITS, "3"))) {
      assertThat(pool.payRules()).hasSize(1);
      assertThat(pool.replay().differences()).isEmpty();
    }
  }
}
