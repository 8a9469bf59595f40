package org.adit.accounting.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.adit.accounting.AccountingSettings;
import org.adit.accounting.FoundBlock;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.Shares;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.store.SqliteStore;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BucketMergerTest {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long NOW = 20_000 * DAY;
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);

  @TempDir Path dir;

  private static AccountingSettings settings(int units) {
    return AccountingSettings.DEFAULT.withWindow(Rational.of(units), UnfilledPolicy.SCALE);
  }

  private long[] totals() throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("accounting.db"));
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT (SELECT count(*) FROM bucket), (SELECT sum(shares) FROM bucket),
                  (SELECT sum(shares) FROM bucket_worker), (SELECT max(last_sequence) FROM bucket)
                """)) {
      row.next();
      return new long[] {row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)};
    }
  }

  /** Two years of a share every ten hours, then a block whose window reaches far back. */
  @Test
  void oldBucketsAreMergedAndNoSumAndNoWindowChanges() throws Exception {
    int shares = 0;
    try (PoolAccounting pool = PoolAccounting.open(dir, settings(8), CLOCK)) {
      int alice = pool.registerWorker("alice", "rig");
      int bob = pool.registerWorker("bob", "rig");
      Shares miner = new Shares(pool.shares());
      for (long at = NOW - 730 * DAY; at < NOW; at += 10 * Duration.ofHours(1).toMillis()) {
        for (int i = 0; i < 2; i++) {
          miner.submit(
              Shares.share(
                  shares % 3 == 0 ? alice : bob,
                  at < NOW - 500 * DAY ? Shares.DIFFICULTY_ONE_BITS : Shares.REGTEST_BITS,
                  1,
                  at + i * Duration.ofMinutes(2).toMillis()));
          shares++;
        }
      }
    }
    long[] before = totals();
    int less;
    try (SqliteStore store = SqliteStore.open(dir.resolve("accounting.db"))) {
      BucketMerger merger = new BucketMerger(store, new NetworkWork());
      less = merger.merge(Rational.of(8), NOW, Integer.MAX_VALUE);
      assertThat(merger.merge(Rational.of(8), NOW, Integer.MAX_VALUE)).isZero();
      BigInteger[] work = {BigInteger.ZERO};
      store.read(reader -> {
        reader.sumBuckets(0, Long.MAX_VALUE, (bits, sum) -> work[0] = work[0].add(sum.work()));
        return true;
      });
      assertThat(work[0]).isEqualTo(BigInteger.valueOf(shares));
    }
    long[] after = totals();
    assertThat(before[0]).isEqualTo(shares);
    assertThat(after[0]).isEqualTo(before[0] - less).isLessThan(before[0] * 2 / 3);
    assertThat(after[1]).isEqualTo(shares);
    assertThat(after[2]).isEqualTo(shares);
    assertThat(after[3]).isEqualTo(shares);

    // A larger window than the merger kept fine: its edge lies in a merged bucket.
    try (PoolAccounting pool = PoolAccounting.open(dir, settings(500), CLOCK)) {
      Shares miner = new Shares(pool.shares());
      long winner = miner.submit(Shares.winner(1, Shares.REGTEST_BITS, 2, NOW));
      assertThat(
              pool.blockFound(
                      new FoundBlock(
                          Hash256.ofDisplayHex("ef".repeat(32)),
                          1,
                          Shares.REGTEST_BITS,
                          5_000_000_000L,
                          1,
                          1,
                          winner,
                          1,
                          SchemeKind.PPLNS_UNITS,
                          CLOCK.instant()))
                  .isPosted())
          .isTrue();
      assertThat(pool.replay().differences()).isEmpty();
    }
  }
}
