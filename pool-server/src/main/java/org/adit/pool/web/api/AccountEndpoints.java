package org.adit.pool.web.api;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.adit.accounting.AccountingView;
import org.adit.accounting.Accounts;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.store.AccountCredit;
import org.adit.accounting.store.AccountPayout;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.CreditRow;
import org.adit.config.PayoutConfig;
import org.adit.hasher.Hash256;
import org.adit.pool.mining.WorkerMeter;
import org.adit.pool.stats.Estimate;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.stats.Range;
import org.adit.pool.stats.Slot;
import org.adit.pool.stats.Sum;
import org.adit.pool.stats.Tracked;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Accounts: what they did, earned and were paid. */
final class AccountEndpoints {
  private static final int SPELLING_MOST = 128;

  // A page of blocks that were never asked about does not hold the reader up for long.
  private static final int MOST_ASKED = 20;

  private final PoolView pool;
  private final WorkerTable table;
  private final Balances balances;
  private final NodeQuestions node;
  private final Clock clock;

  AccountEndpoints(
      PoolView pool, WorkerTable table, Balances balances, NodeQuestions node, Clock clock) {
    this.pool = pool;
    this.node = node;
    this.table = table;
    this.balances = balances;
    this.clock = clock;
  }

  /** A row before it is written. */
  private record Row(String account, List<WorkerLine> workers, Balances.Money money, double rate) {}

  JsonNode list(Call call) throws Exception {
    WorkerTable.Snapshot all = table.get();
    Map<String, Balances.Money> money = balances.all();
    Set<String> names = new HashSet<>(all.byAccount().keySet());
    names.addAll(money.keySet());
    names.removeIf(name -> name.startsWith("~"));
    String text = call.request().parameter("q").orElse("").toLowerCase(Locale.ROOT);
    List<Row> rows = new ArrayList<>();
    for (String name : names) {
      if (name.toLowerCase(Locale.ROOT).contains(text)) {
        List<WorkerLine> workers = all.of(name);
        rows.add(
            new Row(
                name,
                workers,
                money.getOrDefault(name, Balances.Money.NONE),
                workers.stream().mapToDouble(line -> line.hour().rate()).sum()));
      }
    }
    String sort = call.word("sort", "hashrate_1h", "hashrate_1h", "account", "payable", "paid");
    boolean up =
        call.word("order", sort.equals("account") ? "asc" : "desc", "asc", "desc").equals("asc");
    Comparator<Row> by =
        switch (sort) {
          case "account" -> Comparator.comparing(Row::account);
          case "payable" -> Comparator.comparingLong(row -> row.money().payableSat());
          case "paid" -> Comparator.comparingLong(AccountEndpoints::paidSat);
          default -> Comparator.comparingDouble(Row::rate);
        };
    Comparator<Row> full = by.thenComparing(Row::account, Comparator.reverseOrder());
    rows.sort(up ? full : full.reversed());
    Call.Page page = call.page();
    ObjectNode node = Json.asOf(all.atMillis());
    node.put("total", rows.size());
    node.put("offset", page.offset());
    node.put("limit", page.limit());
    ArrayNode items = node.putArray("items");
    rows.stream()
        .skip(page.offset())
        .limit(page.limit())
        .forEach(row -> items.add(row(row, all.atMillis())));
    return node;
  }

  private static long paidSat(Row row) {
    return row.money().paidSat() + row.money().coinbaseSat();
  }

  private static ObjectNode row(Row row, long now) {
    ObjectNode node = Json.object();
    node.put("account", row.account());
    node.put("workers", row.workers().size());
    node.put(
        "workers_live",
        row.workers().stream().filter(line -> line.state() != WorkerState.OFFLINE).count());
    node.set("hashrate_1h", Shapes.estimate(estimate(row.workers(), FleetStats.HOUR, now)));
    node.put("pending_sat", row.money().pending().totalSat());
    node.put("payable_sat", row.money().payableSat());
    node.put("in_flight_sat", row.money().inFlightSat());
    node.put("paid_sat", paidSat(row));
    return node;
  }

