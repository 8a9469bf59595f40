package org.adit.accounting;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.adit.accounting.bucket.BucketSettings;
import org.adit.accounting.journal.Ack;
import org.adit.accounting.journal.AckListener;
import org.adit.accounting.journal.ShareLane;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.hasher.Hash256;

/**
 * A pool that mines as fast as it can until it is killed. Prints {@code A sequence job .} for every
 * acknowledged share and {@code B hash} for every posted block, after the fact.
 */
final class CrashChild {
  static final AccountingSettings SETTINGS =
      new AccountingSettings(
          SchemeKind.PPLNS_UNITS,
          Rational.of(40),
          UnfilledPolicy.RESERVE,
          new FeePpm(7_777, 3_333),
          Duration.ofMillis(20),
          AccountingSettings.DEFAULT.journal().withSegmentShares(2_048),
          new BucketSettings(Duration.ofSeconds(1), 300, 1_000));

  /** Network work of these bits is 256 hashes; a share of work 4 is a 64th unit. */
  private static final int NET_BITS = 0x2000ffff;

  private static final long SUBSIDY = 5_000_000_000L;
  private static final int WINNER_EVERY = 150;

  private final PoolAccounting pool;
  private final PrintStream out;
  private final SplittableRandom random;
  private final BlockingQueue<Ack> winners = new ArrayBlockingQueue<>(64);

  private CrashChild(PoolAccounting pool, PrintStream out, long seed) {
    this.pool = pool;
    this.out = out;
    this.random = new SplittableRandom(seed);
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true);
    try (PoolAccounting pool = PoolAccounting.open(Path.of(args[0]), SETTINGS, Clock.systemUTC())) {
      out.println("READY " + ProcessHandle.current().pid());
      payInBackground(pool, Path.of(args[0]).resolve("chain.txt"), Long.parseLong(args[1]), out);
      new CrashChild(pool, out, Long.parseLong(args[1])).run();
    }
  }

  private static void payInBackground(PoolAccounting pool, Path chain, long seed, PrintStream out) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            new CrashPayer(pool, chain, new SplittableRandom(seed + 1)).run();
          } catch (IOException | RuntimeException e) {
            out.println("NOT PAID " + e);
          }
        });
  }

  private void run() throws InterruptedException {
    int[] workers = new int[7];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = pool.registerWorker("account" + i % 3, "rig" + i);
    }
    ShareLane lane =
        pool.shares()
            .openLane(
                512,
                new AckListener() {
                  @Override
                  public void durable(List<Ack> acks) {
                    acknowledged(acks);
                  }

                  @Override
                  public void refused(List<Ack> shares, IOException cause) {
                    out.println("REFUSED " + cause);
                  }
                });
    Thread.ofPlatform().daemon().start(() -> offerForEver(lane, workers));
    while (true) {
      post(winners.take());
    }
  }

  private void acknowledged(List<Ack> acks) {
    StringBuilder lines = new StringBuilder();
    for (Ack ack : acks) {
      lines
          .append("A ")
          .append(ack.sequence())
          .append(' ')
          .append(ack.share().jobId())
          .append(" .\n");
      if (ack.share().isBlock() && !winners.offer(ack)) {
        lines.append("SKIPPED\n");
      }
    }
    out.print(lines);
    out.flush();
  }

  private void offerForEver(ShareLane lane, int[] workers) {
    while (true) {
      int flags = random.nextInt(WINNER_EVERY) == 0 ? ShareRecord.BLOCK : 0;
      ShareRecord share =
          new ShareRecord(
              System.currentTimeMillis(),
              workers[random.nextInt(workers.length)],
              NET_BITS,
              1L << random.nextInt(4),
              flags,
              random.nextLong(Long.MAX_VALUE),
              new byte[80]);
      // Not faster than blocks are settled, else every life ends in the first fold.
      while (winners.remainingCapacity() < 32 || !lane.offer(share, null)) {
        LockSupport.parkNanos(10_000);
      }
    }
  }

  static Hash256 hashOf(long sequence) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (sequence >>> (8 * i));
    }
    return Hash256.ofWire(bytes);
  }

  private void post(Ack winner) {
    Hash256 hash = hashOf(winner.sequence());
    long sequence = winner.sequence();
    Posting posting =
        pool.blockFound(
            new FoundBlock(
                hash,
                (int) sequence,
                NET_BITS,
                SUBSIDY,
                sequence * 31 % 1_000_003,
                3,
                sequence,
                winner.share().workerId(),
                sequence % 5 == 0 ? SchemeKind.SOLO : SchemeKind.PPLNS_UNITS,
                Clock.systemUTC().instant()));
    out.println((posting.isPosted() ? "B " : "NOT POSTED " + posting + " ") + hash.toDisplayHex());
    switch ((int) (sequence % 4)) {
      case 0 -> pool.blockMatured(hash);
      case 1 -> pool.blockOrphaned(hash);
      case 2 -> {
        pool.blockOrphaned(hash);
        pool.blockReconnected(hash);
      }
      default -> {
        // Stays immature.
      }
    }
  }
}
