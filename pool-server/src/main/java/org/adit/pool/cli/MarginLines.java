package org.adit.pool.cli;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.PastWork;
import org.adit.accounting.economics.WorkerMargins;
import org.adit.accounting.economics.WorkerMargins.Line;
import org.adit.accounting.store.WorkerRow;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Margins of workers and of groups of them, at the hashrate of the last day. */
final class MarginLines {
  /** Heading of a table of groups, and of their column in one of workers. */
  static final String GROUP = "GROUP";

  private static final double PERCENT = 100;
  private static final long DAY_MILLIS = 86_400_000;

  // Shares are kept by the minute: the first of a worker came up to one before its sum's time.
  private static final long BUCKET_MILLIS = 60_000;
  private static final double MILLIS = 1_000;

  private MarginLines() {}

  /**
   * Each worker's mean hashrate of the last day, or since its first share if that is less, as a
   * running pool has it; by its row, those without a share left out.
   */
  static Map<WorkerRow, Double> hashrates(AccountingReader reader, Instant now) {
    Duration day = Duration.ofDays(1);
    Map<Integer, BigInteger> work = new HashMap<>();
    Map<Integer, Long> first = new HashMap<>();
    reader.pastWork(
        now.minus(day),
        new PastWork() {
          @Override
          public void pool(long firstMillis, long lastMillis, long shares, BigInteger done) {}

          @Override
          public boolean worker(int workerId, long lastMillis, long shares, BigInteger done) {
            work.merge(workerId, done, BigInteger::add);
            first.merge(workerId, lastMillis - BUCKET_MILLIS, Math::min);
            return true;
          }
        });
    Map<WorkerRow, Double> rates = new HashMap<>();
    for (WorkerRow row : reader.workers()) {
      BigInteger done = work.get(row.id());
      if (done != null) {
        long since = now.toEpochMilli() - first.getOrDefault(row.id(), 0L);
        rates.put(row, done.doubleValue() * MILLIS / Math.clamp(since, BUCKET_MILLIS, DAY_MILLIS));
      }
    }
    return rates;
  }

  /** A line as a running pool tells it, of a worker or of a group. */
  static Line ofApi(JsonNode told) {
    String group = told.path("group").asString("");
    String account = told.path("account").asString("");
    String worker = told.path("worker").asString("");
    String name = worker.isEmpty() ? account : account + "." + worker;
    return new Line(
        account.isEmpty() ? group : name,
        group,
        known(told, "hashrate_hs"),
        known(told, "revenue_sat_day"),
        known(told, "revenue_day"),
        known(told, "kilowatts"),
        known(told, "power_cost_day"));
  }

  private static double known(JsonNode told, String key) {
    return told.path(key).isNumber() ? told.path(key).asDouble() : Double.NaN;
  }

  /** A line for each worker, the fastest first. */
  static List<Line> workers(WorkerMargins margins, Map<WorkerRow, Double> rates) {
    List<Line> lines = new ArrayList<>();
    rates.forEach((row, rate) -> lines.add(margins.worker(row.account(), row.worker(), rate)));
    lines.sort(
        Comparator.comparingDouble(Line::hashesPerSecond).reversed().thenComparing(Line::name));
    return lines;
  }

  /** Margins as a table; lines of workers say which group each is of. */
  static Table table(String heading, String currency, List<Line> lines) {
    String power = "POWER, " + currency + " A DAY";
    List<String> headings =
        new ArrayList<>(
            List.of(
                heading,
                ">HASHRATE, A DAY",
                ">SAT A DAY",
                ">" + currency + " A DAY",
                ">POWER, kW",
                ">" + power,
                ">MARGIN, %",
                ">BREAK-EVEN, " + currency + " A kWh"));
    boolean ofGroups = heading.equals(GROUP);
    if (!ofGroups) {
      headings.add(1, GROUP);
    }
    Table table = new Table(headings.toArray(String[]::new));
    for (Line line : lines) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  line.name(),
                  Figures.hashrate(line.hashesPerSecond()),
                  Figures.six(line.revenueSatDay()),
                  Figures.six(line.revenueDay()),
                  Figures.six(line.kilowatts()),
                  Figures.six(line.powerCostDay()),
                  Figures.six(line.grossMargin() * PERCENT),
                  Figures.six(line.breakEvenPricePerKwh())));
      if (!ofGroups) {
        cells.add(1, line.group());
      }
      table.row(cells.toArray());
    }
    return ofGroups
        ? table.leavingOut("POWER, kW", power)
        : table.leavingOut("POWER, kW", GROUP, power);
  }

  static void json(ArrayNode into, List<Line> lines) {
    for (Line line : lines) {
      ObjectNode node = into.addObject();
      node.put("name", line.name()).put("group", line.group());
      number(node, "hashes_per_second", line.hashesPerSecond());
      number(node, "revenue_sat_day", line.revenueSatDay());
      number(node, "revenue_day", line.revenueDay());
      number(node, "kilowatts", line.kilowatts());
      number(node, "power_cost_day", line.powerCostDay());
      number(node, "gross_margin", line.grossMargin());
      number(node, "break_even_power_price_per_kwh", line.breakEvenPricePerKwh());
    }
  }

  private static void number(ObjectNode node, String key, double value) {
    if (Double.isFinite(value)) {
      node.put(key, value);
    } else {
      node.putNull(key);
    }
  }
}