  /** All workers' shares of a window together. */
  static Estimate estimate(List<WorkerLine> workers, long window, long now) {
    Sum sum = Sum.NONE;
    long first = Long.MAX_VALUE;
    for (WorkerLine line : workers) {
      Tracked tracked = line.tracked();
      if (tracked != null) {
        sum = sum.plus(tracked.history().window(window, now));
        first = Math.min(first, tracked.firstMillis());
      }
    }
    long length = org.adit.pool.stats.History.windowMillis(window, now);
    return Estimate.of(
        sum, first == Long.MAX_VALUE ? length : Math.min(length, now - first), Double.NaN);
  }

  // ---- one account ----

  JsonNode detail(Call call) throws Exception {
    String account = call.path("account");
    WorkerTable.Snapshot all = table.get();
    List<WorkerLine> workers = all.of(account);
    Balances.Money money = balances.of(account);
    ObjectNode node = Json.asOf(all.atMillis());
    node.put("account", account);
    boolean known = !workers.isEmpty() || money.row() != null;
    Accounts.Account settings = settings(account);
    node.put("pay_to", known && settings != null ? settings.payTo() : null);
    node.put("known", known);
    long now = all.atMillis();
    node.set("hashrate_5m", Shapes.estimate(estimate(workers, FleetStats.FIVE_MINUTES, now)));
    node.set("hashrate_10m", Shapes.estimate(estimate(workers, FleetStats.TEN_MINUTES, now)));
    node.set("hashrate_1h", Shapes.estimate(estimate(workers, FleetStats.HOUR, now)));
    node.set("hashrate_24h", Shapes.estimate(estimate(workers, FleetStats.DAY, now)));
    WorkerTable.Counts.of(workers).write(node.putObject("workers"));
    node.putObject("balance")
        .put("pending_subsidy_sat", money.pending().subsidySat())
        .put("pending_fees_sat", money.pending().feesSat())
        .put("payable_sat", money.payableSat())
        .put("in_flight_sat", money.inFlightSat())
        .put("paid_sat", money.paidSat())
        .put("paid_by_coinbase_sat", money.coinbaseSat());
    long threshold = pool.config().wallet().thresholdSat();
    node.put(
        "threshold_sat", settings == null ? threshold : settings.thresholdSat().orElse(threshold));
    expected(node, account);
    node.set("scheme", PoolFigures.scheme(pool.config().payout()));
    List<WorkerMeter> meters = WorkerEndpoints.meters(workers);
    Json.number(node, "best_difficulty", Shapes.difficulty(best(meters)));
    Json.time(
        node,
        "last_share_at_ms",
        workers.stream().mapToLong(WorkerLine::lastShareMillis).max().orElse(0));
    node.set("rejects", Shapes.rejects(meters));
    return node;
  }

  private Accounts.@Nullable Account settings(String account) {
    return account.length() > SPELLING_MOST ? null : pool.accounting().accounts().find(account);
  }

