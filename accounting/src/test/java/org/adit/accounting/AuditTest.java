package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.store.StoreException;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replay must notice whatever was changed behind the program's back. */
class AuditTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
  private static final AccountingSettings SETTINGS =
      AccountingSettings.DEFAULT
          .withWindow(Rational.parse("5/2"), UnfilledPolicy.RESERVE)
          .withFee(new FeePpm(10_000, 0))
          .withJournal(AccountingSettings.DEFAULT.journal().withSegmentShares(64));

  @TempDir Path dir;

  private static Hash256 hash(long n) {
    byte[] bytes = new byte[32];
    bytes[3] = (byte) n;
    return Hash256.ofWire(bytes);
  }

  private PoolAccounting open(AccountingSettings settings) throws Exception {
    return PoolAccounting.open(dir, settings, CLOCK);
  }

  private static FoundBlock block(long winner, int finder, SchemeKind scheme) {
    return new FoundBlock(
        hash(winner),
        (int) winner,
        Shares.REGTEST_BITS,
        5_000_000_000L,
        12_345,
        2,
        winner,
        finder,
        scheme,
        CLOCK.instant());
  }

  @BeforeEach
  void aShortLife() throws Exception {
    try (PoolAccounting pool = open(SETTINGS)) {
      int alice = pool.registerWorker("alice", "rig1");
      int bob = pool.registerWorker("bob", "rig1");
      Shares miner = new Shares(pool.shares());
      for (int i = 0; i < 3; i++) {
        miner.submit(Shares.share(alice, Shares.REGTEST_BITS, 1, 1000));
        long winner = miner.submit(Shares.winner(bob, Shares.REGTEST_BITS, 2, 1000));
        pool.blockFound(block(winner, bob, SchemeKind.PPLNS_UNITS));
      }
      pool.blockMatured(hash(2));
      pool.blockOrphaned(hash(4));
      assertThat(pool.replay().agrees()).isTrue();
    }
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("accounting.db"));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        int changed = statement.executeUpdate(sql);
        assertThat(sql.startsWith("PRAGMA") || changed > 0).as(sql).isTrue();
      }
    }
  }

  private int version() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("accounting.db"));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private List<String> differences() throws Exception {
    try (AccountingReader reader = AccountingReader.open(dir)) {
      ReplayReport report = reader.replay();
      assertThat(report.blocks()).isEqualTo(3);
      return report.differences();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE ledger_line SET amount_sat = amount_sat + 1 WHERE rowid_is_first|",
        "UPDATE ledger_account SET balance_sat = balance_sat - 1 WHERE name = 'asset:wallet'"
            + "| balance of asset:wallet",
        "UPDATE block_credit SET subsidy_sat = subsidy_sat + 1 WHERE block_id = 3 AND worker_id = 1"
            + "| credit of alice/rig1",
        "UPDATE block_credit SET weight = '1/3' WHERE block_id = 3 AND worker_id = 1| weight",
        "DELETE FROM block_credit WHERE block_id = 1 AND worker_id = 0| credit of ~reserve",
        "UPDATE block SET state = 'IMMATURE' WHERE id = 2| state",
        "UPDATE block SET pool_fee_subsidy_sat = 0 WHERE id = 1| pool fee",
        "UPDATE pay_rule SET fee_subsidy_ppm = 20000| pool fee",
        "UPDATE pay_rule SET window_units = '1'| credit of",
        "UPDATE worker_total SET shares = shares + 1 WHERE worker_id = 1| worker 1 shares",
        "UPDATE ledger_entry SET chain = zeroblob(32) WHERE id = 2| hash chain",
        "DELETE FROM worker_total WHERE worker_id = 2| worker 2 shares",
        "UPDATE block_proof SET root_sat = root_sat + 1 WHERE block_id = 1| proof root",
        "UPDATE block SET edge_taken = '1/7' WHERE id = 2| window",
      })
  void aChangedRowIsReported(String statement, String expected) throws Exception {
    if (statement.endsWith("rowid_is_first")) {
      // Two lines of one entry, so that it still sums to zero.
      sql(
          "UPDATE ledger_line SET amount_sat = amount_sat + 1 WHERE entry_id = 2 AND account_id ="
              + " (SELECT min(account_id) FROM ledger_line WHERE entry_id = 2)",
          "UPDATE ledger_line SET amount_sat = amount_sat - 1 WHERE entry_id = 2 AND account_id ="
              + " (SELECT max(account_id) FROM ledger_line WHERE entry_id = 2)");
      assertThat(differences()).anyMatch(text -> text.contains("found:0"));
      assertThat(differences()).anyMatch(text -> text.contains("hash chain"));
      return;
    }
    sql(statement);
    assertThat(differences()).anyMatch(text -> text.contains(expected));
  }

  @Test
  void aRemovedEntryIsReported() throws Exception {
    sql(
        "DELETE FROM ledger_line WHERE entry_id = 7",
        "DELETE FROM ledger_entry WHERE id = 7 AND key LIKE '%matured'");
    assertThat(differences())
        .anyMatch(text -> text.contains("hash chain"))
        .anyMatch(text -> text.contains("balance of"))
        .anyMatch(text -> text.contains("state"));
  }

  /** The chain of what is left is whole; that its end is missing shows beside the database. */
  @Test
  void aLedgerCutAtItsEndIsReported() throws Exception {
    sql(
        "UPDATE ledger_account SET balance_sat = 0 WHERE name LIKE '%pending%'",
        "DELETE FROM ledger_line WHERE entry_id = 8", "DELETE FROM ledger_entry WHERE id = 8");
    assertThat(differences()).anyMatch(text -> text.contains("lacks ledger entry 8"));
  }

  @Test
  void settingsChangedLaterDoNotChangeOlderBlocks() throws Exception {
    AccountingSettings later =
        SETTINGS
            .withFee(new FeePpm(500_000, 500_000))
            .withWindow(Rational.of(1), UnfilledPolicy.SCALE);
    try (PoolAccounting pool = open(later)) {
      assertThat(pool.replay().differences()).isEmpty();
      // A block won before the change and posted after it still pays by the old rule.
      assertThat(
              pool.blockFound(
                      new FoundBlock(
                          hash(99),
                          9,
                          Shares.REGTEST_BITS,
                          1_000_000,
                          0,
                          1,
                          5,
                          2,
                          SchemeKind.SOLO,
                          CLOCK.instant()))
                  .isPosted())
          .isTrue();
      assertThat(pool.block(hash(99)).orElseThrow().poolFee().totalSat()).isEqualTo(10_000);
      Shares miner = new Shares(pool.shares());
      long winner = miner.submit(Shares.winner(2, Shares.REGTEST_BITS, 2, 1000));
      pool.blockFound(block(winner, 2, SchemeKind.PPLNS_UNITS));
      assertThat(pool.block(hash(winner)).orElseThrow().poolFee().subsidySat())
          .isEqualTo(2_500_000_000L);
      assertThat(pool.replay().differences()).isEmpty();
    }
  }

  @Test
  void aDatabaseNewerThanTheProgramIsRefused() throws Exception {
    int version = version();
    sql("PRAGMA user_version = 99");
    assertThatThrownBy(() -> open(SETTINGS).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("schema version 99");
    assertThatThrownBy(() -> AccountingReader.open(dir).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("schema version 99");
    sql("PRAGMA user_version = " + version);
    open(SETTINGS).close();
  }

  @Test
  void aJournalOlderThanTheDatabaseIsRefused() throws Exception {
    Path journal = dir.resolve("journal");
    Path aside = dir.resolve("aside");
    Files.move(journal, aside, StandardCopyOption.ATOMIC_MOVE);
    assertThatThrownBy(() -> open(SETTINGS).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the journal ends at 0");
  }

  /** Entries were posted after the copy was made: blocks, or payouts that would be paid again. */
  @Test
  void aDatabaseThatLacksPostedEntriesIsRefused() throws Exception {
    Path copy = dir.resolve("copy.db");
    Files.copy(dir.resolve("accounting.db"), copy);
    try (PoolAccounting pool = open(SETTINGS)) {
      assertThat(pool.blockMatured(hash(6)).isPosted()).isTrue();
    }
    Files.copy(copy, dir.resolve("accounting.db"), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> open(SETTINGS).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("lacks ledger entry 9")
        .hasMessageContaining("older or foreign copy");
    assertThatThrownBy(() -> OperatorAccounting.open(dir, CLOCK).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("lacks ledger entry 9");
  }

  /** An older database beside a newer journal is caught up from the journal. */
  @Test
  void aDatabaseOlderThanTheJournalIsFoldedForward() throws Exception {
    Path copy = dir.resolve("copy.db");
    Files.copy(dir.resolve("accounting.db"), copy);
    try (PoolAccounting pool = open(SETTINGS)) {
      Shares miner = new Shares(pool.shares());
      for (int i = 0; i < 10; i++) {
        miner.submit(Shares.share(1, Shares.REGTEST_BITS, 1, 1000));
      }
    }
    Files.copy(copy, dir.resolve("accounting.db"), StandardCopyOption.REPLACE_EXISTING);
    try (PoolAccounting pool = open(SETTINGS)) {
      assertThat(pool.workers().getFirst().sharesAccepted()).isEqualTo(13);
      assertThat(pool.replay().differences()).isEmpty();
    }
  }

  @Test
  void aFolderNoPoolEverUsedSaysSo() {
    assertThatThrownBy(() -> AccountingReader.open(dir.resolve("nothing")).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has a pool ever run");
  }
}
