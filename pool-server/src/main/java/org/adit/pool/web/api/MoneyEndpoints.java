package org.adit.pool.web.api;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.shadow.Earned;
import org.adit.accounting.shadow.SchemeComparison;
import org.adit.accounting.shadow.SchemeEarnings;
import org.adit.accounting.store.PayoutRow;
import org.adit.pool.web.PoolView;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Payouts of all, and what other schemes would have paid. */
final class MoneyEndpoints {
  private static final long COMPARE_MILLIS = 60_000;
  private static final int MOST_BLOCKS = 1_000;
  private static final int FEW_BLOCKS = 100;
  private static final int KEPT = 4;

  private final PoolView pool;
  private final Balances balances;
  private final Clock clock;

  // Replays the journal, so it is done once a minute for the few spans people look at.
  private final Map<Integer, Cached<Comparison>> comparisons =
      new LinkedHashMap<>(8, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Cached<Comparison>> eldest) {
          return size() > KEPT;
        }
      };

  /** A comparison and when it was made. */
  record Comparison(SchemeComparison comparison, long atMillis) {}

  MoneyEndpoints(PoolView pool, Balances balances, Clock clock) {
    this.pool = pool;
    this.balances = balances;
    this.clock = clock;
  }

  JsonNode payouts(Call call) throws Exception {
    List<PayoutRow> all = balances.payouts();
    Call.Page page = call.page();
    ObjectNode node = Json.asOf(clock.millis());
    node.put("total", all.size());
    node.put("offset", page.offset());
    node.put("limit", page.limit());
    ArrayNode items = node.putArray("items");
    all.stream()
        .skip(page.offset())
        .limit(page.limit())
        .forEach(payout ->
            items
                .addObject()
                .put("id", payout.id())
                .put("state", payout.state().name().toLowerCase(Locale.ROOT))
                .put("created_at_ms", payout.createdAt().toEpochMilli())
                .put("updated_at_ms", payout.updatedAt().toEpochMilli())
                .put("amount_sat", payout.amountSat())
                .put("fee_sat", payout.feeShareSat())
                .put("paid_sat", payout.outputSat())
                .put("payees", payout.items().size())
                .put("txid", txid(payout))
                .put("note", payout.note()));
    return node;
  }

  /** The transaction that counts: the confirmed one, else the newest that may still confirm. */
  static @Nullable String txid(PayoutRow payout) {
    return payout
        .confirmed()
        .or(() ->
            payout.attempts().reversed().stream().filter(PayoutRow.Attempt::isAlive).findFirst())
        .map(PayoutRow.Attempt::txid)
        .orElse(null);
  }

  JsonNode compare(Call call) throws Exception {
    return comparison(call, null);
  }

  JsonNode compareAccount(Call call) throws Exception {
    return comparison(call, call.path("account"));
  }

  /** The comparison over the span the call asks for, or a longer one. */
  Comparison made(Call call) throws Exception {
    long asked = call.number("blocks", FEW_BLOCKS, 1, MOST_BLOCKS);
    // Few spans, so that nobody keeps the pool replaying its journal.
    int blocks = asked <= FEW_BLOCKS ? FEW_BLOCKS : MOST_BLOCKS;
    Cached<Comparison> cached;
    synchronized (comparisons) {
      cached =
          comparisons.computeIfAbsent(
              blocks,
              key ->
                  new Cached<>(
                      clock,
                      COMPARE_MILLIS,
                      () -> new Comparison(pool.accounting().compare(null, key), clock.millis())));
    }
    return cached.get();
  }

  private ObjectNode comparison(Call call, @Nullable String account) throws Exception {
    Comparison made = made(call);
    SchemeComparison comparison = made.comparison();
    ObjectNode node = Json.asOf(made.atMillis());
    node.put("account", account);
    node.put("blocks", comparison.blocks());
    node.put("expected_blocks", Reals.of(comparison.units()));
    node.put("reward_sat", comparison.reward().totalSat());
    ArrayNode schemes = node.putArray("schemes");
    for (SchemeEarnings scheme : comparison.schemes()) {
      long earned = 0;
      long low = 0;
      long high = 0;
      for (Map.Entry<String, Earned> entry : scheme.accounts().entrySet()) {
        if (account == null || account.equals(entry.getKey())) {
          earned += entry.getValue().sat();
          low += entry.getValue().lowSat();
          high += entry.getValue().highSat();
        }
      }
      schemes
          .addObject()
          .put("scheme", scheme.scheme().name().toLowerCase(Locale.ROOT))
          .put("in_force", scheme.inForce())
          .put("earned_sat", earned)
          .put("low_sat", low)
          .put("high_sat", high);
    }
    return node;
  }
}
