package org.adit.pool.web.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.web.page.Sheet.Cell;
import tools.jackson.databind.JsonNode;

/**
 * The first figures of each page, made of the API's own answers, so that a reader sees here what it
 * may see there and nothing else. A page with scripts replaces them by live ones.
 */
public final class FirstFigures {
  private static final int ROWS = 50;
  private static final int MOST_OFFSET = 100_000_000;
  private static final int NAME_HEAD = 8;
  private static final int NAME_TAIL = 6;

  private FirstFigures() {}

  /** The API as the reader of a page may use it. */
  @FunctionalInterface
  public interface Source {
    /**
     * Asks.
     *
     * @param path below {@code /api/v1}, not encoded
     * @throws HttpException when the API refuses, with words for the reader
     * @throws Exception when the books cannot be read
     */
    JsonNode ask(List<String> path, Map<String, String> query) throws Exception;
  }

  /**
   * HTML of a page's first figures.
   *
   * @param path of the page, not encoded
   * @param offset of the first row in lists that are longer than a page
   * @throws Exception as the source does
   */
  public static String of(List<String> path, int offset, Source api) throws Exception {
    int from = Math.clamp(offset, 0, MOST_OFFSET);
    String name = path.isEmpty() ? "" : path.getFirst();
    Sheet sheet = new Sheet();
    try {
      switch (name) {
        case "" -> pool(sheet, api);
        case "workers" -> {
          if (path.size() == 1) {
            workers(sheet, api, List.of("workers"), "/workers", from);
          } else {
            worker(sheet, api.ask(path, Map.of()));
          }
        }
        case "account" -> account(sheet, path, from, api);
        case "blocks" -> {
          if (path.size() == 1) {
            blocks(sheet, api.ask(path, page(from)), from);
          } else {
            block(sheet, api.ask(path, Map.of()));
          }
        }
        case "economics" -> economics(sheet, api.ask(path, Map.of()));
        default -> nodes(sheet, api);
      }
    } catch (HttpException e) {
      sheet.sentence(String.valueOf(e.getMessage()));
    }
    return sheet.toString();
  }

  private static Map<String, String> page(int offset) {
    return Map.of("offset", String.valueOf(offset), "limit", String.valueOf(ROWS));
  }

  private static void pool(Sheet sheet, Source api) throws Exception {
    JsonNode pool = api.ask(List.of("pool"), Map.of());
    long now = pool.path("as_of_ms").asLong();
    JsonNode template = pool.path("template");
    JsonNode shares = pool.path("shares");
    sheet
        .title("Pool")
        .sentence(
            pool.path("state").path("text").asString("")
                + " Last share "
                + Words.ago(shares.path("last_accepted_at_ms"), now)
                + ".");
    rates(sheet, pool, "10 min", "hashrate_10m");
    JsonNode counts = pool.path("workers");
    sheet.pairs(
        "Workers",
        "Live",
        count(counts.path("live")),
        "Warming up",
        count(counts.path("warming")),
        "Slow",
        count(counts.path("slow")),
        "Offline",
        count(counts.path("offline")),
        "Connections",
        count(pool.path("connections")));
    sheet.pairs(
        "Next block",
        "Reward",
        money(template.path("reward_sat")),
        "Of it fees",
        money(template.path("fees_sat")),
        "Height",
        count(template.path("height")),
        "Transactions",
        count(template.path("transactions")),
        "Template",
        Words.ago(template.path("received_at_ms"), now));
    JsonNode expected = pool.path("expected_block");
    JsonNode luck = pool.path("luck");
    sheet.pairs(
        "Expected block",
        "One in",
        Words.known(expected.path("mean_s"), Words::about),
        "Today",
        Words.known(expected.path("chance_day"), Words::chance),
        "Found so far",
        count(luck.path("found_blocks"))
            + ", "
            + Words.known(luck.path("expected_blocks"), Words::three)
            + " expected");
    rejects(sheet, OptionalLong.of(shares.path("accepted").asLong()), shares.path("rejects"));
    List<List<Cell>> doors = new ArrayList<>();
    for (JsonNode one : pool.path("connect")) {
      doors.add(
          cells(
              one.path("transport").asString(""),
              Words.text(one.path("host")),
              String.valueOf(one.path("port").asInt())));
    }
    sheet.table(
        "Connect a miner",
        "No port is open for miners now.",
        List.of("Transport", "Host", "#Port"),
        doors);
    blockTable(sheet, "Last blocks", pool.path("blocks"), now);
  }

