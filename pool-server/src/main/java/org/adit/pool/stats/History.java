package org.adit.pool.stats;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Shares over time, in four grains. Thread-safe. */
public final class History {
  private final Coverage coverage;
  private final Map<Range, Ring> rings = new EnumMap<>(Range.class);

  History(Coverage coverage) {
    this.coverage = coverage;
    for (Range range : Range.values()) {
      rings.put(range, new Ring(range));
    }
  }

  synchronized void add(long atMillis, Sum sum) {
    rings.values().forEach(ring -> ring.add(atMillis, sum));
  }

  /** All slots of a range, oldest first; the last one is running. */
  public synchronized List<Slot> series(Range range, long nowMillis) {
    Ring ring = ring(range);
    long current = Math.floorDiv(nowMillis, range.slotMillis());
    List<Slot> slots = new ArrayList<>(range.slots() + 1);
    for (long slot = current - range.slots(); slot <= current; slot++) {
      Slot.State state =
          slot == current
              ? Slot.State.RUNNING
              : coverage.holds(range, slot) ? Slot.State.CLOSED : Slot.State.UNKNOWN;
      slots.add(
          new Slot(
              slot * range.slotMillis(),
              (slot + 1) * range.slotMillis(),
              state,
              ring.sum(slot, slot)));
    }
    return slots;
  }

  /**
   * Work of each of the last closed slots, oldest first; NaN for those of which nothing is known.
   */
  public synchronized double[] closedWork(Range range, int slots, long nowMillis) {
    Ring ring = ring(range);
    long current = Math.floorDiv(nowMillis, range.slotMillis());
    double[] work = new double[slots];
    for (int i = 0; i < slots; i++) {
      long slot = current - slots + i;
      Sum sum = ring.sum(slot, slot);
      work[i] = sum.shares() == 0 && !coverage.holds(range, slot) ? Double.NaN : sum.work();
    }
    return work;
  }

  /** What came in the last closed slots, 1 for the newest alone. */
  public synchronized Sum closed(Range range, int slots, long nowMillis) {
    long current = Math.floorDiv(nowMillis, range.slotMillis());
    return ring(range).sum(current - slots, current - 1);
  }

  /**
   * What came in a window that ends now and begins at a slot's edge.
   *
   * @param millis its greatest length
   */
  public synchronized Sum window(long millis, long nowMillis) {
    Range range = rangeOf(millis);
    long current = Math.floorDiv(nowMillis, range.slotMillis());
    return ring(range).sum(current - millis / range.slotMillis() + 1, current);
  }

  /** What came since a time, as finely as is known; slots count whole. */
  public synchronized Sum since(long fromMillis, long nowMillis) {
    for (Range range : Range.values()) {
      if (nowMillis - fromMillis <= range.slotMillis() * range.slots() || range == Range.MONTH) {
        return ring(range)
            .sum(
                Math.floorDiv(fromMillis, range.slotMillis()),
                Math.floorDiv(nowMillis, range.slotMillis()));
      }
    }
    return Sum.NONE;
  }

  /** The true length of that window. */
  public static long windowMillis(long millis, long nowMillis) {
    long slot = rangeOf(millis).slotMillis();
    return millis - slot + Math.floorMod(nowMillis, slot);
  }

  private static Range rangeOf(long millis) {
    return millis <= Range.HOUR.slotMillis() * Range.HOUR.slots() ? Range.HOUR : Range.DAY;
  }

  private Ring ring(Range range) {
    return Objects.requireNonNull(rings.get(range));
  }
}
