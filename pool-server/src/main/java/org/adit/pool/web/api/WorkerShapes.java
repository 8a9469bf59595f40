package org.adit.pool.web.api;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.adit.accounting.economics.WorkerMargins;
import org.adit.hasher.Difficulty;
import org.adit.pool.mining.ChannelMeter;
import org.adit.pool.mining.LiveSession;
import org.adit.pool.mining.WorkerMeter;
import org.adit.pool.stats.Range;
import org.adit.pool.stats.Tracked;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Workers as the OpenAPI document shapes them. */
final class WorkerShapes {
  private static final int SPARK_HOURS = 24;
  private static final int MOST_SESSIONS = 100;
  private static final String[] TEXTS = {"extranonce2", "ntime", "nonce", "version_bits"};

  private final Margins margins;

  WorkerShapes(Margins margins) {
    this.margins = margins;
  }

  ObjectNode line(WorkerLine line, long now) throws Exception {
    ObjectNode node = Json.object();
    node.put("id", line.id());
    node.put("account", line.account());
    node.put("worker", line.worker());
    node.put("state", line.state().text());
    Json.time(node, "since_ms", line.sinceMillis());
    node.set("hashrate_5m", Shapes.estimate(line.minutes().estimate()));
    node.set("hashrate_1h", Shapes.estimate(line.hour().estimate()));
    node.set("hashrate_24h", Shapes.estimate(line.day().estimate()));
    node.put("accepted_shares", line.stored().sharesAccepted());
    node.put("rejected_shares", line.stored().sharesRejected());
    node.put("work", line.stored().work().toString());
    Json.number(node, "rejected_share_1h", line.rejectedPart());
    Tracked tracked = line.tracked();
    WorkerMeter meter = tracked == null ? null : tracked.meter();
    node.put(
        "rejects_lost_sat",
        meter == null
            ? 0
            : meter.rejects().values().stream().mapToLong(WorkerMeter.Rejects::lostSat).sum());
    Json.time(node, "last_share_at_ms", line.lastShareMillis());
    Json.number(node, "difficulty", line.difficulty());
    Json.number(
        node, "best_difficulty", meter == null ? Double.NaN : Shapes.difficulty(meter.best()));
    node.put("sessions", line.sessions().size());
    LiveSession first = line.sessions().isEmpty() ? null : line.sessions().getFirst();
    node.put("user_agent", first == null ? null : first.userAgent());
    node.put("protocol", first == null ? null : first.protocol());
    node.put("credited_subsidy_sat", line.stored().credited().subsidySat());
    node.put("credited_fees_sat", line.stored().credited().feesSat());
    WorkerMargins by = margins.byWorker().orElse(null);
    Json.number(
        node,
        "gross_margin",
        by == null
            ? Double.NaN
            : by.worker(line.account(), line.worker(), line.day().rate()).grossMargin());
    spark(node.putArray("spark_hs"), tracked, now);
    return node;
  }

  private static void spark(
      ArrayNode list, @org.jspecify.annotations.Nullable Tracked tracked, long now) {
    if (tracked == null) {
      return;
    }
    for (double work : tracked.history().closedWork(Range.WEEK, SPARK_HOURS, now)) {
      if (Double.isNaN(work)) {
        list.addNull();
      } else {
        list.add(work / Shapes.seconds(Range.WEEK.slotMillis()));
      }
    }
  }

  ObjectNode detail(WorkerLine line, long now) throws Exception {
    ObjectNode node = Json.asOf(now);
    node.set("worker", line(line, now));
    ArrayNode sessions = node.putArray("sessions");
    line.sessions().stream()
        .sorted(Comparator.comparingLong(LiveSession::connectedAtMillis))
        .limit(MOST_SESSIONS)
        .forEach(session -> sessions.add(session(session)));
    node.set("rejects", Shapes.rejects(WorkerEndpoints.meters(List.of(line))));
    margins.worker(node, line.account(), line.worker(), line.day().rate());
    return node;
  }

  private static ObjectNode session(LiveSession session) {
    ChannelMeter.Figures figures = session.meter().figures();
    Difficulty difficulty = session.meter().difficulty();
    ObjectNode node = Json.object();
    node.put("session_id", session.sessionId());
    node.put("protocol", session.protocol());
    node.put("user_agent", session.userAgent().isEmpty() ? null : session.userAgent());
    node.put("connected_at_ms", session.connectedAtMillis());
    Json.number(node, "difficulty", difficulty == null ? Double.NaN : difficulty.toDouble());
    node.put("accepted_shares", figures.shares());
    Json.time(node, "last_share_at_ms", figures.lastShareMillis());
    Json.number(node, "best_difficulty", Shapes.difficulty(figures.best()));
    return node;
  }

  /**
   * Refused shares as the pool's file holds them.
   *
   * @param kept the newest last
   */
  JsonNode rejects(List<JsonNode> kept) {
    ObjectNode node = Json.object();
    ArrayNode items = node.putArray("items");
    kept.reversed().forEach(entry -> items.add(reject(entry)));
    return node;
  }

  private static ObjectNode reject(JsonNode entry) {
    ObjectNode node = Json.object();
    node.put("at_ms", Instant.parse(entry.path("at").asString()).toEpochMilli());
    node.put("account", entry.path("account").asString());
    node.put("worker", entry.path("worker").asString());
    node.put("verdict", entry.path("verdict").asString());
    node.put("likely_cause", entry.path("likely_cause").asString());
    node.put("worth_sat", entry.path("worth_sat").asLong(0));
    node.put("job_id", entry.path("job").asString(null));
    node.put("job_age_ms", entry.has("job_age_ms") ? entry.path("job_age_ms").asLong() : null);
    node.put("height", entry.has("height") ? entry.path("height").asInt() : null);
    for (String name : new String[] {"required_difficulty", "achieved_difficulty"}) {
      Json.number(node, name, entry.has(name) ? entry.path(name).asDouble() : Double.NaN);
    }
    for (String name : TEXTS) {
      node.put(name, entry.path(name).asString(null));
    }
    return node;
  }
}