  private static void rates(Sheet sheet, JsonNode of, String window, String shortest) {
    sheet.pairs(
        "Hashrate",
        window,
        Words.estimate(of.path(shortest)),
        "1 h",
        Words.estimate(of.path("hashrate_1h")),
        "24 h",
        Words.estimate(of.path("hashrate_24h")));
  }

  /** Shares by verdict; without accepted ones, parts are those of all refused ones. */
  private static void rejects(Sheet sheet, OptionalLong accepted, JsonNode rejects) {
    long all = accepted.orElse(0);
    for (JsonNode one : rejects) {
      all += one.path("count").asLong();
    }
    List<List<Cell>> rows = new ArrayList<>();
    if (accepted.isPresent()) {
      rows.add(verdict("accepted", accepted.getAsLong(), all, ""));
    }
    for (JsonNode one : rejects) {
      long count = one.path("count").asLong();
      if (count > 0) {
        String name = one.path("verdict").asString("").replace('-', ' ');
        rows.add(verdict(name, count, all, money(one.path("lost_sat"))));
      }
    }
    sheet.table(
        accepted.isPresent() ? "Shares since start" : "Refused shares since start",
        "None.",
        List.of("Verdict", "#Shares", "#Part", "#Cost"),
        rows);
  }

  private static List<Cell> verdict(String name, long count, long all, String cost) {
    String part = all == 0 ? "" : Words.percent((double) count / all);
    return cells(name, Words.grouped(count), part, cost);
  }

