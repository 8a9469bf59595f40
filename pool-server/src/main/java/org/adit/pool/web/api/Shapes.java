package org.adit.pool.web.api;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adit.accounting.economics.Luck;
import org.adit.accounting.economics.NetworkHashrate;
import org.adit.accounting.economics.TimeToBlock;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.mining.WorkerMeter;
import org.adit.pool.stats.Estimate;
import org.adit.pool.stats.Range;
import org.adit.pool.stats.Slot;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Values as the OpenAPI document shapes them. */
final class Shapes {
  private static final double DAY_SECONDS = 86_400;
  private static final double YEAR_SECONDS = 365.25 * DAY_SECONDS;
  private static final double P90 = 0.9;
  private static final double MILLIS = 1_000;

  private Shapes() {}

  static ObjectNode estimate(Estimate estimate) {
    ObjectNode node = Json.object();
    node.put("hashrate_hs", estimate.hashesPerSecond());
    node.put("low_hs", estimate.low());
    Json.number(node, "high_hs", estimate.high());
    node.put("shares", estimate.shares());
    node.put("window_ms", estimate.windowMillis());
    return node;
  }

  static ObjectNode series(Range range, List<Slot> slots, long nowMillis, ArrayNode marks) {
    ObjectNode node = Json.asOf(nowMillis);
    node.put("range", range.text());
    node.put("slot_ms", range.slotMillis());
    ArrayNode list = node.putArray("slots");
    slots.forEach(slot -> list.add(slot(slot, nowMillis)));
    node.set("marks", marks);
    return node;
  }

  private static ObjectNode slot(Slot slot, long nowMillis) {
    ObjectNode node = Json.object();
    node.put("start_ms", slot.startMillis());
    node.put("end_ms", slot.endMillis());
    boolean known = slot.state() != Slot.State.UNKNOWN || slot.sum().shares() > 0;
    node.put(
        "state",
        switch (slot.state()) {
          case CLOSED -> "closed";
          case RUNNING -> "running";
          case UNKNOWN -> known ? "closed" : "unknown";
        });
    if (known) {
      long length = Math.min(slot.endMillis(), nowMillis) - slot.startMillis();
      Estimate estimate = Estimate.of(slot.sum(), length, Double.NaN);
      node.put("hashrate_hs", estimate.hashesPerSecond());
      node.put("low_hs", estimate.low());
      Json.number(node, "high_hs", estimate.high());
    } else {
      node.putNull("hashrate_hs").putNull("low_hs").putNull("high_hs");
    }
    node.put("accepted_shares", slot.sum().shares());
    node.put("rejected_shares", slot.sum().rejected());
    node.put("work_hashes", slot.sum().work());
    return node;
  }

  /** The block being mined, in short; a JSON null when there is none. */
  static void template(ObjectNode into, @Nullable Work work, String nodeName) {
    if (work == null) {
      into.putNull("template");
      return;
    }
    BlockTemplate template = work.template();
    into.putObject("template")
        .put("height", template.height())
        .put("transactions", template.transactions().size())
        .put("subsidy_sat", template.subsidySat())
        .put("fees_sat", template.feesSat())
        .put("reward_sat", template.coinbaseValueSat())
        .put("received_at_ms", template.receivedAt().toEpochMilli())
        .put("node", nodeName);
  }

  static ObjectNode job(Work work, long atMillis) {
    BlockTemplate template = work.template();
    return Json.object()
        .put("at_ms", atMillis)
        .put("height", template.height())
        .put("previous_block", template.previousBlock().toDisplayHex())
        .put("new_tip", work.isNewTip())
        .put("transactions", template.transactions().size())
        .put("fees_sat", template.feesSat());
  }

  /** Time to a block at a hashrate; a JSON null where there is none. */
  static void timeToBlock(ObjectNode into, String name, double hashrate, BigInteger networkWork) {
    if (!(hashrate > 0) || networkWork.signum() == 0) {
      into.putNull(name);
      return;
    }
    TimeToBlock time = new TimeToBlock(hashrate, networkWork);
    into.putObject(name)
        .put("mean_s", time.expectedSeconds())
        .put("median_s", time.secondsFor(0.5))
        .put("p90_s", time.secondsFor(P90))
        .put("chance_day", time.probabilityWithin(DAY_SECONDS))
        .put("chance_year", time.probabilityWithin(YEAR_SECONDS));
  }

  static void luck(ObjectNode into, @Nullable Luck luck) {
    if (luck == null) {
      into.putNull("luck");
      return;
    }
    into.putObject("luck")
        .put("expected_blocks", luck.expected())
        .put("found_blocks", luck.found())
        .put("luck", luck.luck())
        .put("low", luck.interval().low())
        .put("high", luck.interval().high())
        .put("chance_so_few", luck.probabilityAtMost())
        .put("alarming", luck.isAlarming());
  }

  /** Refused shares of several workers together, the most frequent verdict first. */
  static ArrayNode rejects(Iterable<WorkerMeter> workers) {
    Map<String, long[]> sums = new TreeMap<>();
    for (WorkerMeter worker : workers) {
      worker
          .rejects()
          .forEach((label, rejects) -> {
            long[] sum = sums.computeIfAbsent(label, key -> new long[2]);
            sum[0] += rejects.count();
            sum[1] += rejects.lostSat();
          });
    }
    ArrayNode list = Json.array();
    sums.entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue()[0], a.getValue()[0]))
        .forEach(entry ->
            list.addObject()
                .put("verdict", entry.getKey())
                .put("count", entry.getValue()[0])
                .put("lost_sat", entry.getValue()[1]));
    return list;
  }

  /** The difficulty a hash would be good for; NaN for none. */
  static double difficulty(@Nullable Hash256 hash) {
    if (hash == null) {
      return Double.NaN;
    }
    BigInteger value = new BigInteger(hash.toDisplayHex(), 16);
    return value.signum() == 0 ? Double.NaN : Difficulty.ofTarget(Target.of(value)).toDouble();
  }

  static double difficultyOf(int bits) {
    return Difficulty.ofTarget(Target.ofCompact(bits)).toDouble();
  }

  static double networkHashrate(int bits) {
    return NetworkHashrate.implied(NetworkHashrate.work(bits), NetworkHashrate.BLOCK_SECONDS);
  }

  static double seconds(long millis) {
    return millis / MILLIS;
  }

  /** First and last characters of what not everybody may see in full. */
  static String shortened(String account) {
    int shown = 6;
    return account.length() <= 2 * shown + 1
        ? account.substring(0, Math.min(2, account.length())) + "…"
        : account.substring(0, shown) + "…" + account.substring(account.length() - shown);
  }
}
