package org.adit.pool.web.api;

import java.util.List;
import org.adit.accounting.store.WorkerRow;
import org.adit.pool.mining.LiveSession;
import org.adit.pool.mining.WorkerMeter;
import org.adit.pool.stats.Estimate;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.stats.Range;
import org.adit.pool.stats.Sum;
import org.adit.pool.stats.Tracked;
import org.adit.pool.stats.Window;
import org.jspecify.annotations.Nullable;

/**
 * A worker as things stand.
 *
 * @param stored what the books know of it
 * @param tracked its figures over time; null when it was not here lately
 * @param sessions its open connections
 * @param state how it is doing
 * @param sinceMillis silent or connected since; 0 when not known
 * @param lastShareMillis 0 before the first
 * @param minutes its last five minutes
 * @param hour its last hour
 * @param day its last 24 hours
 * @param difficulty of its first connection; NaN without one
 */
public record WorkerLine(
    WorkerRow stored,
    @Nullable Tracked tracked,
    List<LiveSession> sessions,
    WorkerState state,
    long sinceMillis,
    long lastShareMillis,
    Window minutes,
    Window hour,
    Window day,
    double difficulty) {
  // Seven mean intervals without a share happen by chance once in a thousand times.
  private static final double SILENT_INTERVALS = 6.9;
  private static final long LEAST_SILENCE_MILLIS = 60_000;
  private static final long GONE_MILLIS = 5_000;
  private static final long FEW = 10;
  private static final long ENOUGH_FOR_A_DAY = 100;
  private static final long SECOND = 1_000;

  /**
   * A worker as it stands now.
   *
   * @param accountConnected whether any worker of its account has an open connection
   */
  public static WorkerLine of(
      WorkerRow stored,
      @Nullable Tracked tracked,
      List<LiveSession> sessions,
      boolean accountConnected,
      double difficulty,
      long now) {
    WorkerMeter meter = tracked == null ? null : tracked.meter();
    long last =
        Math.max(
            meter == null ? 0 : meter.lastShareMillis(),
            stored.lastShareAt() == null ? 0 : stored.lastShareAt().toEpochMilli());
    Window hour = window(tracked, FleetStats.HOUR, now);
    Window day = window(tracked, FleetStats.DAY, now);
    WorkerState state =
        tracked == null || last == 0
            ? sessions.isEmpty() ? WorkerState.OFFLINE : WorkerState.WARMING
            : state(tracked, hour, day, sessions.isEmpty(), accountConnected, last, now);
    long connected = sessions.stream().mapToLong(LiveSession::connectedAtMillis).min().orElse(0);
    return new WorkerLine(
        stored,
        tracked,
        sessions,
        state,
        state == WorkerState.OFFLINE ? last : connected,
        last,
        window(tracked, FleetStats.FIVE_MINUTES, now),
        hour,
        day,
        difficulty);
  }

  private static WorkerState state(
      Tracked tracked,
      Window hour,
      Window day,
      boolean disconnected,
      boolean accountConnected,
      long last,
      long now) {
    long silent = now - last;
    // Behind a proxy a worker submits over the connection of another one of its account.
    if (disconnected && !accountConnected && silent > GONE_MILLIS) {
      return WorkerState.OFFLINE;
    }
    // The shorter interval of hour and day, as silence makes the hour's grow.
    double interval = Math.min(hour.shareInterval(), day.shareInterval());
    if (silent > LEAST_SILENCE_MILLIS && silent > SILENT_INTERVALS * interval) {
      return WorkerState.OFFLINE;
    }
    if (day.sum().shares() < FEW) {
      return WorkerState.WARMING;
    }
    return isSlow(tracked, day, now) ? WorkerState.SLOW : WorkerState.LIVE;
  }

  private static boolean isSlow(Tracked tracked, Window day, long now) {
    long slot = Range.DAY.slotMillis();
    if (day.sum().shares() < ENOUGH_FOR_A_DAY || now - tracked.firstMillis() < FleetStats.HOUR) {
      return false;
    }
    double usual = day.rate();
    Sum newest = tracked.history().closed(Range.DAY, 1, now);
    Sum both = tracked.history().closed(Range.DAY, 2, now);
    Sum before =
        new Sum(
            both.shares() - newest.shares(),
            both.work() - newest.work(),
            both.squares() - newest.squares(),
            0);
    return usual > Estimate.of(newest, slot, usual * slot / SECOND).high()
        && usual > Estimate.of(before, slot, usual * slot / SECOND).high();
  }

  private static Window window(@Nullable Tracked tracked, long millis, long now) {
    return tracked == null ? new Window(Sum.NONE, millis, Double.NaN) : tracked.window(millis, now);
  }

  /**
   * Accepted ones of the last hour that its refused ones may be set against. A restart forgets when
   * shares were refused, not when they were accepted, so only those since the start count.
   */
  public long acceptedOfHour() {
    WorkerMeter meter = tracked == null ? null : tracked.meter();
    long all = hour.sum().shares();
    return meter == null ? all : Math.min(all, meter.shares());
  }

  /** Refused ones of the last hour's shares, 0 to 1; NaN without any share since the start. */
  public double rejectedPart() {
    long all = acceptedOfHour() + hour.sum().rejected();
    return all == 0 ? Double.NaN : (double) hour.sum().rejected() / all;
  }

  /** Accounting's number. */
  public int id() {
    return stored.id();
  }

  /** Who is paid. */
  public String account() {
    return stored.account();
  }

  /** Name within the account. */
  public String worker() {
    return stored.worker();
  }
}
