package org.adit.pool.web.api;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.adit.accounting.store.WorkerRow;
import org.adit.hasher.Difficulty;
import org.adit.pool.mining.LiveSession;
import org.adit.pool.web.PoolView;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * All workers as they stand, gathered at most once a second and only when somebody asks. What the
 * books know is read less often. Thread-safe.
 */
public final class WorkerTable {
  private static final long SNAPSHOT_MILLIS = 1_000;
  private static final long BOOKS_MILLIS = 5_000;

  /** Workers by state. */
  public record Counts(int live, int warming, int slow, int offline) {
    static Counts of(Iterable<WorkerLine> lines) {
      Map<WorkerState, Integer> counts = new EnumMap<>(WorkerState.class);
      lines.forEach(line -> counts.merge(line.state(), 1, Integer::sum));
      return new Counts(
          counts.getOrDefault(WorkerState.LIVE, 0),
          counts.getOrDefault(WorkerState.WARMING, 0),
          counts.getOrDefault(WorkerState.SLOW, 0),
          counts.getOrDefault(WorkerState.OFFLINE, 0));
    }

    ObjectNode write(ObjectNode node) {
      return node.put("live", live)
          .put("warming", warming)
          .put("slow", slow)
          .put("offline", offline);
    }
  }

  /**
   * All workers at a moment.
   *
   * @param atMillis when
   * @param lines by account and name
   * @param byId the same
   * @param byAccount the same
   */
  public record Snapshot(
      long atMillis,
      List<WorkerLine> lines,
      Map<Integer, WorkerLine> byId,
      Map<String, List<WorkerLine>> byAccount,
      Counts counts) {

    /** The workers of an account. */
    public List<WorkerLine> of(String account) {
      return byAccount.getOrDefault(account, List.of());
    }

    /** One worker; null when there is none. */
    public @Nullable WorkerLine find(String account, String worker) {
      for (WorkerLine line : of(account)) {
        if (line.worker().equals(worker)) {
          return line;
        }
      }
      return null;
    }
  }

  private final PoolView pool;
  private final Clock clock;
  private final Cached<List<WorkerRow>> books;
  private final Cached<Snapshot> snapshot;

  /** A table of a pool's workers. */
  public WorkerTable(PoolView pool, Clock clock) {
    this.pool = pool;
    this.clock = clock;
    this.books = new Cached<>(clock, BOOKS_MILLIS, () -> pool.accounting().workers());
    this.snapshot = new Cached<>(clock, SNAPSHOT_MILLIS, this::gather);
  }

  /** The workers, at most a second old. */
  public Snapshot get() throws Exception {
    return snapshot.get();
  }

  private Snapshot gather() throws Exception {
    long now = clock.millis();
    Map<Integer, List<LiveSession>> sessions = new HashMap<>();
    Set<String> connected = new HashSet<>();
    for (LiveSession session : pool.counters().fleet().sessions()) {
      sessions.computeIfAbsent(session.worker().id(), id -> new ArrayList<>()).add(session);
      connected.add(session.worker().account());
    }
    List<WorkerRow> rows = books.get();
    List<WorkerLine> lines = new ArrayList<>(rows.size());
    Map<Integer, WorkerLine> byId = HashMap.newHashMap(rows.size());
    Map<String, List<WorkerLine>> byAccount = new HashMap<>();
    // A fleet has few difficulties, and each is a long division.
    Map<Difficulty, Double> difficulties = new HashMap<>();
    for (WorkerRow row : rows) {
      List<LiveSession> own = sessions.getOrDefault(row.id(), List.of());
      Difficulty difficulty = own.isEmpty() ? null : own.getFirst().meter().difficulty();
      WorkerLine line =
          WorkerLine.of(
              row,
              pool.stats().worker(row.id()),
              own,
              connected.contains(row.account()),
              difficulty == null
                  ? Double.NaN
                  : difficulties.computeIfAbsent(difficulty, Difficulty::toDouble),
              now);
      lines.add(line);
      byId.put(row.id(), line);
      byAccount.computeIfAbsent(row.account(), key -> new ArrayList<>()).add(line);
    }
    return new Snapshot(now, lines, byId, byAccount, Counts.of(lines));
  }
}
