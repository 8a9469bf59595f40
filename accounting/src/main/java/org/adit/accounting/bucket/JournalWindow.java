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
      for (long at = from; at >= to && !walk.isFull(); at--) {
        if (!journal.seek(at)) {
          throw new StoreException(
              "share " + at + " is not in the journal, which ends at " + journal.lastSequence());
        }
        walk.add(current(workers));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
