package org.adit.pool.stratum;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.pool.mining.SentJob;

/**
 * Sessions that ended within the last ten minutes, so that a miner that comes back with its session
 * id finds its extranonce and its jobs again and can still hand in what it found meanwhile (Stratum
 * V1 specification 2.4). Bounded; thread-safe.
 */
public final class SessionMemory {
  private static final long KEPT_MILLIS = 600_000;
  private static final int SESSIONS = 65_536;

  /**
   * What a session leaves behind.
   *
   * @param prefix its extranonce prefix, resting in the extranonce space
   * @param account whom it mined for; nobody else gets its jobs
   * @param jobs what it may still send shares for
   */
  public record Seat(int prefix, String account, List<SentJob> jobs) {
    /** Copies the list. */
    public Seat {
      jobs = List.copyOf(jobs);
    }
  }

  private record Past(Seat seat, long endedAtMillis) {}

  private final Clock clock;
  private final LinkedHashMap<String, Past> eldestFirst =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Past> eldest) {
          return size() > SESSIONS || isOld(eldest.getValue());
        }
      };

  /** An empty memory. */
  public SessionMemory(Clock clock) {
    this.clock = clock;
  }

  /** A session has ended. */
  public synchronized void remember(String sessionId, Seat seat) {
    remember(sessionId, seat, clock.millis());
  }

  /** A session has ended before the pool was started again. */
  public synchronized void remember(String sessionId, Seat seat, long endedAtMillis) {
    eldestFirst.remove(sessionId);
    eldestFirst.put(sessionId, new Past(seat, endedAtMillis));
  }

  /** Takes a session that ended lately; it can be taken once. */
  public synchronized Optional<Seat> take(String sessionId) {
    Past entry = eldestFirst.remove(sessionId);
    return entry == null || isOld(entry) ? Optional.empty() : Optional.of(entry.seat());
  }

  private boolean isOld(Past entry) {
    return clock.millis() - entry.endedAtMillis() > KEPT_MILLIS;
  }
}
