package org.adit.pool.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** The pool's API answers as lines for a terminal. */
final class StatusText {
  private static final double PERCENT = 100;
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final double YEAR_SECONDS = 365.25 * 86_400;

  private static final String FEW = " (few shares)";

  private StatusText() {}

  /** A hashrate with half the width of its interval: {@code 1.21 TH/s +- 7 %}. */
  static String estimate(JsonNode estimate) {
    double rate = estimate.path("hashrate_hs").asDouble(0);
    double low = estimate.path("low_hs").asDouble(0);
    double high = estimate.path("high_hs").asDouble(Double.NaN);
    long shares = estimate.path("shares").asLong(0);
    if (shares == 0) {
      return "-";
    }
    String width = String.format(Locale.ROOT, "%.0f", PERCENT * (high - low) / 2 / rate);
    return Figures.hashrate(rate) + " +- " + width + " %" + (shares < 10 ? FEW : "");
  }

  /** The same in fewer characters. */
  private static String brief(JsonNode estimate) {
    return estimate(estimate).replace(FEW, "").replace(" +- ", " +-");
  }

  /** An age in at most two units. */
  static String age(long millis) {
    if (millis < 0) {
      return "now";
    } else if (millis < MINUTE) {
      return millis / SECOND + " s";
    } else if (millis < HOUR) {
      return millis / MINUTE + " min";
    } else if (millis < DAY) {
      return millis / HOUR + " h " + millis % HOUR / MINUTE + " min";
    }
    return millis / DAY + " d " + millis % DAY / HOUR + " h";
  }

  /** Since a time of an answer; never when it is null. */
  static String since(JsonNode pool, JsonNode time) {
    return time.isNumber() ? age(pool.path("as_of_ms").asLong() - time.asLong()) : "never";
  }

  /** A span in seconds, as people say it. */
  static String span(double seconds) {
    return seconds > YEAR_SECONDS
        ? String.format(Locale.ROOT, "%.3g years", seconds / YEAR_SECONDS)
        : age((long) (seconds * SECOND));
  }

  static List<String> pool(JsonNode pool) {
    List<String> lines = new ArrayList<>();
    lines.add(Table.printable(pool.path("state").path("text").asString("")));
    lines.add(
        "hashrate    "
            + estimate(pool.path("hashrate_10m"))
            + " (10 min)   "
            + estimate(pool.path("hashrate_1h"))
            + " (1 h)   "
            + estimate(pool.path("hashrate_24h"))
            + " (24 h)");
    JsonNode shares = pool.path("shares");
    lines.add(
        String.format(
            Locale.ROOT,
            "shares      %d accepted, %d refused, %.2f a second, last %s ago",
            shares.path("accepted").asLong(),
            shares.path("rejected").asLong(),
            shares.path("accepted_per_s").asDouble(),
            since(pool, shares.path("last_accepted_at_ms"))));
    JsonNode workers = pool.path("workers");
    lines.add(
        String.format(
            Locale.ROOT,
            "workers     %d live, %d warming up, %d slow, %d offline; %d connections",
            workers.path("live").asInt(),
            workers.path("warming").asInt(),
            workers.path("slow").asInt(),
            workers.path("offline").asInt(),
            pool.path("connections").asInt()));
    JsonNode template = pool.path("template");
    if (template.isObject()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "mining      height %d: %s BTC with %s BTC of fees, %d transactions, template %s old",
              template.path("height").asInt(),
              Figures.bitcoin(template.path("reward_sat").asLong()),
              Figures.bitcoin(template.path("fees_sat").asLong()),
              template.path("transactions").asInt(),
              since(pool, template.path("received_at_ms"))));
    }
    JsonNode expected = pool.path("expected_block");
    if (expected.isObject()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "next block  in about %s; chance today %s %%",
              span(expected.path("mean_s").asDouble()),
              String.format(
                  Locale.ROOT, "%.3g", PERCENT * expected.path("chance_day").asDouble())));
    }
    JsonNode luck = pool.path("luck");
    if (luck.isObject()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "luck        %d blocks found, %.3g expected",
              luck.path("found_blocks").asLong(),
              luck.path("expected_blocks").asDouble()));
    }
    int alerts = pool.path("alerts_active").asInt();
    if (alerts > 0) {
      lines.add("alerts      " + alerts + " last; see the dashboard");
    }
    return lines;
  }

  static Table workers(JsonNode page) {
    Table table =
        new Table(
            "STATE",
            "WORKER",
            ">5 MIN",
            ">1 H",
            ">24 H",
            ">REFUSED",
            ">LAST SHARE",
            ">DIFFICULTY",
            "DEVICE");
    for (JsonNode worker : page.path("items")) {
      JsonNode rejected = worker.path("rejected_share_1h");
      String name = worker.path("worker").asString("");
      table.row(
          worker.path("state").asString(""),
          Table.printable(worker.path("account").asString("") + (name.isEmpty() ? "" : "." + name)),
          brief(worker.path("hashrate_5m")),
          brief(worker.path("hashrate_1h")),
          brief(worker.path("hashrate_24h")),
          rejected.isNumber()
              ? String.format(Locale.ROOT, "%.2f %%", PERCENT * rejected.asDouble())
              : "-",
          since(page, worker.path("last_share_at_ms")),
          worker.path("difficulty").isNumber()
              ? String.format(Locale.ROOT, "%.4g", worker.path("difficulty").asDouble())
              : "-",
          Table.printable(worker.path("user_agent").asString("-")));
    }
    return table.leavingOut("DEVICE", "DIFFICULTY", "24 H", "1 H", "REFUSED");
  }
}
