package org.adit.pool.web.api;

import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import org.adit.accounting.store.BlockRow;
import org.adit.hasher.CompactBits;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.stats.Range;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.work.Work;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The pool, its work and its refused shares. */
final class PoolEndpoints {
  private static final int LAST_BLOCKS = 5;

  private final PoolView pool;
  private final PoolFigures figures;
  private final BlockLog blocks;
  private final BlockShapes shapes;
  private final JobLog jobs;
  private final AlertFeed alerts;
  private final Clock clock;

  PoolEndpoints(
      PoolView pool,
      PoolFigures figures,
      BlockLog blocks,
      BlockShapes shapes,
      JobLog jobs,
      AlertFeed alerts,
      Clock clock) {
    this.pool = pool;
    this.figures = figures;
    this.blocks = blocks;
    this.shapes = shapes;
    this.jobs = jobs;
    this.alerts = alerts;
    this.clock = clock;
  }

  JsonNode pool(Call call) throws Exception {
    List<BlockRow> all = blocks.get();
    shapes.refresh();
    return figures.all(
        alerts.active(), all.subList(0, Math.min(LAST_BLOCKS, all.size())), shapes, call.seesAll());
  }

  JsonNode history(Call call) throws Exception {
    Range range = call.range();
    long now = clock.millis();
    long from = now - range.slotMillis() * (range.slots() + 1);
    return Shapes.series(range, pool.stats().pool().series(range, now), now, marks(from));
  }

  /** Blocks and the last start. */
  ArrayNode marks(long fromMillis) throws Exception {
    ArrayNode marks = Json.array();
    for (BlockRow block : blocks.get()) {
      if (block.foundAt().toEpochMilli() >= fromMillis) {
        mark(marks, block.foundAt().toEpochMilli(), "block", "block " + block.height());
      }
    }
    if (pool.stats().startedMillis() >= fromMillis) {
      mark(marks, pool.stats().startedMillis(), "restart", "the pool started");
    }
    return marks;
  }

  private static void mark(ArrayNode marks, long atMillis, String kind, String label) {
    marks.addObject().put("at_ms", atMillis).put("kind", kind).put("label", label);
  }

  JsonNode template(Call call) throws HttpException {
    Work work = pool.work();
    if (work == null) {
      throw new HttpException(503, "there is nothing true to mine at the moment");
    }
    BlockTemplate template = work.template();
    ObjectNode node = Json.object();
    node.put("height", template.height());
    node.put("previous_block", template.previousBlock().toDisplayHex());
    node.put("bits", CompactBits.format(template.bits()));
    node.put("difficulty", Shapes.difficultyOf(template.bits()));
    node.put("transactions", template.transactions().size());
    node.put("subsidy_sat", template.subsidySat());
    node.put("fees_sat", template.feesSat());
    node.put("reward_sat", template.coinbaseValueSat());
    node.put("version", HexFormat.of().toHexDigits(template.version()));
    node.put("min_time_s", template.minTime());
    node.put("cur_time_s", template.curTime());
    node.put("weight", template.transactions().stream().mapToLong(tx -> tx.weight()).sum());
    ArrayNode rules = node.putArray("rules");
    template.rules().forEach(rules::add);
    node.put("received_at_ms", template.receivedAt().toEpochMilli());
    node.put("node", figures.nodeName());
    return node;
  }

  JsonNode jobs(Call call) {
    ObjectNode node = Json.asOf(clock.millis());
    ArrayNode list = node.putArray("items");
    jobs.newest().forEach(list::add);
    return node;
  }

  JsonNode rejects(Call call) {
    ObjectNode node = Json.asOf(clock.millis());
    node.put("accepted", pool.counters().acceptedShares());
    node.set("items", Shapes.rejects(pool.counters().fleet().workers()));
    return node;
  }
}
