package org.adit.accounting.bucket;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.adit.accounting.scheme.WindowWalk;
import org.adit.accounting.scheme.WorkerKey;

/**
 * Work per worker as 128-bit sums in two longs, indexed by worker id, which are small and dense.
 * Millions of shares are summed without an object for each.
 */
public final class WorkSums {
  private static final int BYTES = 16;

  private long[] high = new long[64];
  private long[] low = new long[64];
  private long[] counts = new long[64];

  private void grow(int workerId) {
    if (workerId >= low.length) {
      int size = Math.max(workerId + 1, low.length * 2);
      high = Arrays.copyOf(high, size);
      low = Arrays.copyOf(low, size);
      counts = Arrays.copyOf(counts, size);
    }
  }

  /** Adds work of one share, not negative. */
  public void add(int workerId, long work) {
    add(workerId, 0, work);
  }

  /**
   * Takes the work of one share off that was added before.
   *
   * @throws IllegalStateException when the worker has no share with so much work
   */
  public void subtract(int workerId, long work) {
    if (shares(workerId) == 0
        || (high[workerId] == 0 && Long.compareUnsigned(low[workerId], work) < 0)) {
      throw new IllegalStateException("worker " + workerId + " has no such share to take off");
    }
    if (Long.compareUnsigned(low[workerId], work) < 0) {
      high[workerId]--;
    }
    low[workerId] -= work;
    counts[workerId]--;
  }

  /** Adds a sum that was kept before, of so many shares. */
  public void add(int workerId, long shares, BigInteger work) {
    if (shares > 0) {
      byte[] bytes = new byte[BYTES];
      byte[] digits = work.toByteArray();
      int length = Math.min(digits.length, BYTES);
      System.arraycopy(digits, digits.length - length, bytes, BYTES - length, length);
      add(workerId, bytes);
      counts[workerId] += shares - 1;
    }
  }

  /** How often a worker was added to. */
  public long shares(int workerId) {
    return workerId < counts.length ? counts[workerId] : 0;
  }

  /** A worker's sum. */
  public BigInteger work(int workerId) {
    return workerId < low.length ? sum(workerId) : BigInteger.ZERO;
  }

  /** Forgets a worker. */
  public void remove(int workerId) {
    if (workerId < low.length) {
      high[workerId] = 0;
      low[workerId] = 0;
      counts[workerId] = 0;
    }
  }

  /** Names every worker that was added to, by id. */
  public void forEachWorker(IntConsumer consumer) {
    for (int id = 0; id < counts.length; id++) {
      if (counts[id] > 0) {
        consumer.accept(id);
      }
    }
  }

  /** Adds a sum of 16 bytes, big-endian. */
  void add(int workerId, byte[] sum) {
    ByteBuffer bytes = ByteBuffer.wrap(sum);
    add(workerId, bytes.getLong(), bytes.getLong());
  }

  private void add(int workerId, long moreHigh, long moreLow) {
    grow(workerId);
    long before = low[workerId];
    long after = before + moreLow;
    long carry = Long.compareUnsigned(after, before) < 0 ? 1 : 0;
    low[workerId] = after;
    counts[workerId]++;
    high[workerId] = Math.addExact(high[workerId], Math.addExact(moreHigh, carry));
  }

  private BigInteger sum(int workerId) {
    if (high[workerId] == 0 && low[workerId] >= 0) {
      return BigInteger.valueOf(low[workerId]);
    }
    byte[] bytes =
        ByteBuffer.allocate(BYTES).putLong(high[workerId]).putLong(low[workerId]).array();
    return new BigInteger(1, bytes);
  }

  /** Sum over all workers. */
  BigInteger total() {
    BigInteger total = BigInteger.ZERO;
    for (int id = 0; id < low.length; id++) {
      if (high[id] != 0 || low[id] != 0) {
        total = total.add(sum(id));
      }
    }
    return total;
  }

  private int size() {
    int size = 0;
    for (long count : counts) {
      size += count > 0 ? 1 : 0;
    }
    return size;
  }

  /**
   * Adds the runs of all workers, known to fit, to a walk and empties the sums.
   *
   * @param order ids in the order of their keys, which spares the walk most of its sorting; others
   *     are added, too
   */
  void moveInto(
      WindowWalk walk,
      Iterable<Integer> order,
      IntFunction<WorkerKey> workers,
      BigInteger networkWork) {
    Map<WorkerKey, BigInteger> runs = LinkedHashMap.newLinkedHashMap(size());
    for (int id : order) {
      moveInto(runs, id, workers);
    }
    for (int id = 0; id < low.length; id++) {
      moveInto(runs, id, workers);
    }
    walk.addRuns(runs, networkWork);
    Arrays.fill(counts, 0);
  }

  private void moveInto(Map<WorkerKey, BigInteger> runs, int id, IntFunction<WorkerKey> workers) {
    if (id < low.length && (high[id] != 0 || low[id] != 0)) {
      runs.merge(workers.apply(id), sum(id), BigInteger::add);
      high[id] = 0;
      low[id] = 0;
    }
  }
}
