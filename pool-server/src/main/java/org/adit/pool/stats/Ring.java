package org.adit.pool.stats;

/**
 * The newest slots of one length; older ones are overwritten. Not thread-safe. Sums are kept as
 * floats: figures for charts, and ten thousand workers have four rings each.
 */
final class Ring {
  private final long slotMillis;
  private final int size;
  private float[] work = new float[0];
  private float[] squares = new float[0];
  private int[] shares = new int[0];
  private int[] rejected = new int[0];
  private long newest = Long.MIN_VALUE;

  Ring(Range range) {
    this.slotMillis = range.slotMillis();
    this.size = range.slots() + 1;
  }

  /** Adds to the slot of a time; times before the oldest slot are left out. */
  void add(long atMillis, Sum sum) {
    long slot = Math.floorDiv(atMillis, slotMillis);
    if (work.length == 0) {
      work = new float[size];
      squares = new float[size];
      shares = new int[size];
      rejected = new int[size];
      newest = slot;
    }
    if (slot <= newest - size) {
      return;
    }
    for (long next = Math.max(newest + 1, slot - size + 1); next <= slot; next++) {
      clear(at(next));
    }
    newest = Math.max(newest, slot);
    int i = at(slot);
    work[i] += (float) sum.work();
    squares[i] += (float) sum.squares();
    shares[i] += (int) sum.shares();
    rejected[i] += (int) sum.rejected();
  }

  /** What came in slots, numbered since 1970; both ends included. */
  Sum sum(long first, long last) {
    if (work.length == 0) {
      return Sum.NONE;
    }
    double allWork = 0;
    double allSquares = 0;
    long allShares = 0;
    long allRejected = 0;
    long begin = Math.max(first, newest - size + 1);
    int count = (int) Math.max(0, Math.min(last, newest) - begin + 1);
    for (int i = at(begin); count > 0; count--) {
      allWork += work[i];
      allSquares += squares[i];
      allShares += shares[i];
      allRejected += rejected[i];
      i = i + 1 == size ? 0 : i + 1;
    }
    return new Sum(allShares, allWork, allSquares, allRejected);
  }

  private int at(long slot) {
    return (int) Math.floorMod(slot, (long) size);
  }

  private void clear(int i) {
    work[i] = 0;
    squares[i] = 0;
    shares[i] = 0;
    rejected[i] = 0;
  }
}
