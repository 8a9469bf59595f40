package org.adit.accounting.ledger;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A book in memory. */
public final class MemoryBook implements LedgerBook {
  private final SequencedMap<String, Entry> entries = new LinkedHashMap<>();
  private final SortedMap<String, Long> balances = new TreeMap<>();

  @Override
  public @Nullable Entry entry(String key) {
    return entries.get(key);
  }

  @Override
  public long balance(String account) {
    return balances.getOrDefault(account, 0L);
  }

  @Override
  public void append(Entry entry) {
    if (entries.putIfAbsent(entry.key(), entry) != null) {
      throw new IllegalStateException("entry " + entry.key() + " exists");
    }
    for (Map.Entry<String, Long> line : entry.lines().entrySet()) {
      balances.merge(line.getKey(), line.getValue(), Math::addExact);
    }
  }

  @Override
  public long total() {
    return balances.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Entries in the order they were appended. */
  public Iterable<Entry> entries() {
    return entries.sequencedValues();
  }

  /** Balances that are not zero. */
  public SortedMap<String, Long> balances() {
    SortedMap<String, Long> kept = new TreeMap<>(balances);
    kept.values().removeIf(balance -> balance == 0);
    return kept;
  }
}
