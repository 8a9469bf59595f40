package org.adit.pool.web.publicpool;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.accounting.address.AddressException;
import org.adit.accounting.address.AddressNetwork;
import org.adit.accounting.address.PayoutAddress;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.config.PayoutConfig;
import org.adit.config.WebConfig;
import org.adit.hasher.Hash256;
import org.adit.pool.mining.LiveSession;
import org.adit.pool.mining.WorkerMeter;
import org.adit.pool.stats.History;
import org.adit.pool.stats.Tracked;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.api.Figures;
import org.adit.pool.web.api.Json;
import org.adit.pool.web.api.NodeQuestions;
import org.adit.pool.web.api.WorkerLine;
import org.adit.pool.web.api.WorkerTable;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.web.http.Reply;
import org.adit.pool.web.http.Request;
import org.adit.pool.web.http.Routes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Public Pool's API in its extended shape, which holds the classic one. Fields keep that API's
 * names, units and gaps; ours stand in {@code /api/v1}.
 */
public final class PublicPool {
  private static final int MOST_BLOCKS = 100;
  private static final int MOST_SCORES = 10;
  private static final int MOST_AGENTS = 20;
  private static final String EMPTY_NAME = "worker";

  /** Answers one path. */
  @FunctionalInterface
  private interface Answer {
    JsonNode of(Request request, Map<String, String> path) throws Exception;
  }

  private final PoolView pool;
  private final Figures figures;
  private final NodeQuestions node;
  private final Clock clock;
  private final String mode;
  private final Clients clients;
  private final Routes<Answer> routes = new Routes<>();

  /** That API over a pool. */
  public PublicPool(PoolView pool, Figures figures, NodeQuestions node, Clock clock) {
    this.pool = pool;
    this.figures = figures;
    this.node = node;
    this.clock = clock;
    this.mode = pool.config().payout().scheme() == PayoutConfig.Scheme.SOLO ? "solo" : "pplns";
    this.clients = new Clients(pool, this, clock, mode);
    routes.add("GET", "/api/info", (request, path) -> info());
    routes.add("GET", "/api/info/chart", (request, path) -> chart(null));
    routes.add(
        "GET",
        "/api/info/chart/payout-modes",
        (request, path) -> shows(request, "") ? chart(mode) : Json.array());
    routes.add("GET", "/api/info/accounting", (request, path) -> accounting(request));
    routes.add("GET", "/api/network", (request, path) -> this.node.miningInfo());
    routes.add("GET", "/api/pool", (request, path) -> poolFigures());
    routes.add("GET", "/api/client/{address}", (request, path) -> clients.address(request, path));
    routes.add("GET", "/api/client/{address}/chart", (request, path) -> clients.chart(path, null));
    routes.add(
        "GET",
        "/api/client/{address}/chart/payout-modes",
        (request, path) -> shows(request, "") ? clients.chart(path, mode) : Json.array());
    routes.add("GET", "/api/client/{address}/{worker}", (request, path) -> clients.worker(path));
    routes.add(
        "GET",
        "/api/client/{address}/{worker}/{session}",
        (request, path) -> clients.session(path));
  }

  /** Whether a path belongs to that API; any page may read it. */
  public static boolean owns(Request request) {
    List<String> path = request.segments();
    return path.size() >= 2 && path.get(0).equals("api") && !path.get(1).equals("v1");
  }

  /** Answers; errors have that API's shape too. */
  public Reply answer(Request request) throws Exception {
    try {
      Optional<Routes.Match<Answer>> match = routes.find(request.method(), request.segments());
      if (match.isEmpty()) {
        throw new HttpException(404, "Cannot GET this path");
      }
      return Reply.json(match.get().target().of(request, match.get().variables()))
          .with("Cache-Control", "no-store");
    } catch (HttpException e) {
      ObjectNode error = Json.object();
      error.put("statusCode", e.status());
      error.put("message", String.valueOf(e.getMessage()));
      error.put("error", Reply.title(e.status()));
      return new Reply(
          e.status(),
          "application/json",
          Reply.json(error).body(),
          Map.of("Cache-Control", "no-store"));
    }
  }

