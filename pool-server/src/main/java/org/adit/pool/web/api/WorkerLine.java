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
 * @param rate5m hashes per second
 * @param rate1h hashes per second
 * @param rate24h hashes per second
 * @param rejectedPart of the last hour's shares; NaN without any
 */
public record WorkerLine(
    WorkerRow stored,
    @Nullable Tracked tracked,
    List<LiveSession> sessions,
    WorkerState state,
    long sinceMillis,
    long lastShareMillis,
    double rate5m,
    double rate1h,
    double rate24h,
    double rejectedPart) {
  // Seven mean intervals without a share happen by chance once in a thousand times.
  private static final double SILENT_INTERVALS = 6.9;
  private static final long LEAST_SILENCE_MILLIS = 60_000;
  private static final long GONE_MILLIS = 5_000;
  private static final long FEW = 10;
  private static final long ENOUGH_FOR_A_DAY = 100;
  private static final long SECOND = 1_000;

  static WorkerLine of(
      WorkerRow stored,
      @Nullable Tracked tracked,
      List<LiveSession> sessions,
      boolean accountConnected,
      long now) {
    WorkerMeter meter = tracked == null ? null : tracked.meter();
    long last =
        Math.max(
            meter == null ? 0 : meter.lastShareMillis(),
            stored.lastShareAt() == null ? 0 : stored.lastShareAt().toEpochMilli());
    Sum hour = window(tracked, FleetStats.HOUR, now);
    long all = hour.shares() + hour.rejected();
    WorkerState state = state(tracked, sessions, accountConnected, last, now);
    long connected = sessions.stream().mapToLong(LiveSession::connectedAtMillis).min().orElse(0);
    return new WorkerLine(
        stored,
        tracked,
        sessions,
        state,
        state == WorkerState.OFFLINE ? last : connected,
        last,
        rate(tracked, FleetStats.FIVE_MINUTES, now),
        rate(tracked, FleetStats.HOUR, now),
        rate(tracked, FleetStats.DAY, now),
        all == 0 ? Double.NaN : (double) hour.rejected() / all);
  }

  private static WorkerState state(
      @Nullable Tracked tracked,
      List<LiveSession> sessions,
      boolean accountConnected,
      long last,
      long now) {
    long silent = now - last;
    boolean connected = !sessions.isEmpty();
    if (tracked == null || last == 0) {
      return connected ? WorkerState.WARMING : WorkerState.OFFLINE;
    }
    // Behind a proxy a worker submits over the connection of another one of its account.
    if (!connected && (!accountConnected && silent > GONE_MILLIS)) {
      return WorkerState.OFFLINE;
    }
    if (silent > LEAST_SILENCE_MILLIS && silent > SILENT_INTERVALS * interval(tracked, now)) {
      return WorkerState.OFFLINE;
    }
    Sum day = window(tracked, FleetStats.DAY, now);
    if (day.shares() < FEW) {
      return WorkerState.WARMING;
    }
    return isSlow(tracked, day, now) ? WorkerState.SLOW : WorkerState.LIVE;
  }

  /**
   * Mean time between shares; the shorter one of hour and day, as silence makes the hour's grow.
   */
  private static double interval(Tracked tracked, long now) {
    return Math.min(
        tracked.shareInterval(FleetStats.HOUR, now), tracked.shareInterval(FleetStats.DAY, now));
  }

  private static boolean isSlow(Tracked tracked, Sum day, long now) {
    long slot = Range.DAY.slotMillis();
    if (day.shares() < ENOUGH_FOR_A_DAY || now - tracked.firstMillis() < FleetStats.HOUR) {
      return false;
    }
    double usual = tracked.rate(FleetStats.DAY, now);
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

  private static Sum window(@Nullable Tracked tracked, long window, long now) {
    return tracked == null ? Sum.NONE : tracked.history().window(window, now);
  }

  private static double rate(@Nullable Tracked tracked, long window, long now) {
    return tracked == null ? 0 : tracked.rate(window, now);
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
