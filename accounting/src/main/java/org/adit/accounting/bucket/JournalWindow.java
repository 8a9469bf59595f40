package org.adit.accounting.bucket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WindowShare;
import org.adit.accounting.scheme.WindowWalk;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.StoreException;
import org.adit.accounting.store.StoreReader;

/** Windows straight from the journal, share by share; what replay trusts. Not thread-safe. */
public final class JournalWindow implements WindowSource {
  /** Shares summed before they are added to a window. */
  private static final int RUN = 8_192;

  private static final int HALF = 32;
  private static final long LOW_HALF = 0xffff_ffffL;

  private final JournalReader journal;
  private final NetworkWork networkWork;

  public JournalWindow(JournalReader journal, NetworkWork networkWork) {
    this.journal = journal;
    this.networkWork = networkWork;
  }

  @Override
  public Window window(StoreReader reader, WindowSpec spec) {
    WindowWalk walk = spec.walk();
    addDown(
        walk,
        reader.workerKeys(),
        spec.endSequence(),
        Math.max(spec.firstSequence(), journal.firstSequence()));
    return walk.finish();
  }

  /** Oldest raw share there is. */
  long firstSequence() {
    return journal.firstSequence();
  }

  /** Adds shares from {@code from} down to {@code to}, until the window is full. */
  void addDown(WindowWalk walk, Map<Integer, WorkerKey> workers, long from, long to) {
    try {
      new Down(walk, workers).add(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Goes down a window. Runs of shares that fit as a whole, which most of a window does, are summed
   * without an object for each share; only where the edge falls shares are added one by one.
   */
  private final class Down {
    private final WindowWalk walk;
    private final Map<Integer, WorkerKey> workers;
    private final Map<Integer, WorkSums> pending = new HashMap<>();
    private final int[] ids = new int[RUN];
    private final long[] works = new long[RUN];
    private Rational room;
    private long oldest;

    /** The run being read: shares at one network target. */
    private int count;

    private int netBits;
    private long runOldest;
    private long high;
    private long low;

    Down(WindowWalk walk, Map<Integer, WorkerKey> workers) {
      this.walk = walk;
      this.workers = workers;
      this.room = walk.left();
    }

    void add(long from, long to) throws IOException {
      long at = from;
      while (at >= to && !walk.isFull()) {
        long next = read(at, to);
        if (count > 0) {
          BigInteger work = BigInteger.valueOf(high).shiftLeft(HALF).add(BigInteger.valueOf(low));
          Rational of = walk.amount(work, networkWork.of(netBits));
          if (of.compareTo(room) <= 0) {
            keep(of);
          } else {
            flush();
            for (long share = at; share > next && !walk.isFull(); share--) {
              seek(share);
              walk.add(current(workers));
            }
            room = walk.left();
          }
        }
        at = next;
      }
      flush();
    }

    /** Reads a run and returns the newest share not read. */
    private long read(long from, long to) throws IOException {
      count = 0;
      high = 0;
      low = 0;
      long cap = 0;
      long at = from;
      for (; at >= to && from - at < RUN; at--) {
        seek(at);
        if (journal.work() <= 0) {
          continue;
        }
        if (count == 0) {
          netBits = journal.netBits();
          cap = cap(netBits);
        } else if (journal.netBits() != netBits) {
          break;
        }
        long work = Math.min(journal.work(), cap);
        ids[count] = journal.workerId();
        works[count++] = work;
        // Halves, so that thousands of works of 63 bits can be summed.
        high += work >>> HALF;
        low += work & LOW_HALF;
        runOldest = at;
      }
      return at;
    }

    private void keep(Rational amount) {
      WorkSums sums = pending.computeIfAbsent(netBits, bits -> new WorkSums());
      for (int i = 0; i < count; i++) {
        sums.add(ids[i], works[i]);
      }
      room = room.minus(amount);
      oldest = runOldest;
    }

    private void flush() throws IOException {
      pending.forEach((bits, sums) ->
          sums.moveInto(
              walk, workers.keySet(), id -> keyOf(workers, id, oldest), networkWork.of(bits)));
      pending.clear();
      if (oldest > 0) {
        seek(oldest);
        walk.edgeAt(current(workers));
        oldest = 0;
      }
    }

    /** Most work a share counts for. */
    private long cap(int bits) {
      BigInteger most = networkWork.of(bits);
      return walk.capsShares() && most.bitLength() < Long.SIZE ? most.longValue() : Long.MAX_VALUE;
    }
  }

  private void seek(long sequence) throws IOException {
    if (!journal.seek(sequence)) {
      throw new StoreException(
          "share " + sequence + " is not in the journal, which ends at " + journal.lastSequence());
    }
  }

  /** The oldest share with work in [from, to]. */
  WindowShare oldest(Map<Integer, WorkerKey> workers, long from, long to) {
    try {
      for (long at = from; at <= to && journal.seek(at); at++) {
        if (journal.work() > 0) {
          return current(workers);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new StoreException("no share with work from " + from + " to " + to);
  }

  private WindowShare current(Map<Integer, WorkerKey> workers) {
    return new WindowShare(
        journal.sequence(),
        keyOf(workers, journal.workerId(), journal.sequence()),
        BigInteger.valueOf(journal.work()),
        networkWork.of(journal.netBits()));
  }

  static WorkerKey keyOf(Map<Integer, WorkerKey> workers, int workerId, long sequence) {
    WorkerKey key = workers.get(workerId);
    if (key == null) {
      throw new StoreException(
          "worker "
              + workerId
              + " of share "
              + sequence
              + " is not in the database; the database is older than the journal");
    }
    return key;
  }
}