  /**
   * Whether the mode that is asked for is this pool's.
   *
   * @param absent what no parameter stands for; empty: all
   */
  boolean shows(Request request, String absent) {
    String asked = request.parameter("payoutMode").orElse(absent.isEmpty() ? "all" : absent);
    return asked.equals("all") || mode.equals(asked.equals("pplns") ? "pplns" : "solo");
  }

  Figures figures() {
    return figures;
  }

  /** When the pool found its last block; 0 when it never did. */
  long roundBegin() throws Exception {
    return figures.blocks().stream()
        .filter(block -> block.state() != BlockState.ORPHANED)
        .mapToLong(block -> block.foundAt().toEpochMilli())
        .findFirst()
        .orElse(0);
  }

  double networkDifficulty() {
    org.adit.pool.work.Work now = pool.work();
    return now == null ? 0 : Figures.difficultyOf(now.template().bits());
  }

  /** The canonical name of an account, given as such or as an address. */
  String account(String text) throws HttpException {
    AddressNetwork network =
        switch (pool.config().network()) {
          case MAIN -> AddressNetwork.MAIN;
          case TESTNET4, SIGNET -> AddressNetwork.TEST;
          case REGTEST -> AddressNetwork.REGTEST;
        };
    try {
      return PayoutAddress.parse(network, text).text();
    } catch (AddressException e) {
      if (text.matches("[A-Za-z0-9_-]{1,64}")
          && pool.accounting().accounts().find(text).address().isPresent()) {
        return text;
      }
      throw new HttpException(400, "neither an address of this network nor an account here");
    }
  }

  static String name(String worker) {
    return worker.isEmpty() ? EMPTY_NAME : worker;
  }

  // ---- the site ----

  private JsonNode info() throws Exception {
    ObjectNode out = Json.object();
    out.set("blockData", blocks());
    out.set("userAgents", agents());
    out.set("highScores", scores());
    out.put("uptime", Work.time(pool.stats().startedMillis()));
    return out;
  }

  private ArrayNode blocks() throws Exception {
    boolean open = pool.config().web().access() == WebConfig.Access.OPEN;
    ArrayNode list = Json.array();
    figures.blocks().stream()
        .filter(block -> block.state() != BlockState.ORPHANED)
        .limit(MOST_BLOCKS)
        .forEach(block -> list.add(block(block, open)));
    return list;
  }

  private static ObjectNode block(BlockRow block, boolean open) {
    String account = block.finder().account();
    return Json.object()
        .put("height", block.height())
        .put("minerAddress", open ? account : Figures.shortened(account))
        .put("worker", open ? name(block.finder().worker()) : EMPTY_NAME)
        .put("sessionId", "")
        .put("blockHash", block.hash().toDisplayHex())
        .put("blockSubmissionResult", "SUCCESS!")
        .put("createdAt", Work.time(block.foundAt().toEpochMilli()));
  }

  private static final class Agent {
    long count;
    double rate;
    @Nullable Hash256 best;
  }

  private ArrayNode agents() {
    Map<String, Agent> agents = new HashMap<>();
    for (LiveSession session : pool.counters().fleet().sessions()) {
      Agent agent = agents.computeIfAbsent(program(session.userAgent()), key -> new Agent());
      agent.count++;
      agent.rate += clients.rate(session);
      agent.best = better(agent.best, session.meter().figures().best());
    }
    List<Map.Entry<String, Agent>> rows = new ArrayList<>(agents.entrySet());
    rows.sort(
        Comparator.comparingLong((Map.Entry<String, Agent> row) -> row.getValue().count)
            .reversed());
    Agent others = new Agent();
    ArrayNode list = Json.array();
    for (Map.Entry<String, Agent> row : rows) {
      if (list.size() < MOST_AGENTS) {
        list.add(agent(row.getKey(), row.getValue()));
      } else {
        others.count += row.getValue().count;
        others.rate += row.getValue().rate;
        others.best = better(others.best, row.getValue().best);
      }
    }
    if (others.count > 0) {
      list.add(agent("Other", others));
    }
    return list;
  }

