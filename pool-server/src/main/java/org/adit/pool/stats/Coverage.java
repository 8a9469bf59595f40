package org.adit.pool.stats;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeSet;

/** Which slots the pool ran in, so that a gap is not drawn as an outage of miners. Thread-safe. */
final class Coverage {
  private final Map<Range, TreeSet<Long>> known = new EnumMap<>(Range.class);

  Coverage() {
    for (Range range : Range.values()) {
      known.put(range, new TreeSet<>());
    }
  }

  /** The pool ran then. */
  synchronized void mark(long fromMillis, long toMillis) {
    known.forEach((range, slots) -> {
      long last = Math.floorDiv(toMillis, range.slotMillis());
      long first = Math.max(Math.floorDiv(fromMillis, range.slotMillis()), last - range.slots());
      for (long slot = first; slot <= last; slot++) {
        slots.add(slot);
      }
      while (slots.size() > range.slots() + 1) {
        slots.pollFirst();
      }
    });
  }

  synchronized boolean holds(Range range, long slot) {
    TreeSet<Long> slots = known.get(range);
    return slots != null && slots.contains(slot);
  }
}
