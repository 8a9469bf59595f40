package org.adit.accounting.bucket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Map;
import org.adit.accounting.journal.JournalReader;
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

  /** Adds shares from {@code from} down to {@code to}, until the window is full. */
  void addDown(WindowWalk walk, Map<Integer, WorkerKey> workers, long from, long to) {
    try {
      long at = from;
      while (at >= to && !walk.isFull()) {
        long left = addRun(walk, workers, at, Math.max(to, at - RUN + 1));
        for (long end = Math.max(to, at - RUN + 1); left >= end && !walk.isFull(); left--) {
          seek(left);
          walk.add(current(workers));
        }
        at = left;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sums a run of shares at one network target and adds it if it fits as a whole: most of a window
   * does, and then no share costs an object.
   *
   * @return the newest share that was not added
   */
  private long addRun(WindowWalk walk, Map<Integer, WorkerKey> workers, long from, long to)
      throws IOException {
    WorkSums sums = new WorkSums();
    int netBits = 0;
    long cap = 0;
    long oldest = 0;
    long at = from;
    for (; at >= to; at--) {
      seek(at);
      if (oldest == 0 && journal.work() > 0) {
        netBits = journal.netBits();
        cap = cap(walk, netBits);
      }
      if (journal.work() > 0) {
        if (journal.netBits() != netBits) {
          break;
        }
        sums.add(journal.workerId(), Math.min(journal.work(), cap));
        oldest = at;
      }
    }
    if (oldest == 0) {
      return at;
    }
    BigInteger network = networkWork.of(netBits);
    if (walk.amount(sums.total(), network).compareTo(walk.left()) > 0) {
      return from;
    }
    sums.moveInto(walk, id -> keyOf(workers, id, from), network);
    seek(oldest);
    walk.edgeAt(current(workers));
    return at;
  }

  /** Most work a share counts for. */
  private long cap(WindowWalk walk, int netBits) {
    BigInteger most = networkWork.of(netBits);
    return walk.capsShares() && most.bitLength() < Long.SIZE ? most.longValue() : Long.MAX_VALUE;
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
