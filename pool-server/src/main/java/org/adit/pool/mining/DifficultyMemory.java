package org.adit.pool.mining;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.adit.hasher.Difficulty;

/**
 * The difficulty each worker ended at, so that it starts there when it comes back within a day
 * (Stratum V1 specification 9.3). Bounded; thread-safe.
 */
public final class DifficultyMemory {
  private static final int WORKERS = 65_536;
  private static final long KEPT_MILLIS = 24 * 3_600_000L;

  private record Past(Difficulty difficulty, long atMillis) {}

  private final Clock clock;
  private final Map<Integer, Past> byWorker =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Past> eldest) {
          return size() > WORKERS;
        }
      };

  /** An empty memory. */
  public DifficultyMemory(Clock clock) {
    this.clock = clock;
  }

  /** A worker leaves; its difficulty followed its hashrate. */
  public synchronized void remember(Worker worker, Difficulty difficulty) {
    // Put anew, so that the eldest entry is the one longest unused.
    byWorker.remove(worker.id());
    byWorker.put(worker.id(), new Past(difficulty, clock.millis()));
  }

  /** Where a worker left off. */
  public synchronized Optional<Difficulty> recall(Worker worker) {
    Past entry = byWorker.get(worker.id());
    return entry == null || clock.millis() - entry.atMillis() > KEPT_MILLIS
        ? Optional.empty()
        : Optional.of(entry.difficulty());
  }
}
