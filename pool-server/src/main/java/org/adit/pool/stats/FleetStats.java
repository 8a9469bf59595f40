package org.adit.pool.stats;

import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.adit.pool.mining.FleetMeter;
import org.adit.pool.mining.LiveSession;
import org.adit.pool.mining.WorkerMeter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the counters every few seconds and keeps what came between two looks, for the pool and
 * for each worker. The share path never waits for it.
 */
public final class FleetStats implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetStats.class);
  private static final long LOOK_MILLIS = 2_000;

  /** A whole window that is shown, five minutes. */
  public static final long FIVE_MINUTES = 300_000;

  /** Ten minutes. */
  public static final long TEN_MINUTES = 600_000;

  /** An hour. */
  public static final long HOUR = 3_600_000;

  /** A day. */
  public static final long DAY = 86_400_000;

  private final FleetMeter meter;
  private final Clock clock;
  private final long startedMillis;
  private final Coverage coverage = new Coverage();
  private final History pool = new History(coverage);
  private final Map<LiveSession, SessionTrack> sessions = new ConcurrentHashMap<>();
  private final Map<Integer, Tracked> workers = new ConcurrentHashMap<>();
  private final ScheduledExecutorService sampler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("pool-stats").daemon().factory());
  private volatile long firstMillis;
  private long lastLookMillis;

  /** Figures of a fleet; {@link #start} makes them grow. */
  public FleetStats(FleetMeter meter, Clock clock) {
    this.meter = meter;
    this.clock = clock;
    this.startedMillis = clock.millis();
    this.firstMillis = startedMillis;
    this.lastLookMillis = startedMillis;
  }

  /**
   * Begins to look.
   *
   * @param past puts in what is known of the time before; runs first, on the same thread
   */
  public void start(Runnable past) {
    sampler.execute(() -> quietly(past));
    var _ =
        sampler.scheduleWithFixedDelay(
            () -> quietly(this::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void quietly(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.warn("figures of the fleet could not be brought up to date", e);
    }
  }

  /** Looks at the counters now; on one thread at a time. */
  public synchronized void look() {
    long now = clock.millis();
    coverage.mark(lastLookMillis, now);
    lastLookMillis = now;
    Sum all = Sum.NONE;
    for (WorkerMeter worker : meter.workers()) {
      all = all.plus(tracked(worker.worker().id(), now).sample(worker, now));
    }
    pool.add(now, all);
    sessions.keySet().retainAll(meter.sessions());
    for (LiveSession session : meter.sessions()) {
      sessions
          .computeIfAbsent(session, key -> new SessionTrack(coverage))
          .sample(session.meter().figures(), now);
    }
  }

  /** A connection's shares over time; nothing before its first look. */
  public History session(LiveSession session) {
    SessionTrack track = sessions.get(session);
    return track == null ? empty() : track.history();
  }

  private Tracked tracked(int workerId, long now) {
    return workers.computeIfAbsent(workerId, id -> new Tracked(id, coverage, now));
  }

  /** The pool had these shares before this start. */
  public void rememberPool(long fromMillis, long toMillis, Sum sum) {
    coverage.mark(fromMillis, toMillis);
    firstMillis = Math.min(firstMillis, fromMillis);
    pool.add(toMillis, sum);
  }

  /** A worker had these shares before this start. */
  public void rememberWorker(int id, long atMillis, Sum sum) {
    tracked(id, atMillis).remember(atMillis, sum);
  }

  /** When this process began to look, milliseconds since 1970. */
  public long startedMillis() {
    return startedMillis;
  }

  /** The pool's shares over time. */
  public History pool() {
    return pool;
  }

  /** The pool's estimate over a window. */
  public Estimate estimate(long windowMillis, long nowMillis) {
    return Estimate.of(
        pool.window(windowMillis, nowMillis),
        Math.min(History.windowMillis(windowMillis, nowMillis), nowMillis - firstMillis),
        Double.NaN);
  }

  /** A history without a share, of the same time. */
  public History empty() {
    return new History(coverage);
  }

  /** A worker's figures; null when nothing is known of it. */
  public @Nullable Tracked worker(int id) {
    return workers.get(id);
  }

  /** All workers anything is known of; the collection is live. */
  public Collection<Tracked> workers() {
    return Collections.unmodifiableCollection(workers.values());
  }

  @Override
  public void close() {
    sampler.shutdownNow();
  }
}
