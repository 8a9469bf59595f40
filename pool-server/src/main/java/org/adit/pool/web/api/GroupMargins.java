package org.adit.pool.web.api;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adit.accounting.economics.PowerProfile;
import org.adit.accounting.economics.WorkerMargins;
import org.adit.accounting.economics.WorkerMargins.Line;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.http.HttpException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Margins of workers and of the [[power]] groups, at the hashrate of the last 24 hours. */
final class GroupMargins {
  // Each worker is held against the patterns of the groups; that is done for all who ask together.
  private static final long AGE_MILLIS = 5_000;

  /** A worker with what it earns. */
  private record Earner(WorkerLine worker, Line line) {}

  /**
   * Margins at a moment.
   *
   * @param margins what they are reckoned by; null while the network's target is not known
   * @param earners workers with a share within a day, the fastest first
   */
  private record Made(long atMillis, @Nullable WorkerMargins margins, List<Earner> earners) {}

  private final PoolView pool;
  private final WorkerTable table;
  private final Margins margins;
  private final Cached<Made> made;

  GroupMargins(PoolView pool, WorkerTable table, Margins margins, Clock clock) {
    this.pool = pool;
    this.table = table;
    this.margins = margins;
    this.made = new Cached<>(clock, AGE_MILLIS, this::make);
  }

  private Made make() throws Exception {
    WorkerTable.Snapshot all = table.get();
    WorkerMargins by = margins.byWorker().orElse(null);
    List<Earner> earners = new ArrayList<>();
    if (by != null) {
      for (WorkerLine worker : all.lines()) {
        if (worker.day().sum().shares() > 0) {
          earners.add(
              new Earner(
                  worker, by.worker(worker.account(), worker.worker(), worker.day().rate())));
        }
      }
      earners.sort(
          Comparator.comparingDouble((Earner one) -> one.line().hashesPerSecond())
              .reversed()
              .thenComparing(one -> one.line().name()));
    }
    return new Made(all.atMillis(), by, earners);
  }

  /** All figures; those of the groups only for who may see lists of all. */
  JsonNode economics(Call call) throws Exception {
    ObjectNode node = margins.economics();
    node.put("power_groups", pool.config().economics().groups().size());
    Made now = made.get();
    if (!call.seesAll() || now.margins() == null) {
      node.putNull("groups");
      return node;
    }
    groups(node.putArray("groups"), now, now.margins());
    return node;
  }

  /** None when none is configured: all workers would be one group, which is the pool. */
  private void groups(ArrayNode list, Made now, WorkerMargins by) {
    if (pool.config().economics().groups().isEmpty()) {
      return;
    }
    Map<String, Integer> workers = new HashMap<>();
    now.earners().forEach(one -> workers.merge(one.line().group(), 1, Integer::sum));
    Map<String, PowerProfile> profiles = new HashMap<>();
    Stream.concat(by.groups().stream(), Stream.of(by.others()))
        .forEach(profile -> profiles.put(profile.group(), profile));
    for (Line line : by.groups(now.earners().stream().map(Earner::line).toList())) {
      ObjectNode item = list.addObject();
      item.put("workers", workers.getOrDefault(line.group(), 0));
      MarginShapes.put(item, by, line, profiles.getOrDefault(line.group(), by.others()));
    }
  }

  /** Each worker with a share within a day, the fastest first. */
  JsonNode workers(Call call) throws Exception {
    Made now = made.get();
    WorkerMargins by = now.margins();
    if (by == null) {
      throw new HttpException(503, "the network's target is not known while there is no work");
    }
    Call.Page page = call.page();
    ObjectNode node = Json.asOf(now.atMillis());
    node.put("total", now.earners().size());
    node.put("offset", page.offset());
    node.put("limit", page.limit());
    node.put("currency", pool.config().economics().currency());
    ArrayNode items = node.putArray("items");
    now.earners().stream()
        .skip(page.offset())
        .limit(page.limit())
        .forEach(one -> {
          WorkerLine worker = one.worker();
          ObjectNode item = items.addObject();
          item.put("id", worker.id());
          item.put("account", worker.account());
          item.put("worker", worker.worker());
          MarginShapes.put(item, by, one.line(), by.profile(worker.account(), worker.worker()));
        });
    return node;
  }
}
