package org.adit.accounting.bucket;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WindowWalk;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.BucketRow;
import org.adit.accounting.store.StoreReader;
import org.jspecify.annotations.Nullable;

/**
 * Windows from bucket sums; raw shares are read only in the bucket where the window's edge falls
 * ({@code edge=raw}) and in the one that straddles its end. Gives exactly what {@link
 * JournalWindow} gives. Not thread-safe.
 */
public final class BucketWindow implements WindowSource {
  private final JournalWindow raw;
  private final NetworkWork networkWork;

  public BucketWindow(JournalWindow raw, NetworkWork networkWork) {
    this.raw = raw;
    this.networkWork = networkWork;
  }

  /** Whole buckets found to fit, and the one that does not. */
  private final class Range {
    private final WindowSpec spec;
    private Rational left;
    private long newestId;
    private long oldestId;
    private @Nullable BucketRow oldest;
    private @Nullable BucketRow edge;

    Range(WindowSpec spec, Rational left) {
      this.spec = spec;
      this.left = left;
    }

    Rational amount(BucketRow bucket) {
      return spec.measure() == Measure.UNITS
          ? Rational.of(bucket.scoreWork(), networkWork.of(bucket.netBits()))
          : Rational.of(bucket.work());
    }

    boolean take(BucketRow bucket) {
      if (bucket.lastSequence() < spec.firstSequence()) {
        return false;
      }
      if (bucket.shares() == 0) {
        return true;
      }
      Rational amount = amount(bucket);
      if (amount.compareTo(left) > 0 || bucket.firstSequence() < spec.firstSequence()) {
        edge = bucket;
        return false;
      }
      left = left.minus(amount);
      newestId = Math.max(newestId, bucket.id());
      oldestId = bucket.id();
      oldest = bucket;
      return left.signum() > 0;
    }
  }

  @Override
  public Window window(StoreReader reader, WindowSpec spec) {
    Map<Integer, WorkerKey> workers = reader.workerKeys();
    WindowWalk walk = spec.walk();
    long end = addStraddling(reader, walk, workers, spec);
    Range range = new Range(spec, walk.left());
    if (end >= spec.firstSequence() && !walk.isFull()) {
      reader.bucketsDown(end, range::take);
    }
    BucketRow oldest = range.oldest;
    if (oldest != null) {
      Map<Integer, WorkSums> sums = new HashMap<>();
      reader.bucketParts(
          range.oldestId,
          range.newestId,
          spec.measure() == Measure.UNITS,
          (netBits, workerId, work) ->
              sums.computeIfAbsent(netBits, bits -> new WorkSums()).add(workerId, work));
      sums.forEach((netBits, sum) ->
          sum.moveInto(
              walk,
              workers.keySet(),
              id -> JournalWindow.keyOf(workers, id, 0),
              networkWork.of(netBits)));
      if (isRaw(oldest)) {
        walk.edgeAt(raw.oldest(workers, oldest.firstSequence(), oldest.lastSequence()));
      } else {
        walk.edgeAt(oldest.firstSequence(), range.amount(oldest));
      }
    }
    BucketRow edge = range.edge;
    if (edge != null && isRaw(edge)) {
      raw.addDown(
          walk, workers, edge.lastSequence(), Math.max(edge.firstSequence(), spec.firstSequence()));
    } else if (edge != null && edge.firstSequence() >= spec.firstSequence()) {
      addFraction(reader, walk, workers, spec, edge);
    }
    return walk.finish();
  }

  /** Whether every share of a bucket is still in the journal. */
  private boolean isRaw(BucketRow bucket) {
    return bucket.firstSequence() >= raw.firstSequence();
  }

  /**
   * The window was made larger than what is kept raw: its edge takes the same fraction of everybody
   * in the bucket ({@code edge=prorata}).
   */
  private void addFraction(
      StoreReader reader,
      WindowWalk walk,
      Map<Integer, WorkerKey> workers,
      WindowSpec spec,
      BucketRow edge) {
    Map<WorkerKey, BigInteger> works = new HashMap<>();
    reader.bucketParts(
        edge.id(),
        edge.id(),
        spec.measure() == Measure.UNITS,
        (netBits, workerId, work) ->
            works.merge(
                JournalWindow.keyOf(workers, workerId, edge.firstSequence()),
                new BigInteger(1, work),
                BigInteger::add));
    walk.addFraction(edge.firstSequence(), works, networkWork.of(edge.netBits()));
  }

  /**
   * Adds raw shares of a bucket that goes on after the window's end.
   *
   * @return where whole buckets begin
   */
  private long addStraddling(
      StoreReader reader, WindowWalk walk, Map<Integer, WorkerKey> workers, WindowSpec spec) {
    long endSequence = spec.endSequence();
    if (endSequence < spec.firstSequence()) {
      return endSequence;
    }
    long[] next = {endSequence};
    reader.bucketsDown(
        endSequence,
        bucket -> {
          if (bucket.lastSequence() > endSequence) {
            raw.addDown(
                walk, workers, endSequence, Math.max(bucket.firstSequence(), spec.firstSequence()));
            next[0] = bucket.firstSequence() - 1;
          }
          return false;
        });
    return next[0];
  }
}
