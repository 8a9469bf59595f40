package org.adit.pool.mining;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.adit.pool.work.EmptyWork;

/** Totals since start, for people to look at. Thread-safe; money does not depend on them. */
public final class PoolCounters {
  private final FleetMeter fleet = new FleetMeter();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder connections = new LongAdder();
  private final Map<String, LongAdder> rejected = new ConcurrentHashMap<>();

  /** The same by worker and connection. */
  public FleetMeter fleet() {
    return fleet;
  }

  private final EmptyWork emptyWork = new EmptyWork();

  /** What was mined without transactions while nodes made their templates. */
  public EmptyWork emptyWork() {
    return emptyWork;
  }

  void accepted() {
    accepted.increment();
  }

  /** A share was refused with this verdict. */
  public void rejected(String label) {
    rejected.computeIfAbsent(label, key -> new LongAdder()).increment();
  }

  /** A connection came (+1) or went (-1). */
  public void connections(int change) {
    connections.add(change);
  }

  /** Shares acknowledged. */
  public long acceptedShares() {
    return accepted.sum();
  }

  /** Shares refused, all causes. */
  public long rejectedShares() {
    return rejected.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Shares refused with one verdict. */
  public long rejectedShares(String label) {
    LongAdder count = rejected.get(label);
    return count == null ? 0 : count.sum();
  }

  /** Shares refused since start by verdict. */
  public Map<String, Long> rejectedByLabel() {
    Map<String, Long> counts = new TreeMap<>();
    rejected.forEach((label, count) -> counts.put(label, count.sum()));
    return counts;
  }

  /** Open connections. */
  public long openConnections() {
    return connections.sum();
  }
}
