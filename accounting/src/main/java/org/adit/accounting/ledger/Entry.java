package org.adit.accounting.ledger;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One ledger entry: signed lines that sum to zero, under a key that exists once (invariants I1,
 * I6).
 *
 * @param key such as {@code block:<hash>:found:0}
 * @param lines satoshi per account, debit positive, credit negative, none zero
 */
public record Entry(String key, SortedMap<String, Long> lines) {

  /**
   * Leaves zero lines out.
   *
   * @throws IllegalArgumentException when the lines do not sum to zero
   */
  public Entry {
    SortedMap<String, Long> kept = new TreeMap<>(lines);
    kept.values().removeIf(amount -> amount == 0);
    long sum = 0;
    for (long amount : kept.values()) {
      sum = Math.addExact(sum, amount);
    }
    if (sum != 0) {
      throw new IllegalArgumentException("entry " + key + " sums to " + sum + " (expected: 0)");
    }
    lines = Collections.unmodifiableSortedMap(kept);
  }

  /** The exact opposite under another key. */
  public Entry reversed(String newKey) {
    Builder builder = new Builder(newKey);
    for (Map.Entry<String, Long> line : lines.entrySet()) {
      builder.debit(line.getKey(), -line.getValue());
    }
    return builder.build();
  }

  /** Collects lines; several on one account are added. */
  public static final class Builder {
    private final String key;
    private final SortedMap<String, Long> lines = new TreeMap<>();

    public Builder(String key) {
      this.key = key;
    }

    public Builder debit(String account, long sat) {
      lines.merge(account, sat, Math::addExact);
      return this;
    }

    public Builder credit(String account, long sat) {
      return debit(account, Math.negateExact(sat));
    }

    public Entry build() {
      return new Entry(key, lines);
    }
  }
}