  static @Nullable Hash256 best(List<WorkerMeter> meters) {
    return meters.stream()
        .map(WorkerMeter::best)
        .filter(java.util.Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private void expected(ObjectNode node, String account) throws Exception {
    Work work = pool.work();
    // Schemes that pay by share pay nothing for blocks.
    if (work == null || pool.config().payout().scheme().paysByShare()) {
      node.putNull("expected_next");
      return;
    }
    PayoutConfig payout = pool.config().payout();
    long reward = work.template().coinbaseValueSat();
    long credit =
        payout.scheme().isCustodial()
            ? balances.next().getOrDefault(account, 0L)
            : reward
                - work.template().subsidySat() * payout.feePpmSubsidy() / 1_000_000
                - work.template().feesSat() * payout.feePpmTxFees() / 1_000_000;
    node.putObject("expected_next")
        .put("credit_sat", credit)
        .put("part", reward == 0 ? 0 : (double) credit / reward)
        .put(
            "window_text",
            payout.scheme().isCustodial()
                ? SchemeText.of(payout)
                : "If this account finds the block; the finder is paid alone.");
  }

  JsonNode history(Call call) throws Exception {
    Range range = call.range();
    long now = clock.millis();
    List<Slot> sum = new ArrayList<>(pool.stats().empty().series(range, now));
    for (WorkerLine line : table.get().of(call.path("account"))) {
      Tracked tracked = line.tracked();
      if (tracked != null) {
        List<Slot> own = tracked.history().series(range, now);
        for (int i = 0; i < sum.size(); i++) {
          Slot slot = sum.get(i);
          sum.set(
              i,
              new Slot(
                  slot.startMillis(),
                  slot.endMillis(),
                  slot.state(),
                  slot.sum().plus(own.get(i).sum())));
        }
      }
    }
    return Shapes.series(range, sum, now, Json.array());
  }

  JsonNode credits(Call call) throws Exception {
    Call.Page page = call.page();
    AccountingView.CreditPage credits =
        pool.accounting()
            .credits(
                call.path("account"),
                Instant.ofEpochMilli(call.number("from_ms", 0, 0, Long.MAX_VALUE)),
                Instant.ofEpochMilli(call.number("to_ms", Long.MAX_VALUE, 0, Long.MAX_VALUE)),
                page.offset(),
                page.limit());
    ObjectNode node = Json.asOf(clock.millis());
    node.put("total", credits.total());
    node.put("offset", page.offset());
    node.put("limit", page.limit());
    ArrayNode items = node.putArray("items");
    int asked = 0;
    for (AccountCredit credit : credits.credits()) {
      Hash256 hash = credit.block().hash();
      String txid = this.node.knownCoinbase(hash).orElse(null);
      if (txid == null && asked++ < MOST_ASKED) {
        txid = this.node.coinbase(hash).orElse(null);
      }
      items.add(credit(credit).put("coinbase_txid", txid));
    }
    return node;
  }

  /** What each worker of the account earned from one block, the most first. */
  JsonNode creditOfBlock(Call call) throws Exception {
    String account = call.path("account");
    BlockRow block =
        pool.accounting()
            .block(BlockEndpoints.hash(call))
            .orElseThrow(() -> new HttpException(404, "the pool has no such block"));
    List<CreditRow> own =
        pool.accounting().credits(block.hash()).stream()
            .filter(row -> row.worker().account().equals(account))
            .sorted(
                Comparator.comparingLong((CreditRow row) -> row.amounts().totalSat())
                    .reversed()
                    .thenComparing(row -> row.worker().worker()))
            .toList();
    Call.Page page = call.page();
    ObjectNode node = Json.asOf(clock.millis());
    node.put("block_hash", block.hash().toDisplayHex());
    node.put("height", block.height());
    node.put("coinbase_txid", this.node.coinbase(block.hash()).orElse(null));
    node.put("total", own.size());
    node.put("offset", page.offset());
    node.put("limit", page.limit());
    ArrayNode items = node.putArray("items");
    own.stream()
        .skip(page.offset())
        .limit(page.limit())
        .forEach(row -> items.add(BlockEndpoints.credit(row, block)));
    return node;
  }

  private static ObjectNode credit(AccountCredit credit) {
    long reward = credit.block().reward().totalSat();
    return Json.object()
        .put("block_hash", credit.block().hash().toDisplayHex())
        .put("height", credit.block().height())
        .put("found_at_ms", credit.block().foundAt().toEpochMilli())
        .put("block_state", BlockShapes.state(credit.block().state()))
        .put("weight", Reals.of(credit.weight()))
        .put("part", reward == 0 ? 0 : (double) credit.amounts().totalSat() / reward)
        .put("subsidy_sat", credit.amounts().subsidySat())
        .put("fees_sat", credit.amounts().feesSat())
        .put("amount_sat", credit.amounts().totalSat())
        .put("direct", credit.block().direct());
  }

  JsonNode payouts(Call call) throws Exception {
    Call.Page page = call.page();
    AccountingView.PayoutPage payouts =
        pool.accounting().payouts(call.path("account"), page.offset(), page.limit());
    ObjectNode node = Json.asOf(clock.millis());
    node.put("total", payouts.total());
    node.put("offset", page.offset());
    node.put("limit", page.limit());
    ArrayNode items = node.putArray("items");
    payouts.payouts().forEach(payout -> items.add(payout(payout)));
    return node;
  }

  private static ObjectNode payout(AccountPayout payout) {
    return Json.object()
        .put("id", payout.id())
        .put("state", payout.state().name().toLowerCase(Locale.ROOT))
        .put("created_at_ms", payout.createdAt().toEpochMilli())
        .put("updated_at_ms", payout.updatedAt().toEpochMilli())
        .put("address", payout.address())
        .put("amount_sat", payout.amountSat())
        .put("fee_sat", payout.feeShareSat())
        .put("paid_sat", payout.outputSat())
        .put("txid", payout.txid());
  }
}
