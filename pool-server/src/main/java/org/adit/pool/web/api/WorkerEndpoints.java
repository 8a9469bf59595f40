package org.adit.pool.web.api;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  private record Order(@Nullable String account, String by) {}

  private record Sorted(WorkerTable.Snapshot of, Map<Order, List<WorkerLine>> lists) {}

  private final PoolView pool;
  private final WorkerTable table;
  private final WorkerShapes shapes;
  private final Clock clock;
  private volatile @Nullable Sorted sorted;

  WorkerEndpoints(PoolView pool, WorkerTable table, WorkerShapes shapes, Clock clock) {
    this.pool = pool;
    this.table = table;
    this.shapes = shapes;
    this.clock = clock;
  }

  JsonNode ofPool(Call call) throws Exception {
    String account = call.request().parameter("account").orElse("");
    return page(call, table.get(), account.isEmpty() ? null : account);
  }

  JsonNode ofAccount(Call call) throws Exception {
    return page(call, table.get(), call.path("account"));
  }

  /**
   * @param account whose; null for all
   */
  private JsonNode page(Call call, WorkerTable.Snapshot all, @Nullable String account)
      throws Exception {
    String text = call.request().parameter("q").orElse("").toLowerCase(Locale.ROOT);
    Set<WorkerState> states = states(call);
    String sort = call.word("sort", "trouble", SORTS);
    String order = call.word("order", isText(sort) ? "asc" : "desc", "asc", "desc");
    List<WorkerLine> lines = sorted(all, account, sort);
    if (order.equals("desc")) {
      lines = lines.reversed();
    }
    List<WorkerLine> named =
        text.isEmpty() ? lines : lines.stream().filter(line -> holds(line, text)).toList();
    List<WorkerLine> rows =
        states.size() == WorkerState.values().length
            ? named
            : named.stream().filter(line -> states.contains(line.state())).toList();
    Call.Page page = call.page();
    ObjectNode node = Json.asOf(all.atMillis());
    node.put("total", rows.size());
    node.put("offset", page.offset());
    node.put("limit", page.limit());
    WorkerTable.Counts.of(named).write(node.putObject("counts"));
    ArrayNode items = node.putArray("items");
    int from = Math.min(page.offset(), rows.size());
    for (WorkerLine line : rows.subList(from, from + Math.min(page.limit(), rows.size() - from))) {
      items.add(shapes.line(line, all.atMillis()));
    }
    return node;
  }

  /** Ascending. A list that was sorted is kept until the next snapshot: scrolling asks again. */
  @SuppressWarnings("ReferenceEquality") // snapshots are made once, and have ten thousand lines
  private List<WorkerLine> sorted(WorkerTable.Snapshot all, @Nullable String account, String sort) {
    List<WorkerLine> lines = account == null ? all.lines() : all.of(account);
    if (lines.isEmpty()) {
      return lines; // strangers' names are not kept
    }
    Sorted kept = sorted;
    if (kept == null || kept.of != all) {
      kept = new Sorted(all, new ConcurrentHashMap<>());
      sorted = kept;
    }
    return kept.lists.computeIfAbsent(
        new Order(account, sort), key -> lines.stream().sorted(comparator(sort)).toList());
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
          case "hashrate_5m" -> Comparator.comparingDouble(line -> line.minutes().rate());
          case "hashrate_1h" -> Comparator.comparingDouble(line -> line.hour().rate());
          case "hashrate_24h" -> Comparator.comparingDouble(line -> line.day().rate());
          case "last_share" -> Comparator.comparingLong(WorkerLine::lastShareMillis);
          case "difficulty" -> Comparator.comparingDouble(WorkerLine::difficulty);
          case "rejects" ->
              Comparator.comparingDouble(
                  line -> Double.isNaN(line.rejectedPart()) ? -1 : line.rejectedPart());
          case "credited" -> Comparator.comparingLong(line -> line.stored().credited().totalSat());
          default ->
              Comparator.comparing(WorkerLine::state)
                  .reversed()
                  .thenComparingDouble(line -> line.hour().rate());
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
