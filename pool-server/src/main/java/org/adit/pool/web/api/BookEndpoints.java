package org.adit.pool.web.api;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.shadow.SchemeComparison;
import org.adit.accounting.shadow.SchemeEarnings;
import org.adit.accounting.store.BlockRow;
import org.adit.pool.web.PoolView;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The books row by row, as the commands {@code adit balances, blocks, compare} print them. */
final class BookEndpoints {
  private final PoolView pool;
  private final Balances balances;
  private final BlockLog blocks;
  private final MoneyEndpoints money;
  private final Clock clock;

  BookEndpoints(
      PoolView pool, Balances balances, BlockLog blocks, MoneyEndpoints money, Clock clock) {
    this.pool = pool;
    this.balances = balances;
    this.blocks = blocks;
    this.money = money;
    this.clock = clock;
  }

  /** What each account is owed and was paid, by name. */
  JsonNode balances(Call call) throws Exception {
    List<Map.Entry<String, Balances.Money>> rows = new ArrayList<>();
    for (Map.Entry<String, Balances.Money> entry : balances.all().entrySet()) {
      if (entry.getValue().row() != null) {
        rows.add(entry);
      }
    }
    rows.sort(Comparator.comparing(Map.Entry::getKey));
    return page(call, rows, BookEndpoints::balance);
  }

  private static ObjectNode balance(Map.Entry<String, Balances.Money> entry) {
    Balances.Money money = entry.getValue();
    return Json.object()
        .put("account", entry.getKey())
        .put("pending_subsidy_sat", money.pending().subsidySat())
        .put("pending_fees_sat", money.pending().feesSat())
        .put("payable_sat", money.payableSat())
        .put("in_flight_sat", money.inFlightSat())
        .put("paid_sat", money.paidSat())
        .put("paid_by_coinbase_sat", money.coinbaseSat());
  }

  /** The root of each block's sum tree, newest first, for those who note them down. */
  JsonNode proofRoots(Call call) throws Exception {
    return page(call, blocks.get(), this::root);
  }

  private ObjectNode root(BlockRow block) {
    return Json.object()
        .put("block_hash", block.hash().toDisplayHex())
        .put("height", block.height())
        .put(
            "root_hash",
            pool.accounting().proofRoot(block.hash()).map(root -> root.hashHex()).orElse(null));
  }

  private interface Row<T> {
    ObjectNode of(T value);
  }

  private <T> ObjectNode page(Call call, List<T> rows, Row<T> shape) throws Exception {
    Call.Page page = call.page();
    ObjectNode node = Json.asOf(clock.millis());
    node.put("total", rows.size());
    node.put("offset", page.offset());
    node.put("limit", page.limit());
    ArrayNode items = node.putArray("items");
    rows.stream().skip(page.offset()).limit(page.limit()).forEach(row -> items.add(shape.of(row)));
    return node;
  }

  /** What every account would have earned under each scheme. */
  JsonNode comparison(Call call) throws Exception {
    MoneyEndpoints.Comparison made = money.made(call);
    SchemeComparison comparison = made.comparison();
    ObjectNode node = Json.asOf(made.atMillis());
    node.put("first_sequence", comparison.firstSequence());
    node.put("last_sequence", comparison.lastSequence());
    node.put("blocks", comparison.blocks());
    node.put("expected_blocks", Reals.of(comparison.units()));
    node.put("subsidy_sat", comparison.reward().subsidySat());
    node.put("fees_sat", comparison.reward().feesSat());
    ArrayNode schemes = node.putArray("schemes");
    for (SchemeEarnings scheme : comparison.schemes()) {
      ObjectNode row = schemes.addObject();
      row.put("scheme", scheme.scheme().name().toLowerCase(Locale.ROOT));
      row.put("window", scheme.window().toString());
      row.put("in_force", scheme.inForce());
      row.put("pool_sat", scheme.poolSat());
      ArrayNode accounts = row.putArray("accounts");
      scheme
          .accounts()
          .forEach((account, earned) ->
              accounts
                  .addObject()
                  .put("account", account)
                  .put("earned_sat", earned.sat())
                  .put("low_sat", earned.lowSat())
                  .put("high_sat", earned.highSat()));
    }
    return node;
  }
}
