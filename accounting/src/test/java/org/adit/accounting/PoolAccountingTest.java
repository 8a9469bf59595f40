package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.ledger.Outcome;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.BlockState;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolAccountingTest {
  private static final long SUBSIDY = 5_000_000_000L;
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
  private static final AccountingSettings SETTINGS =
      AccountingSettings.DEFAULT
          .withWindow(Rational.of(4), UnfilledPolicy.SCALE)
          .withFee(new FeePpm(10_000, 10_000))
          .withJournal(AccountingSettings.DEFAULT.journal().withSegmentShares(64));

  @TempDir Path dir;

  private static Hash256 hash(int n) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) n;
    bytes[1] = (byte) (n >> 8);
    return Hash256.ofWire(bytes);
  }

  private static FoundBlock block(int n, long winner, int finder, SchemeKind scheme, long fees) {
    return new FoundBlock(
        hash(n), n, Shares.REGTEST_BITS, SUBSIDY, fees, 1, winner, finder, scheme, CLOCK.instant());
  }

  private PoolAccounting open() throws IOException {
    return PoolAccounting.open(dir, SETTINGS, CLOCK);
  }

  @Test
  void sharesBecomeCreditsAndCreditsBecomePayable() throws Exception {
    try (PoolAccounting pool = open()) {
      int alice = pool.registerWorker("alice", "rig1");
      int bob = pool.registerWorker("bob", "");
      assertThat(pool.registerWorker("alice", "rig1")).isEqualTo(alice);
      Shares miner = new Shares(pool.shares());
      miner.submit(Shares.share(alice, Shares.REGTEST_BITS, 2, 1000));
      miner.submit(Shares.share(alice, Shares.REGTEST_BITS, 2, 2000));
      miner.submit(Shares.share(bob, Shares.REGTEST_BITS, 1, 3000));
      long winner = miner.submit(Shares.winner(bob, Shares.REGTEST_BITS, 2, 4000));
      FoundBlock found = block(1, winner, bob, SchemeKind.PPLNS_UNITS, 1000);

      assertThat(pool.blockFound(found).outcome()).isEqualTo(Outcome.POSTED);
      assertThat(pool.blockFound(found).outcome()).isEqualTo(Outcome.DUPLICATE);

      assertThat(pool.credits(hash(1)))
          .extracting(c -> c.worker().account(), c -> c.weight().toString(), c -> c.amounts())
          .containsExactly(
              tuple("alice", "2", new Amounts(3_960_000_000L, 792)),
              tuple("bob", "1/2", new Amounts(990_000_000L, 198)));
      assertThat(pool.balances())
          .contains(new BalanceRow("alice", new Amounts(3_960_000_000L, 792), 0, Amounts.ZERO));

      assertThat(pool.blockMatured(hash(1)).outcome()).isEqualTo(Outcome.POSTED);
      assertThat(pool.balances())
          .contains(new BalanceRow("alice", Amounts.ZERO, 3_960_000_792L, Amounts.ZERO));
      assertThat(pool.ledger().get("asset:wallet")).isEqualTo(SUBSIDY + 1000);
      assertThat(pool.replay().differences()).isEmpty();
      pool.addRejects(bob, "stale", 3);
      assertThat(pool.workers())
          .extracting(w -> w.account(), w -> w.sharesAccepted(), w -> w.sharesRejected())
          .containsExactly(tuple("alice", 2L, 0L), tuple("bob", 2L, 3L));
    }
  }

  @Test
  void soloIsPaidByTheCoinbaseAndOnlyTheFeeIsBooked() throws Exception {
    try (PoolAccounting pool = open()) {
      int alice = pool.registerWorker("alice", "rig1");
      Shares miner = new Shares(pool.shares());
      long winner = miner.submit(Shares.winner(alice, Shares.REGTEST_BITS, 2, 1000));
      assertThat(pool.blockFound(block(1, winner, alice, SchemeKind.SOLO, 777)).outcome())
          .isEqualTo(Outcome.POSTED);
      assertThat(pool.ledger())
          .containsOnlyKeys("asset:immature", "income:poolfee_pending")
          .containsEntry("asset:immature", 50_000_007L);
      assertThat(pool.balances())
          .containsExactly(
              new BalanceRow("alice", Amounts.ZERO, 0, new Amounts(4_950_000_000L, 770)));
      assertThat(pool.blockOrphaned(hash(1)).outcome()).isEqualTo(Outcome.POSTED);
      assertThat(pool.ledger()).isEmpty();
      assertThat(pool.balances())
          .containsExactly(new BalanceRow("alice", Amounts.ZERO, 0, Amounts.ZERO));
      assertThat(pool.replay().differences()).isEmpty();
    }
  }

  @Test
  void blocksComeAndGo() throws Exception {
    try (PoolAccounting pool = open()) {
      int alice = pool.registerWorker("alice", "rig1");
      Shares miner = new Shares(pool.shares());
      miner.submit(Shares.share(alice, Shares.REGTEST_BITS, 2, 1000));
      long winner = miner.submit(Shares.winner(alice, Shares.REGTEST_BITS, 2, 1000));
      pool.blockFound(block(1, winner, alice, SchemeKind.PPLNS_UNITS, 0));
      assertThat(pool.blockReconnected(hash(1)).outcome()).isEqualTo(Outcome.DUPLICATE);
      assertThat(pool.blockOrphaned(hash(1)).outcome()).isEqualTo(Outcome.POSTED);
      assertThat(pool.blockOrphaned(hash(1)).outcome()).isEqualTo(Outcome.DUPLICATE);
      assertThat(pool.blockMatured(hash(1)).outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(pool.ledger()).isEmpty();
      assertThat(pool.blockReconnected(hash(1)).outcome()).isEqualTo(Outcome.POSTED);
      assertThat(pool.blockMatured(hash(1)).outcome()).isEqualTo(Outcome.POSTED);
      assertThat(pool.blockOrphaned(hash(1)).key()).contains(":deep:3");
      assertThat(pool.blocks(1).getFirst().state()).isEqualTo(BlockState.ORPHANED);
      assertThat(pool.ledger().getOrDefault("asset:wallet", 0L)).isZero();
      assertThat(pool.blockReconnected(hash(1)).outcome()).isEqualTo(Outcome.POSTED);
      assertThat(pool.blocks(1).getFirst().state()).isEqualTo(BlockState.MATURE);
      assertThat(pool.replay().differences()).isEmpty();
    }
  }

  @Test
  void twoBlocksAtOneHeightAreBothBooked() throws Exception {
    try (PoolAccounting pool = open()) {
      int alice = pool.registerWorker("alice", "rig1");
      Shares miner = new Shares(pool.shares());
      miner.submit(Shares.share(alice, Shares.REGTEST_BITS, 2, 1000));
      long first = miner.submit(Shares.winner(alice, Shares.REGTEST_BITS, 2, 1000));
      long second = miner.submit(Shares.winner(alice, Shares.REGTEST_BITS, 2, 1000));
      pool.blockFound(block(1, first, alice, SchemeKind.PPLNS_UNITS, 0));
      FoundBlock twin =
          new FoundBlock(
              hash(2),
              1,
              Shares.REGTEST_BITS,
              SUBSIDY,
              0,
              1,
              second,
              alice,
              SchemeKind.PPLNS_UNITS,
              CLOCK.instant());
      assertThat(pool.blockFound(twin).outcome()).isEqualTo(Outcome.POSTED);
      assertThat(pool.ledger().get("asset:immature")).isEqualTo(2 * SUBSIDY);
    }
  }

  @Test
  void whatCannotBePostedIsRefusedWithAReason() throws Exception {
    try (PoolAccounting pool = open()) {
      int alice = pool.registerWorker("alice", "rig1");
      assertThat(pool.blockFound(block(1, 5, alice, SchemeKind.PPLNS_UNITS, 0)).reason())
          .contains("winning share 5 is not in the journal");
      new Shares(pool.shares()).submit(Shares.winner(alice, Shares.REGTEST_BITS, 2, 1));
      assertThat(pool.blockFound(block(1, 1, 99, SchemeKind.PPLNS_UNITS, 0)).reason())
          .contains("worker 99");
      assertThat(pool.blockOrphaned(hash(7)).isRefused()).isTrue();
      assertThat(pool.ledger()).isEmpty();
      assertThatThrownBy(() -> pool.registerWorker("~reserve", ""))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSecondOwnerIsRefusedAndAReaderIsNot() throws Exception {
    try (PoolAccounting pool = open()) {
      pool.registerWorker("alice", "rig1");
      assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("in use");
      try (AccountingReader reader = AccountingReader.open(dir)) {
        assertThat(reader.workers()).hasSize(1);
      }
    }
    try (PoolAccounting again = open()) {
      assertThat(again.workers()).hasSize(1);
    }
  }

  @Test
  void aCandidateKeptThroughACrashFindsItsShare() throws Exception {
    byte[] header = new byte[80];
    header[79] = 7;
    try (PoolAccounting pool = open()) {
      int alice = pool.registerWorker("alice", "rig1");
      Shares miner = new Shares(pool.shares());
      miner.submit(Shares.winner(alice, Shares.REGTEST_BITS, 2, 1));
      miner.submit(new ShareRecord(1, alice, Shares.REGTEST_BITS, 2, 0, 1, header));
      assertThat(pool.findWinner(header, 100)).isEmpty();
      long marker =
          miner.submit(
              new ShareRecord(1, alice, Shares.REGTEST_BITS, 0, ShareRecord.MARKER, 1, header));
      miner.submit(Shares.share(alice, Shares.REGTEST_BITS, 2, 1));
      assertThat(pool.findWinner(header, 100)).hasValue(marker);
      assertThat(pool.findWinner(header, 1)).isEmpty();
    }
  }

  /** The first share of a pool may be a block; its window is empty. */
  @Test
  void aBlockWithoutAnyShareBeforeItGoesToItsFinder() throws Exception {
    try (PoolAccounting pool = open()) {
      int alice = pool.registerWorker("alice", "rig1");
      long winner =
          new Shares(pool.shares()).submit(Shares.winner(alice, Shares.REGTEST_BITS, 2, 1));
      pool.blockFound(block(1, winner, alice, SchemeKind.PPLNS_UNITS, 100));
      assertThat(pool.credits(hash(1)))
          .singleElement()
          .satisfies(
              credit -> assertThat(credit.amounts()).isEqualTo(new Amounts(4_950_000_000L, 99)));
      assertThat(pool.replay().differences()).isEmpty();
    }
  }
}
