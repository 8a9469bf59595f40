package org.adit.accounting;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.adit.accounting.bucket.BucketSettings;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.store.AttemptState;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutState;
import org.adit.hasher.Hash256;

/**
 * A pool's life that is the same every time, in rounds that can be taken up again wherever the one
 * before died: shares, a block, its maturity or loss, shares paid as they come, a payout, retired
 * segments. Its chain is a file of transaction ids.
 */
final class ScriptedPool {
  static final AccountingSettings SETTINGS =
      AccountingSettings.DEFAULT
          .withScheme(SchemeKind.PPS_PLUS)
          .withWindow(Rational.parse("1/2"), UnfilledPolicy.SCALE)
          .withFee(new FeePpm(20_000, 10_000))
          .withPps(new PpsSettings(1, Duration.ZERO))
          .withKeepShares(Duration.ZERO)
          .withBuckets(new BucketSettings(Duration.ofMinutes(1), 9, 20))
          .withJournal(AccountingSettings.DEFAULT.journal().withSegmentShares(64));

  static final int ROUNDS = 36;
  private static final int ROUND = 12;

  /** Network work 256. */
  private static final int BITS = 0x2000ffff;

  private static final long START_MILLIS = 1_800_000_000_000L;
  private static final long STEP_MILLIS = 10_000;
  private static final long SUBSIDY = 1_000_000;

  private final Path dir;
  private final Consumer<String> points;
  private final MovingClock clock = new MovingClock(START_MILLIS);

  ScriptedPool(Path dir, Consumer<String> points) {
    this.dir = dir;
    this.points = points;
  }

  PoolAccounting open() throws IOException {
    return PoolAccounting.open(dir, SETTINGS, clock, new PointedFooting(points));
  }

  /** Lives from where an earlier life ended to the end of the script. */
  void live() throws Exception {
    try (PoolAccounting pool = open()) {
      long last = pool.shares().lastDurableSequence();
      clock.advance(Duration.ofMillis(last * STEP_MILLIS));
      int[] workers = {
        pool.registerWorker("alice", "rig"),
        pool.registerWorker("bob", "rig"),
        pool.registerWorker("carol", "rig")
      };
      pool.payPerBlock(SUBSIDY, Rational.ZERO, "");
      expect(pool.payouts().operatorMoved("in", 100_000_000));
      expect(pool.payouts().operatorReserved("pps", 100_000_000));
      Shares miner = new Shares(pool.shares());
      // A round's shares may all be there and what follows from them not.
      for (int round = (int) Math.max(0, (last - 1) / ROUND); round < ROUNDS; round++) {
        mine(pool, miner, workers, round);
        block(pool, workers, round);
        pool.payShares(true);
        payout(pool, round);
        while (pool.retireOne()) {}
      }
      clock.advance(Duration.ofMinutes(5));
      pool.payShares(true);
    }
  }

  private void mine(PoolAccounting pool, Shares miner, int[] workers, int round) throws Exception {
    long end = (round + 1L) * ROUND;
    for (long at = pool.shares().lastDurableSequence() + 1; at <= end; at++) {
      miner.submit(
          new ShareRecord(
              START_MILLIS + at * STEP_MILLIS,
              workers[(int) (at % workers.length)],
              BITS,
              1 + at * 7 % 8,
              at == end ? ShareRecord.BLOCK : 0,
              at,
              new byte[80]));
      clock.advance(Duration.ofMillis(STEP_MILLIS));
    }
    pool.refresh();
  }

  private void block(PoolAccounting pool, int[] workers, int round) {
    long winner = (round + 1L) * ROUND;
    Hash256 hash = Hash256.ofDisplayHex(hex(winner));
    expect(
        pool.blockFound(
            new FoundBlock(
                hash,
                round + 1,
                BITS,
                SUBSIDY,
                10_000 + round,
                2,
                winner,
                workers[(int) (winner % workers.length)],
                SchemeKind.PPS_PLUS,
                clock.instant())));
    boolean lost = round % 3 == 2;
    boolean back = round % 6 == 5;
    if (lost && row(pool, hash).transitions() == 0) {
      expect(pool.blockOrphaned(hash));
    }
    if (back && row(pool, hash).transitions() == 1) {
      expect(pool.blockReconnected(hash));
    }
    if ((!lost || back) && row(pool, hash).state() == BlockState.IMMATURE) {
      expect(pool.blockMatured(hash));
    }
  }

  private static BlockRow row(PoolAccounting pool, Hash256 hash) {
    return pool.block(hash).orElseThrow();
  }

  private void payout(PoolAccounting pool, int round) throws IOException {
    if (round < 3) {
      return;
    }
    Payouts payouts = pool.payouts();
    String id = "p" + round;
    PayoutRow.Item item = new PayoutRow.Item("alice", "alice", new byte[] {1}, 5_000 + round, 100);
    if (payouts.find(id).isEmpty()) {
      expect(
          payouts.reserve(
              new PayoutRow(
                  id,
                  PayoutState.RESERVED,
                  0,
                  0,
                  true,
                  1,
                  clock.instant(),
                  clock.instant(),
                  "",
                  List.of(item),
                  List.of())));
    }
    String txid = hex(1_000_000L + round);
    if (payouts.find(id).orElseThrow().attempts().isEmpty()) {
      expect(payouts.store(id, attempt(txid, round)));
    }
    if (state(payouts, id) == PayoutState.SIGNED) {
      points.accept("send");
      Files.writeString(
          chain(),
          txid + "\n",
          StandardCharsets.US_ASCII,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      points.accept("sent");
      expect(payouts.broadcast(id, txid));
    }
    if (state(payouts, id) == PayoutState.BROADCAST) {
      expect(payouts.confirmed(id, txid));
    }
    if (state(payouts, id) == PayoutState.CONFIRMED) {
      expect(payouts.finished(id));
    }
  }

  private PayoutRow.Attempt attempt(String txid, int round) {
    return new PayoutRow.Attempt(
        1,
        AttemptState.SIGNED,
        txid,
        null,
        "00",
        100,
        100,
        clock.instant(),
        List.of(new PayoutRow.Input(hex(2_000_000L + round), 0)));
  }

  private static PayoutState state(Payouts payouts, String id) {
    return payouts.find(id).orElseThrow().state();
  }

  Path chain() {
    return dir.resolve("chain.txt");
  }

  /** Transactions that were sent; the chain takes each once. */
  Set<String> sent() throws IOException {
    return new TreeSet<>(Files.readAllLines(chain(), StandardCharsets.US_ASCII));
  }

  private static String hex(long number) {
    return HexFormat.of().toHexDigits(number).repeat(4);
  }

  private static void expect(Posting posting) {
    if (posting.isRefused()) {
      throw new IllegalStateException(posting.toString());
    }
  }
}
