package org.adit.pool.mining;

import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * Counts by worker and connection since start, for people to look at. Event loops write without
 * locks; readers see each figure as it stands.
 */
public final class FleetMeter {
  // Odd, so that the product runs through all numbers.
  private static final int SPREAD = 0x9e3779b1;

  private final AtomicInteger sessionIds = new AtomicInteger();
  private final Map<Integer, WorkerMeter> workers = new ConcurrentHashMap<>();
  private final Set<LiveSession> sessions = ConcurrentHashMap.newKeySet();

  void accepted(Worker worker, double searched, Hash256 hash, long nowMillis) {
    of(worker).accepted(searched, hash, nowMillis);
  }

  /** A share was refused. */
  public void rejected(Rejection rejection) {
    of(rejection.worker()).rejected(rejection.label(), rejection.worthSat());
  }

  private WorkerMeter of(Worker worker) {
    WorkerMeter known = workers.get(worker.id());
    return known != null
        ? known
        : workers.computeIfAbsent(worker.id(), id -> new WorkerMeter(worker));
  }

  /**
   * A number for a connection that people may see; eight hex digits, no two alike within four
   * billion. The protocol's own session id is a secret of the miner: who knows it may take its
   * seat.
   */
  public String newSessionId() {
    return HexFormat.of().toHexDigits(sessionIds.incrementAndGet() * SPREAD);
  }

  /** A miner has authorised on a connection. */
  public void opened(LiveSession session) {
    sessions.add(session);
  }

  /** A connection has ended. */
  public void closed(LiveSession session) {
    sessions.remove(session);
  }

  /** Workers with shares since start, good or bad; the collection is live. */
  public Collection<WorkerMeter> workers() {
    return Collections.unmodifiableCollection(workers.values());
  }

  /** A worker's meter; null when it sent no share since start. */
  public @Nullable WorkerMeter worker(int id) {
    return workers.get(id);
  }

  /** Open connections of miners that authorised; the set is live. */
  public Set<LiveSession> sessions() {
    return Collections.unmodifiableSet(sessions);
  }
}
