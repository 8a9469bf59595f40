package org.adit.pool.web.publicpool;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.adit.hasher.Hash256;
import org.adit.pool.mining.ChannelMeter;
import org.adit.pool.mining.LiveSession;
import org.adit.pool.stats.History;
import org.adit.pool.stats.Range;
import org.adit.pool.stats.Sum;
import org.adit.pool.stats.Tracked;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.api.Figures;
import org.adit.pool.web.api.Json;
import org.adit.pool.web.api.WorkerLine;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.web.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One address, its workers and connections; nothing of others. */
final class Clients {
  private static final long FRESH_MILLIS = 600_000;
  private static final double PERCENT = 100;

  private final PoolView pool;
  private final PublicPool site;
  private final Clock clock;
  private final String mode;

  Clients(PoolView pool, PublicPool site, Clock clock, String mode) {
    this.pool = pool;
    this.site = site;
    this.clock = clock;
    this.mode = mode;
  }

  /**
   * A connection's hashrate: its last closed slot, else what it does since it connected if a share
   * is fresh, else 0.
   */
  double rate(LiveSession session) {
    long now = clock.millis();
    Sum slot = pool.stats().session(session).closed(Range.DAY, 1, now);
    if (slot.shares() > 0) {
      return Work.rate(slot, 1);
    }
    ChannelMeter.Figures figures = session.meter().figures();
    if (figures.shares() == 0 || now - figures.lastShareMillis() > FRESH_MILLIS) {
      return 0;
    }
    double seconds = Math.clamp(now - session.connectedAtMillis(), 1_000, FRESH_MILLIS) / 1_000.0;
    return Work.difficulty(figures.work()) * Work.HASHES / seconds;
  }

  JsonNode address(Request request, Map<String, String> path) throws Exception {
    String account = site.account(path.getOrDefault("address", ""));
    boolean ours = site.shows(request, "");
    List<WorkerLine> lines = ours ? site.figures().workers().of(account) : List.of();
    List<LiveSession> sessions = new ArrayList<>();
    Hash256 best = null;
    for (WorkerLine line : lines) {
      sessions.addAll(line.sessions());
      Tracked tracked = line.tracked();
      var meter = tracked == null ? null : tracked.meter();
      best = PublicPool.better(best, meter == null ? null : meter.best());
    }
    sessions.sort(Comparator.comparingLong(LiveSession::connectedAtMillis).reversed());
    ObjectNode out = Json.object();
    out.put("bestDifficulty", Figures.difficulty(best));
    out.put("workersCount", sessions.size());
    ArrayNode workers = out.putArray("workers");
    sessions.forEach(session -> workers.add(row(session)));
    site.summary(histories(lines), lines).write(out.putObject("accounting"), clock.millis());
    expected(out, ours ? account : "");
    return out;
  }

  private ObjectNode row(LiveSession session) {
    ChannelMeter.Figures figures = session.meter().figures();
    return Json.object()
        .put("sessionId", session.sessionId())
        .put("name", PublicPool.name(session.worker().name()))
        .put("payoutMode", mode)
        .put("bestDifficulty", Figures.difficulty(figures.best()))
        .put("hashRate", rate(session))
        .put("startTime", Work.time(session.connectedAtMillis()))
        .put(
            "lastSeen",
            Work.time(Math.max(figures.lastShareMillis(), session.connectedAtMillis())));
  }

  private void expected(ObjectNode out, String account) throws Exception {
    org.adit.pool.work.Work work = pool.work();
    Long credit = site.figures().nextCredits().get(account);
    if (work == null || credit == null) {
      out.putNull("expectedPayout");
      return;
    }
    long reward = work.template().coinbaseValueSat();
    out.putObject("expectedPayout")
        .put("payoutSats", credit)
        .put("percent", reward == 0 ? 0 : PERCENT * credit / reward)
        .put("blockHeight", work.template().height())
        .put("coinbaseValueSats", reward)
        .put("createdAt", Work.time(clock.millis()));
  }

  JsonNode chart(Map<String, String> path, @Nullable String rowMode) throws Exception {
    String account = site.account(path.getOrDefault("address", ""));
    return chart(histories(site.figures().workers().of(account)), rowMode);
  }

  private ArrayNode chart(List<History> histories, @Nullable String rowMode) {
    long now = clock.millis();
    return Work.chart(Json.array(), Work.together(pool.stats().empty(), histories, now), rowMode);
  }

  private static List<History> histories(List<WorkerLine> lines) {
    List<History> histories = new ArrayList<>();
    for (WorkerLine line : lines) {
      Tracked tracked = line.tracked();
      if (tracked != null) {
        histories.add(tracked.history());
      }
    }
    return histories;
  }

  private List<WorkerLine> named(Map<String, String> path) throws Exception {
    String account = site.account(path.getOrDefault("address", ""));
    String name = path.getOrDefault("worker", "");
    return site.figures().workers().of(account).stream()
        .filter(line -> PublicPool.name(line.worker()).equals(name))
        .toList();
  }

  JsonNode worker(Map<String, String> path) throws Exception {
    List<WorkerLine> lines = named(path);
    List<History> histories = histories(lines);
    Summary summary = site.summary(histories, lines);
    ObjectNode out = Json.object();
    out.put("name", path.getOrDefault("worker", ""));
    out.put("bestDifficulty", (long) Figures.difficulty(summary.best()));
    ArrayNode modes = out.putArray("payoutModes");
    if (!lines.isEmpty()) {
      modes.add(mode);
    }
    summary.write(out.putObject("accounting"), clock.millis());
    out.set("chartData", chart(histories, null));
    out.set("chartDataByPayoutMode", chart(histories, mode));
    return out;
  }

  JsonNode session(Map<String, String> path) throws Exception {
    String id = path.getOrDefault("session", "");
    for (WorkerLine line : named(path)) {
      for (LiveSession session : line.sessions()) {
        if (session.sessionId().equals(id)) {
          return session(session);
        }
      }
    }
    throw new HttpException(404, "Session not found");
  }

  private ObjectNode session(LiveSession session) throws Exception {
    ChannelMeter.Figures figures = session.meter().figures();
    List<History> histories = List.of(pool.stats().session(session));
    ObjectNode out = Json.object();
    out.put("sessionId", session.sessionId());
    out.put("name", PublicPool.name(session.worker().name()));
    out.put("bestDifficulty", (long) Figures.difficulty(figures.best()));
    out.put("payoutMode", mode);
    out.put("startTime", Work.time(session.connectedAtMillis()));
    new Summary(
            histories,
            figures.work(),
            figures.shares(),
            figures.best(),
            figures.lastShareMillis(),
            figures.lastShareMillis(),
            site.roundBegin(),
            site.networkDifficulty())
        .write(out.putObject("accounting"), clock.millis());
    out.set("chartData", chart(histories, null));
    out.set("chartDataByPayoutMode", chart(histories, mode));
    return out;
  }
}
