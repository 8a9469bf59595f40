package org.adit.accounting.bucket;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.BucketRow;
import org.adit.accounting.store.StoreReader;

/**
 * Keeps the table of buckets small: what lies behind every window is merged to hours after ninety
 * days, and to one bucket for each run of one network target after a year. No sum is lost, and a
 * window that should reach that far after all still finds its edge among the raw shares. Not
 * thread-safe.
 */
public final class BucketMerger {
  private static final Duration TO_HOURS = Duration.ofDays(90);
  private static final Duration TO_EPOCHS = Duration.ofDays(365);
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  /** A larger window, set tomorrow, should not find yesterday's buckets merged. */
  private static final int WINDOWS_KEPT = 2;

  /** Buckets of one transaction, which other writers wait for. */
  private static final int MOST_AT_ONCE = 2_000;

  private final AccountingStore store;
  private final NetworkWork networkWork;

  public BucketMerger(AccountingStore store, NetworkWork networkWork) {
    this.store = store;
    this.networkWork = networkWork;
  }

  /**
   * Merges what may be merged.
   *
   * @param window the reward window in units, which stays as fine as it is
   * @param nowMillis milliseconds since the epoch
   * @param mostRuns most new buckets made in one call
   * @return how many buckets there are less
   */
  public int merge(Rational window, long nowMillis, int mostRuns) {
    return merge(window, Long.MAX_VALUE, nowMillis, mostRuns);
  }

  /**
   * The same, with shares that something else still needs in their own buckets.
   *
   * @param keepFromSequence first of them
   */
  public int merge(Rational window, long keepFromSequence, long nowMillis, int mostRuns) {
    long keepFrom = Math.min(keepFromSequence, store.read(reader -> oldestNeeded(reader, window)));
    int merged = 0;
    for (int i = 0; i < mostRuns; i++) {
      List<Long> run = store.read(reader -> nextRun(reader, keepFrom, nowMillis));
      if (run.isEmpty()) {
        break;
      }
      store.write(tx -> {
        tx.mergeBuckets(run);
        return true;
      });
      merged += run.size() - 1;
    }
    return merged;
  }

  /** First sequence of the windows that are kept; 1 while the history is shorter than that. */
  private long oldestNeeded(StoreReader reader, Rational window) {
    Rational wanted = window.times(Rational.of(WINDOWS_KEPT));
    Rational[] filled = {Rational.ZERO};
    long[] from = {1};
    reader.bucketsDown(
        Long.MAX_VALUE,
        bucket -> {
          BigInteger network = networkWork.of(bucket.netBits());
          filled[0] = filled[0].plus(Rational.of(bucket.scoreWork(), network));
          if (filled[0].compareTo(wanted) >= 0) {
            from[0] = bucket.firstSequence();
            return false;
          }
          return true;
        });
    return from[0];
  }

  /** The oldest row of buckets, at least two, that become one. */
  private static List<Long> nextRun(StoreReader reader, long keepFrom, long nowMillis) {
    List<Long> run = new ArrayList<>();
    BucketRow[] first = new BucketRow[1];
    reader.bucketsUp(bucket -> {
      if (bucket.lastSequence() >= keepFrom || bucket.closedBy() == null) {
        return false;
      }
      BucketRow begin = first[0];
      if (begin != null && belongTogether(begin, bucket, nowMillis)) {
        run.add(bucket.id());
        return run.size() < MOST_AT_ONCE;
      }
      if (run.size() > 1) {
        return false;
      }
      run.clear();
      run.add(bucket.id());
      first[0] = bucket;
      return true;
    });
    return run.size() > 1 ? run : List.of();
  }

  private static boolean belongTogether(BucketRow begin, BucketRow bucket, long nowMillis) {
    if (begin.netBits() != bucket.netBits()) {
      return false;
    }
    if (nowMillis - bucket.lastMillis() > TO_EPOCHS.toMillis()
        && nowMillis - begin.lastMillis() > TO_EPOCHS.toMillis()) {
      return true;
    }
    return nowMillis - bucket.lastMillis() > TO_HOURS.toMillis()
        && Math.floorDiv(begin.firstMillis(), HOUR_MILLIS)
            == Math.floorDiv(bucket.firstMillis(), HOUR_MILLIS);
  }
}