  private static void workers(Sheet sheet, Source api, List<String> path, String own, int offset)
      throws Exception {
    JsonNode read = api.ask(path, page(offset));
    long now = read.path("as_of_ms").asLong();
    boolean all = path.size() == 1;
    if (all) {
      sheet.title("Workers");
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (JsonNode one : read.path("items")) {
      String worker = one.path("worker").asString("");
      String account = one.path("account").asString("");
      List<Cell> row =
          new ArrayList<>(
              cells(
                  one.path("state").asString(""),
                  "",
                  middle(account, NAME_HEAD, NAME_TAIL),
                  Words.estimate(one.path("hashrate_5m")),
                  rate(one.path("hashrate_1h")),
                  rate(one.path("hashrate_24h")),
                  Words.known(one.path("rejected_share_1h"), Words::percent),
                  Words.ago(one.path("last_share_at_ms"), now),
                  Words.known(one.path("difficulty"), Words::difficulty),
                  Words.amount(
                      one.path("credited_subsidy_sat").asDouble()
                          + one.path("credited_fees_sat").asDouble()),
                  Words.known(one.path("gross_margin"), Words::percent),
                  Words.text(one.path("user_agent"))));
      String href =
          all
              ? "/workers/" + one.path("id").asLong()
              : "/account/" + segment(account) + "/" + segment(worker);
      row.set(1, new Cell(worker.isEmpty() ? "(no name)" : worker, href));
      rows.add(row);
    }
    sheet.table(
        "Workers",
        "No worker has sent a share yet.",
        List.of(
            "State",
            "Worker",
            "Account",
            "#5 min",
            "#1 h",
            "#24 h",
            "#Refused 1 h",
            "#Last share",
            "#Difficulty",
            "#Credited",
            "#Margin",
            "Device"),
        rows);
    next(sheet, read, own, offset);
  }

  private static void next(Sheet sheet, JsonNode read, String own, int offset) {
    long total = read.path("total").asLong();
    if (offset > 0) {
      sheet.link("Rows before", own + "?offset=" + Math.max(0, offset - ROWS));
    }
    if (offset + (long) ROWS < total) {
      sheet.link("Next rows, of " + Words.grouped(total), own + "?offset=" + (offset + ROWS));
    }
  }

  private static void worker(Sheet sheet, JsonNode read) {
    JsonNode worker = read.path("worker");
    long now = read.path("as_of_ms").asLong();
    String name = worker.path("worker").asString("");
    sheet
        .title(name.isEmpty() ? "(no name)" : name)
        .sentence(
            worker.path("state").asString("")
                + ". Account "
                + worker.path("account").asString("")
                + ". Last share "
                + Words.ago(worker.path("last_share_at_ms"), now)
                + ". Device "
                + Words.text(worker.path("user_agent"))
                + ".");
    rates(sheet, worker, "5 min", "hashrate_5m");
    sheet.pairs(
        "Credited",
        "Subsidy",
        money(worker.path("credited_subsidy_sat")),
        "Fees",
        money(worker.path("credited_fees_sat")),
        "Gross margin",
        Words.known(worker.path("gross_margin"), Words::percent));
    rejects(sheet, OptionalLong.empty(), read.path("rejects"));
  }

  private static void account(Sheet sheet, List<String> path, int offset, Source api)
      throws Exception {
    if (path.size() == 1) {
      accounts(sheet, api.ask(List.of("accounts"), page(offset)), offset);
      return;
    }
    List<String> asked = new ArrayList<>(path);
    asked.set(0, "accounts");
    if (path.size() > 2) {
      asked.add(2, "workers");
      worker(sheet, api.ask(asked, Map.of()));
      return;
    }
    JsonNode read = api.ask(asked, Map.of());
    long now = read.path("as_of_ms").asLong();
    JsonNode balance = read.path("balance");
    String name = read.path("account").asString("");
    sheet
        .title(name)
        .sentence("Last share " + Words.ago(read.path("last_share_at_ms"), now) + ".")
        .pairs(
            "Balance",
            "Payable",
            money(balance.path("payable_sat")),
            "Immature subsidy",
            money(balance.path("pending_subsidy_sat")),
            "Immature fees",
            money(balance.path("pending_fees_sat")),
            "In flight",
            money(balance.path("in_flight_sat")),
            "Paid",
            money(balance.path("paid_sat")),
            "Of the next block",
            money(read.path("expected_next").path("credit_sat")),
            "Paid to",
            Words.text(read.path("pay_to")));
    rates(sheet, read, "10 min", "hashrate_10m");
    credits(sheet, api.ask(below(asked, "credits"), page(0)), now);
    payouts(sheet, api.ask(below(asked, "payouts"), page(0)), now);
    workers(sheet, api, below(asked, "workers"), "/account/" + segment(name), offset);
  }

  private static List<String> below(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }

  private static void accounts(Sheet sheet, JsonNode read, int offset) {
    List<List<Cell>> rows = new ArrayList<>();
    for (JsonNode one : read.path("items")) {
      String account = one.path("account").asString("");
      List<Cell> row =
          new ArrayList<>(
              cells(
                  "",
                  count(one.path("workers_live")) + " of " + count(one.path("workers")),
                  rate(one.path("hashrate_1h")),
                  money(one.path("pending_sat")),
                  money(one.path("payable_sat")),
                  money(one.path("in_flight_sat")),
                  money(one.path("paid_sat"))));
      row.set(0, new Cell(middle(account, NAME_HEAD, NAME_TAIL), "/account/" + segment(account)));
      rows.add(row);
    }
    sheet
        .title("Accounts")
        .table(
            "Accounts",
            "Nobody has sent a share yet.",
            List.of("Account", "#Live", "#1 h", "#Immature", "#Payable", "#In flight", "#Paid"),
            rows);
    next(sheet, read, "/account", offset);
  }

  private static void credits(Sheet sheet, JsonNode read, long now) {
    List<List<Cell>> rows = new ArrayList<>();
    for (JsonNode one : read.path("items")) {
      List<Cell> row =
          new ArrayList<>(
              cells(
                  Words.ago(one.path("found_at_ms"), now),
                  "",
                  Words.known(one.path("part"), Words::percent),
                  money(one.path("subsidy_sat")),
                  money(one.path("fees_sat")),
                  one.path("block_state").asString("")));
      row.set(1, blockLink(one.path("block_hash").asString(""), count(one.path("height"))));
      rows.add(row);
    }
    sheet.table(
        "Credits",
        "None yet.",
        List.of("Found", "#Block", "#Part", "#Subsidy", "#Fees", "State"),
        rows);
  }

  private static void payouts(Sheet sheet, JsonNode read, long now) {
    List<List<Cell>> rows = new ArrayList<>();
    for (JsonNode one : read.path("items")) {
      rows.add(
          cells(
              Words.ago(one.path("created_at_ms"), now),
              one.path("state").asString(""),
              money(one.path("amount_sat")),
              Words.text(one.path("txid"))));
    }
    sheet.table("Payouts", "None yet.", List.of("When", "State", "#Amount", "Transaction"), rows);
  }

  private static void blocks(Sheet sheet, JsonNode read, int offset) {
    sheet.title("Blocks");
    blockTable(sheet, "Blocks", read.path("items"), read.path("as_of_ms").asLong());
    next(sheet, read, "/blocks", offset);
  }

  private static void blockTable(Sheet sheet, String heading, JsonNode blocks, long now) {
    List<List<Cell>> rows = new ArrayList<>();
    for (JsonNode one : blocks) {
      List<Cell> row =
          new ArrayList<>(
              cells(
                  "",
                  Words.ago(one.path("found_at_ms"), now),
                  money(one.path("reward_sat")),
                  money(one.path("fees_sat")),
                  Words.known(one.path("effort"), Words::percent),
                  Words.text(one.path("finder_worker")),
                  state(one)));
      row.set(0, blockLink(one.path("hash").asString(""), count(one.path("height"))));
      rows.add(row);
    }
    sheet.table(
        heading,
        "None yet.",
        List.of("#Height", "Found", "#Reward", "#Fees in it", "#Effort", "Found by", "State"),
        rows);
  }

  private static String state(JsonNode block) {
    String state = block.path("state").asString("");
    return block.path("confirmations").isNumber() && state.equals("immature")
        ? state
            + ", "
            + block.path("confirmations").asInt()
            + " of "
            + block.path("confirmations_needed").asInt()
        : state;
  }

  private static void block(Sheet sheet, JsonNode read) {
    JsonNode block = read.path("block");
    long now = read.path("as_of_ms").asLong();
    sheet
        .title("Block " + count(block.path("height")))
        .sentence(state(block) + ". Found " + Words.ago(block.path("found_at_ms"), now) + ".")
        .pairs(
            "Block",
            "Hash",
            block.path("hash").asString(""),
            "Reward",
            money(block.path("reward_sat")),
            "Subsidy",
            money(block.path("subsidy_sat")),
            "Fees in it",
            money(block.path("fees_sat")),
            "Pool fee",
            money(block.path("pool_fee_sat")),
            "Coinbase transaction",
            Words.text(read.path("coinbase_txid")));
    List<List<Cell>> timeline = new ArrayList<>();
    for (JsonNode one : read.path("timeline")) {
      timeline.add(
          cells(
              Words.utc(one.path("at_ms")),
              one.path("kind").asString("").replace('_', ' '),
              one.path("text").asString("")));
    }
    sheet.table("Timeline", "Nothing is known.", List.of("When", "What", "Details"), timeline);
    List<List<Cell>> credits = new ArrayList<>();
    for (JsonNode one : read.path("credits")) {
      credits.add(
          cells(
              middle(one.path("account").asString(""), NAME_HEAD, NAME_TAIL),
              one.path("worker").asString(""),
              Words.known(one.path("part"), Words::percent),
              money(one.path("subsidy_sat")),
              money(one.path("fees_sat"))));
    }
    sheet.table(
        "Credits",
        "None, or not for you to see.",
        List.of("Account", "Worker", "#Part", "#Subsidy", "#Fees"),
        credits);
  }

  private static void economics(Sheet sheet, JsonNode read) {
    String currency = read.path("currency").asString("");
    JsonNode margin = read.path("margin");
    sheet
        .title("Economics")
        .pairs(
            "Hashprice",
            "For 1 PH/s and day",
            money(read.path("hashprice_sat_per_phs_day")),
            "In " + currency,
            Words.known(read.path("hashprice_per_phs_day"), Words::three),
            "Fees, of a block's reward",
            Words.known(read.path("fee_share"), Words::percent))
        .pairs(
            "Network",
            "Hashrate as difficulty implies",
            Words.known(read.path("network_hashrate_hs"), Words::rate),
            "Difficulty",
            Words.known(read.path("difficulty"), Words::difficulty))
        .pairs(
            "This pool",
            "Expected a day",
            money(read.path("pool_revenue_sat_day")),
            "A block in",
            Words.known(read.path("time_to_block").path("mean_s"), Words::about))
        .pairs(
            "Margin, after power alone",
            "Gross",
            Words.known(margin.path("gross_margin"), Words::percent),
            "Pays while power is below, " + currency + " per kWh",
            Words.known(margin.path("break_even_power_price_per_kwh"), Words::three));
  }

  private static void nodes(Sheet sheet, Source api) throws Exception {
    JsonNode health = api.ask(List.of("health"), Map.of());
    JsonNode read = api.ask(List.of("nodes"), Map.of());
    List<List<Cell>> rows = new ArrayList<>();
    for (JsonNode one : read.path("items")) {
      rows.add(
          cells(
              one.path("name").asString(""),
              one.path("text").asString(""),
              Words.known(one.path("height"), Words::grouped),
              Words.known(one.path("lag_blocks"), Words::grouped),
              Words.known(one.path("latency_ms"), Words::span),
              Words.known(one.path("peers"), Words::grouped)));
    }
    JsonNode journal = health.path("journal");
    JsonNode disk = health.path("disk");
    sheet
        .title("Nodes & health")
        .sentence(health.path("ready_text").asString(""))
        .table(
            "Bitcoin nodes",
            "No node is configured.",
            List.of("Node", "State", "#Tip", "#Behind", "#Latency", "#Peers"),
            rows)
        .pairs(
            "Share journal",
            "State",
            journal.path("state").asString(""),
            "Last share",
            count(journal.path("last_sequence")),
            "Forced to disk, mean",
            Words.known(journal.path("force_mean_ms"), Words::span),
            "Longest",
            Words.known(journal.path("force_max_ms"), Words::span))
        .pairs(
            "Books",
            "Ledger",
            health.path("ledger").path("holds").asBoolean()
                ? "all invariants hold"
                : "not checked yet, or broken: see the log",
            "Shares behind",
            count(health.path("database").path("behind_shares")),
            "Disk free",
            Words.known(disk.path("free_bytes"), Words::bytes));
  }

  private static Cell blockLink(String hash, String text) {
    return new Cell(text, "/blocks/" + segment(hash));
  }

  private static String rate(JsonNode estimate) {
    return Words.known(estimate.path("hashrate_hs"), Words::rate);
  }

  private static String money(JsonNode sat) {
    return Words.known(sat, Words::amount);
  }

  private static String count(JsonNode number) {
    return Words.known(number, Words::grouped);
  }

  private static List<Cell> cells(String... texts) {
    List<Cell> cells = new ArrayList<>();
    for (String text : texts) {
      cells.add(Cell.of(text));
    }
    return cells;
  }

  private static String middle(String text, int head, int tail) {
    return text.length() <= head + tail + 1
        ? text
        : text.substring(0, head) + "…" + text.substring(text.length() - tail);
  }

  /** A segment of a path. */
  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A number of a query, if it is one. */
  public static int offset(Optional<String> text) {
    try {
      return text.map(Integer::parseInt).orElse(0);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