  private static ObjectNode agent(String name, Agent agent) {
    return Json.object()
        .put("userAgent", name)
        .put("count", agent.count)
        .put("totalHashRate", agent.rate)
        .put("bestDifficulty", Figures.difficulty(agent.best));
  }

  /** The program's name: what stands before a slash or a space. */
  static String program(String userAgent) {
    String name = userAgent.split("[/ ]", 2)[0];
    return name.isEmpty() ? "unknown" : name;
  }

  static @Nullable Hash256 better(@Nullable Hash256 one, @Nullable Hash256 other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static boolean isBetter(@Nullable Hash256 one, @Nullable Hash256 other) {
    return one != null && (other == null || one.compareTo(other) < 0);
  }

  private ArrayNode scores() throws Exception {
    Map<String, WorkerMeter> best = new HashMap<>();
    for (WorkerMeter meter : pool.counters().fleet().workers()) {
      if (meter.best() != null) {
        best.merge(meter.worker().account(), meter, (a, b) -> isBetter(a.best(), b.best()) ? a : b);
      }
    }
    WorkerTable.Snapshot workers = figures.workers();
    ArrayNode list = Json.array();
    best.values().stream()
        .sorted(Comparator.comparing(meter -> java.util.Objects.requireNonNull(meter.best())))
        .limit(MOST_SCORES)
        .forEach(meter -> list.add(score(meter, workers.byId().get(meter.worker().id()))));
    return list;
  }

  private static ObjectNode score(WorkerMeter meter, @Nullable WorkerLine line) {
    String agent =
        line == null || line.sessions().isEmpty()
            ? null
            : program(line.sessions().getFirst().userAgent());
    return Json.object()
        .put("updatedAt", Work.time(meter.bestAtMillis()))
        .put("bestDifficulty", Figures.difficulty(meter.best()))
        .put("bestDifficultyUserAgent", agent);
  }

  private ArrayNode chart(@Nullable String rowMode) {
    long now = clock.millis();
    return Work.chart(
        Json.array(), pool.stats().pool().series(org.adit.pool.stats.Range.DAY, now), rowMode);
  }

  private JsonNode accounting(Request request) throws Exception {
    boolean ours = shows(request, "pplns");
    WorkerTable.Snapshot workers = figures.workers();
    return summary(
            ours ? List.of(pool.stats().pool()) : List.of(), ours ? workers.lines() : List.of())
        .write(Json.object(), clock.millis());
  }

  /** The summary of some workers, over histories that may be others than theirs. */
  Summary summary(List<History> histories, List<WorkerLine> lines) throws Exception {
    double hashes = 0;
    long shares = 0;
    long last = 0;
    WorkerMeter best = null;
    for (WorkerLine line : lines) {
      hashes += line.stored().work().doubleValue();
      shares += line.stored().sharesAccepted();
      last = Math.max(last, line.lastShareMillis());
      Tracked tracked = line.tracked();
      WorkerMeter meter = tracked == null ? null : tracked.meter();
      if (meter != null && isBetter(meter.best(), best == null ? null : best.best())) {
        best = meter;
      }
    }
    return new Summary(
        histories,
        hashes,
        shares,
        best == null ? null : best.best(),
        best == null ? 0 : best.bestAtMillis(),
        last,
        roundBegin(),
        networkDifficulty());
  }

  private JsonNode poolFigures() throws Exception {
    ObjectNode out = Json.object();
    double rate = 0;
    long sessions = 0;
    for (LiveSession session : pool.counters().fleet().sessions()) {
      rate += clients.rate(session);
      sessions++;
    }
    org.adit.pool.work.Work work = pool.work();
    out.put("totalHashRate", rate);
    out.put("blockHeight", work == null ? 0 : work.template().height() - 1);
    out.put("totalMiners", sessions);
    out.set("blocksFound", blocks());
    out.put("fee", pool.config().payout().feePpmSubsidy() / 10_000.0);
    return out;
  }
}
