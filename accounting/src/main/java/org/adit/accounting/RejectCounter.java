package org.adit.accounting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.adit.accounting.store.RejectRow;

/** Collects counts of rejected shares between two database transactions. Thread-safe. */
final class RejectCounter {
  private static final Pattern REASON = Pattern.compile("[a-z0-9_-]{1,32}");

  /** More distinct pairs than that in one interval are counted as "other" of their worker. */
  private static final int MAX_PAIRS = 100_000;

  private record Key(int workerId, String reason) {}

  private Map<Key, Long> counts = new HashMap<>();

  synchronized void add(int workerId, String reason, long count) {
    if (!REASON.matcher(reason).matches()) {
      throw new IllegalArgumentException("a reject reason has 1 to 32 of a-z, 0-9, '_' and '-'");
    }
    if (workerId < 1 || count < 1) {
      throw new IllegalArgumentException(
          "worker " + workerId + ", count " + count + " (expected: each >= 1)");
    }
    Key key = new Key(workerId, reason);
    if (counts.size() >= MAX_PAIRS && !counts.containsKey(key)) {
      key = new Key(workerId, "other");
    }
    counts.merge(key, count, Long::sum);
  }

  /** Takes everything counted so far. */
  synchronized List<RejectRow> drain() {
    List<RejectRow> rows = new ArrayList<>(counts.size());
    counts.forEach((key, count) -> rows.add(new RejectRow(key.workerId(), key.reason(), count)));
    counts = new HashMap<>();
    return rows;
  }
}
