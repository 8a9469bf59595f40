package org.adit.accounting.bucket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.BucketRow;
import org.adit.accounting.store.StoreException;
import org.adit.accounting.store.StoreWriter;
import org.adit.accounting.store.WorkerSum;
import org.jspecify.annotations.Nullable;

/**
 * Carries the journal into bucket and worker sums. Sums and the journal offset commit together, so
 * every share counts exactly once, however often the process dies. Where buckets end depends on the
 * journal and on when pay settings changed; no sum over a window depends on where they end. Not
 * thread-safe.
 */
public final class BucketFolder {
  private final AccountingStore store;
  private final JournalReader journal;
  private final BucketSettings settings;
  private final NetworkWork networkWork;

  public BucketFolder(
      AccountingStore store,
      JournalReader journal,
      BucketSettings settings,
      NetworkWork networkWork) {
    this.store = store;
    this.journal = journal;
    this.settings = settings;
    this.networkWork = networkWork;
  }

  /**
   * Folds everything up to a durable sequence.
   *
   * @return newest folded sequence
   * @throws StoreException when the database fails or is newer than the journal
   * @throws UncheckedIOException when the journal cannot be read
   */
  public long foldThrough(long sequence) {
    long folded = store.read(reader -> reader.foldedSequence());
    while (folded < sequence) {
      folded = store.write(writer -> foldOnce(writer, sequence));
    }
    return folded;
  }

  /** Ends the bucket that still grows when nothing came for its whole span. */
  public void closeIdle(long nowMillis) {
    boolean idle =
        store.read(
            reader -> reader.openBucket().filter(bucket -> isIdle(bucket, nowMillis)).isPresent());
    if (idle) {
      store.write(writer -> {
        writer
            .openBucket()
            .filter(bucket -> isIdle(bucket, nowMillis))
            .ifPresent(bucket -> writer.updateBucket(Open.of(bucket).row("idle")));
        return true;
      });
    }
  }

  private boolean isIdle(BucketRow bucket, long nowMillis) {
    return nowMillis - bucket.lastMillis() >= settings.span().toMillis();
  }

  private long foldOnce(StoreWriter writer, long sequence) {
    long from = writer.foldedSequence() + 1;
    long to = Math.min(sequence, from + settings.foldShares() - 1);
    if (to < from) {
      return from - 1;
    }
    Run run = new Run(writer);
    try {
      for (long at = from; at <= to; at++) {
        if (!journal.seek(at)) {
          throw new StoreException(
              "share " + at + " is not in the journal, which ends at " + journal.lastSequence());
        }
        run.add();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run.save();
    writer.setFoldedSequence(to);
    return to;
  }

  /** Why a bucket ends before this share, or null. */
  private @Nullable String endsBefore(Open open) {
    if ((journal.flags() & (ShareRecord.BLOCK | ShareRecord.MARKER)) != 0) {
      return "winner";
    }
    if (journal.netBits() != open.netBits) {
      return "retarget";
    }
    // The clock may step backwards; a long way in either direction ends the bucket.
    if (Math.abs(journal.timeMillis() - open.firstMillis) >= settings.span().toMillis()) {
      return "time";
    }
    if (open.shares >= settings.shares()) {
      return "size";
    }
    return null;
  }

  /** A bucket being filled; sums are of the whole bucket, growth only of this transaction. */
  private static final class Open {
    long id;
    final long firstSequence;
    long lastSequence;
    final long firstMillis;
    long lastMillis;
    final int netBits;
    long shares;
    BigInteger work = BigInteger.ZERO;
    BigInteger scoreWork = BigInteger.ZERO;
    final Map<Integer, WorkerSum> growth = new HashMap<>();

    Open(long firstSequence, long firstMillis, int netBits) {
      this.firstSequence = firstSequence;
      this.firstMillis = firstMillis;
      this.netBits = netBits;
    }

    static Open of(BucketRow row) {
      Open open = new Open(row.firstSequence(), row.firstMillis(), row.netBits());
      open.id = row.id();
      open.lastSequence = row.lastSequence();
      open.lastMillis = row.lastMillis();
      open.shares = row.shares();
      open.work = row.work();
      open.scoreWork = row.scoreWork();
      return open;
    }

    BucketRow row(@Nullable String closedBy) {
      return new BucketRow(
          id,
          firstSequence,
          lastSequence,
          firstMillis,
          lastMillis,
          netBits,
          shares,
          work,
          scoreWork,
          closedBy);
    }
  }

  /** One transaction's worth of folding. */
  private final class Run {
    private final StoreWriter writer;
    private final Map<Integer, WorkerSum> totals = new HashMap<>();
    private final Map<Integer, Long> lastShareMillis = new HashMap<>();
    private final ArrayDeque<Long> boundaries;
    private @Nullable Open open;

    Run(StoreWriter writer) {
      this.writer = writer;
      this.boundaries = new ArrayDeque<>(writer.boundariesAfter(writer.foldedSequence()));
      this.open = writer.openBucket().map(Open::of).orElse(null);
    }

    void add() {
      Open current = open;
      if (current != null) {
        String reason = begins() ? "settings" : endsBefore(current);
        if (reason != null) {
          save(current, reason);
          current = null;
        }
      }
      if (current == null) {
        current = new Open(journal.sequence(), journal.timeMillis(), journal.netBits());
        open = current;
      }
      current.lastSequence = journal.sequence();
      current.lastMillis = journal.timeMillis();
      if (journal.work() > 0) {
        count(current);
      }
    }

    /**
     * Whether a pay rule or rate begins at or before this share, and no bucket ended for it yet.
     */
    private boolean begins() {
      boolean begins = false;
      while (!boundaries.isEmpty() && boundaries.peekFirst() <= journal.sequence()) {
        boundaries.removeFirst();
        begins = true;
      }
      return begins;
    }

    private void count(Open bucket) {
      BigInteger work = BigInteger.valueOf(journal.work());
      BigInteger score = work.min(networkWork.of(journal.netBits()));
      bucket.shares++;
      bucket.work = bucket.work.add(work);
      bucket.scoreWork = bucket.scoreWork.add(score);
      WorkerSum sum = new WorkerSum(journal.workerId(), 1, work, score);
      bucket.growth.merge(sum.workerId(), sum, WorkerSum::plus);
      totals.merge(sum.workerId(), sum, WorkerSum::plus);
      lastShareMillis.put(sum.workerId(), journal.timeMillis());
    }

    private void save(Open bucket, @Nullable String closedBy) {
      if (bucket.id == 0) {
        bucket.id = writer.insertBucket(bucket.row(closedBy));
      } else {
        writer.updateBucket(bucket.row(closedBy));
      }
      List<WorkerSum> growth = new ArrayList<>(bucket.growth.values());
      bucket.growth.clear();
      writer.addToBucket(bucket.id, growth);
    }

    void save() {
      if (open != null) {
        save(open, null);
      }
      writer.addToWorkers(totals.values(), lastShareMillis);
    }
  }
}
