package org.adit.pool.web.api;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.adit.pool.mining.WorkerMeter;
import org.adit.pool.stats.Range;
import org.adit.pool.stats.Tracked;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.http.HttpException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Workers of the pool or of one account. */
final class WorkerEndpoints {
  private static final String[] SORTS = {
    "trouble",
    "worker",
    "account",
    "hashrate_5m",
    "hashrate_1h",
    "hashrate_24h",
    "last_share",
    "difficulty",
    "rejects",
    "credited"
  };

  /** Stands for the empty name in a path. */
  static final String NAMELESS = "~";

  private final PoolView pool;
  private final WorkerTable table;
  private final WorkerShapes shapes;
  private final Clock clock;

  WorkerEndpoints(PoolView pool, WorkerTable table, WorkerShapes shapes, Clock clock) {
    this.pool = pool;
    this.table = table;
    this.shapes = shapes;
    this.clock = clock;
  }

  JsonNode ofPool(Call call) throws Exception {
    WorkerTable.Snapshot all = table.get();
    String account = call.request().parameter("account").orElse("");
    return page(call, all, account.isEmpty() ? all.lines() : all.of(account));
  }

  JsonNode ofAccount(Call call) throws Exception {
    WorkerTable.Snapshot all = table.get();
    return page(call, all, all.of(call.path("account")));
  }

  private JsonNode page(Call call, WorkerTable.Snapshot all, List<WorkerLine> lines)
      throws HttpException {
    String text = call.request().parameter("q").orElse("").toLowerCase(Locale.ROOT);
    Set<WorkerState> states = states(call);
    String sort = call.word("sort", "trouble", SORTS);
    String order = call.word("order", isText(sort) ? "asc" : "desc", "asc", "desc");
    List<WorkerLine> named =
        text.isEmpty() ? lines : lines.stream().filter(line -> holds(line, text)).toList();
    List<WorkerLine> rows = new ArrayList<>(named.size());
    for (WorkerLine line : named) {
      if (states.contains(line.state())) {
        rows.add(line);
      }
    }
    Comparator<WorkerLine> by = comparator(sort);
    rows.sort(order.equals("asc") ? by : by.reversed());
    Call.Page page = call.page();
    ObjectNode node = Json.asOf(all.atMillis());
    node.put("total", rows.size());
    node.put("offset", page.offset());
    node.put("limit", page.limit());
    WorkerTable.Counts.of(named).write(node.putObject("counts"));
    ArrayNode items = node.putArray("items");
    rows.stream()
        .skip(page.offset())
        .limit(page.limit())
        .forEach(line -> items.add(shapes.line(line, all.atMillis())));
    return node;
  }

  private static Set<WorkerState> states(Call call) throws HttpException {
    String text = call.request().parameter("state").orElse("");
    if (text.isEmpty() || text.equals("all")) {
      return EnumSet.allOf(WorkerState.class);
    }
    Set<WorkerState> states = EnumSet.noneOf(WorkerState.class);
    for (String part : text.split(",", -1)) {
      try {
        states.add(WorkerState.valueOf(part.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new HttpException(
            400, "state is unknown (expected: live, warming, slow, offline, or some of them)");
      }
    }
    return states;
  }

  private static boolean holds(WorkerLine line, String text) {
    return line.worker().toLowerCase(Locale.ROOT).contains(text)
        || line.account().toLowerCase(Locale.ROOT).contains(text)
        || line.sessions().stream()
            .anyMatch(session -> session.userAgent().toLowerCase(Locale.ROOT).contains(text));
  }

  private static boolean isText(String sort) {
    return sort.equals("worker") || sort.equals("account");
  }

  /** Ascending; ties by account and name. */
  private static Comparator<WorkerLine> comparator(String sort) {
    Comparator<WorkerLine> by =
        switch (sort) {
          case "worker" -> Comparator.comparing(WorkerLine::worker);
          case "account" -> Comparator.comparing(WorkerLine::account);
          case "hashrate_5m" -> Comparator.comparingDouble(WorkerLine::rate5m);
          case "hashrate_1h" -> Comparator.comparingDouble(WorkerLine::rate1h);
          case "hashrate_24h" -> Comparator.comparingDouble(WorkerLine::rate24h);
          case "last_share" -> Comparator.comparingLong(WorkerLine::lastShareMillis);
          case "difficulty" -> Comparator.comparingDouble(WorkerShapes::difficulty);
          case "rejects" ->
              Comparator.comparingDouble(
                  line -> Double.isNaN(line.rejectedPart()) ? -1 : line.rejectedPart());
          case "credited" -> Comparator.comparingLong(line -> line.stored().credited().totalSat());
          default ->
              Comparator.comparing(WorkerLine::state)
                  .reversed()
                  .thenComparingDouble(WorkerLine::rate1h);
        };
    return by.thenComparing(WorkerLine::account, Comparator.reverseOrder())
        .thenComparing(WorkerLine::worker, Comparator.reverseOrder());
  }

  // ---- one worker ----

  JsonNode detail(Call call) throws Exception {
    WorkerTable.Snapshot all = table.get();
    return shapes.detail(find(call, all), all.atMillis());
  }

  JsonNode history(Call call) throws Exception {
    Range range = call.range();
    WorkerLine line = find(call, table.get());
    Tracked tracked = line.tracked();
    long now = clock.millis();
    if (tracked == null) {
      return Shapes.series(range, pool.stats().empty().series(range, now), now, Json.array());
    }
    return Shapes.series(range, tracked.history().series(range, now), now, Json.array());
  }

  JsonNode rejects(Call call) throws Exception {
    WorkerLine line = find(call, table.get());
    return shapes.rejects(pool.rejects(line.account(), line.worker(), call.page().limit()));
  }

  JsonNode rejectsOfAccount(Call call) throws Exception {
    return shapes.rejects(pool.rejects(call.path("account"), null, call.page().limit()));
  }

  private static WorkerLine find(Call call, WorkerTable.Snapshot all) throws HttpException {
    @Nullable WorkerLine line;
    if (call.path().containsKey("id")) {
      line = all.byId().get((int) Call.parse("id", call.path("id"), 1, Integer.MAX_VALUE));
    } else {
      String name = call.path("worker");
      line = all.find(call.path("account"), name.equals(NAMELESS) ? "" : name);
      if (line == null) {
        line = all.find(call.path("account"), name);
      }
    }
    if (line == null) {
      throw new HttpException(404, "there is no such worker");
    }
    return line;
  }

  static List<WorkerMeter> meters(List<WorkerLine> lines) {
    List<WorkerMeter> meters = new ArrayList<>();
    for (WorkerLine line : lines) {
      Tracked tracked = line.tracked();
      WorkerMeter meter = tracked == null ? null : tracked.meter();
      if (meter != null) {
        meters.add(meter);
      }
    }
    return meters;
  }
}
