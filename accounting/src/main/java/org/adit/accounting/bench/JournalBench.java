package org.adit.accounting.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.adit.accounting.journal.Ack;
import org.adit.accounting.journal.AckListener;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalSettings;
import org.adit.accounting.journal.ShareJournal;
import org.adit.accounting.journal.ShareLane;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.journal.ShareWriter;
import org.adit.accounting.journal.WriterStatus;

/**
 * How long a share waits for its acknowledgement when shares come at a given rate: from the moment
 * it was due, not from the moment a late generator offered it, until it is on disk.
 */
public final class JournalBench {
  private static final int NET_BITS = 0x1701f0cc;
  private static final int LANE = 1 << 16;
  private static final long BURST_NANOS = 1_000_000;
  private static final long SECOND = 1_000_000_000;
  private static final int WARM_UP_SECONDS = 2;
  private static final int MOST = 200_000_000;

  private final Path folder;
  private final int rate;
  private final int seconds;
  private final Consumer<String> out;

  /**
   * Makes a bench.
   *
   * @param folder an empty folder it may fill; 128 bytes a share
   * @param rate shares a second, positive
   * @param seconds measured, after two of warm-up; positive
   * @param out takes a line for each figure
   */
  public JournalBench(Path folder, int rate, int seconds, Consumer<String> out) {
    if (rate < 1_000 || seconds < 1 || (long) rate * (seconds + WARM_UP_SECONDS) > MOST) {
      throw new IllegalArgumentException(
          "rate "
              + rate
              + " for "
              + seconds
              + " s (expected: >= 1000 a second, >= 1 s, together at most 200 million)");
    }
    this.folder = folder;
    this.rate = rate;
    this.seconds = seconds;
    this.out = out;
  }

  /** Runs it in a temporary folder, which is removed. */
  public static void inTemporaryFolder(int rate, int seconds, Consumer<String> out)
      throws IOException {
    BenchFolder.use(folder -> new JournalBench(folder, rate, seconds, out).run());
  }

  /** Notes how late each share was on disk. Called by the writer's thread alone. */
  private static final class Latencies implements AckListener {
    private final int[] micros;
    private final long start;
    private final int rate;
    private final AtomicInteger durable = new AtomicInteger();

    Latencies(int shares, long start, int rate) {
      this.micros = new int[shares];
      this.start = start;
      this.rate = rate;
    }

    @Override
    public void durable(List<Ack> acks) {
      long now = System.nanoTime();
      int at = durable.get();
      for (Ack ack : acks) {
        long due = start + ack.share().jobId() * SECOND / rate;
        micros[at++] = (int) Math.min(Integer.MAX_VALUE, Math.max(0, now - due) / 1_000);
      }
      durable.set(at);
    }

    @Override
    public void refused(List<Ack> refused, IOException cause) {
      throw new IllegalStateException(cause);
    }
  }

  /** Measures and prints. */
  public void run() throws IOException {
    JournalSettings settings = JournalSettings.DEFAULT;
    int warm = rate * WARM_UP_SECONDS;
    int shares = warm + rate * seconds;
    try (ShareWriter writer =
        new ShareWriter(
            ShareJournal.open(folder.resolve("journal"), settings, JournalDisk.SYSTEM),
            settings,
            System::nanoTime)) {
      long start = System.nanoTime() + BURST_NANOS;
      Latencies latencies = new Latencies(shares, start, rate);
      ShareLane lane = writer.openLane(LANE, latencies);
      offer(lane, shares, start);
      while (latencies.durable.get() < shares) {
        LockSupport.parkNanos(BURST_NANOS);
      }
      long took = System.nanoTime() - start;
      report(latencies.micros, warm, took, writer.status());
    }
  }

  /** In bursts of a millisecond, as an event loop hands over what it has read. */
  private void offer(ShareLane lane, int shares, long start) {
    byte[] header = new byte[ShareRecord.HEADER_BYTES];
    int next = 0;
    while (next < shares) {
      long now = System.nanoTime();
      int due = (int) Math.min(shares, Math.max(0, (now - start) * rate / SECOND));
      while (next < due) {
        ShareRecord share =
            new ShareRecord(next / 1_000, 1 + next % 1_000, NET_BITS, 1L << 50, 0, next, header);
        if (!lane.offer(share, null)) {
          break;
        }
        next++;
      }
      LockSupport.parkNanos(BURST_NANOS);
    }
  }

  private void report(int[] micros, int warm, long took, WriterStatus status) {
    int[] counted = Arrays.copyOfRange(micros, warm, micros.length);
    Arrays.sort(counted);
    out.accept(
        "journal at "
            + rate
            + " shares a second for "
            + seconds
            + " s: "
            + micros.length * SECOND / took
            + " a second durable, latency p50 "
            + at(counted, 500)
            + ", p99 "
            + at(counted, 990)
            + ", p99.9 "
            + at(counted, 999)
            + ", most "
            + at(counted, 1_000));
    out.accept(
        "groups: "
            + status.groupsFull()
            + " full, "
            + status.groupsTimed()
            + " by time, "
            + status.groupsIdle()
            + " when nothing waited; longest force "
            + millis(status.forceNanosMax() / 1_000));
  }

  private static String at(int[] sorted, int perMille) {
    int index = (int) ((long) sorted.length * perMille / 1_000);
    return millis(sorted[Math.min(index, sorted.length - 1)]);
  }

  private static String millis(long micros) {
    return micros / 1_000 + "." + micros % 1_000 / 100 + " ms";
  }
}
