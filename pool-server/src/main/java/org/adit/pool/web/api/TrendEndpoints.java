package org.adit.pool.web.api;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.adit.accounting.economics.Hashprice;
import org.adit.accounting.economics.Interval;
import org.adit.accounting.economics.Retarget;
import org.adit.pool.stats.Range;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Hashprice and difficulty over time. */
final class TrendEndpoints {
  private static final double CONFIDENCE = 0.95;
  private static final long MILLIS = 1_000;
  private static final double PERCENT = 100;

  private final PoolView pool;
  private final Margins margins;
  private final NodeQuestions node;
  private final HashpriceLog log;
  private final Clock clock;

  TrendEndpoints(
      PoolView pool, Margins margins, NodeQuestions node, HashpriceLog log, Clock clock) {
    this.pool = pool;
    this.margins = margins;
    this.node = node;
    this.log = log;
    this.clock = clock;
  }

  /** Reads the hashprice of this moment; nothing while there is no work. */
  void look() throws Exception {
    HashpriceLog.Mean reading = margins.reading();
    if (reading != null) {
      log.add(clock.millis(), reading);
    }
  }

  // ---- hashprice ----

  JsonNode history(Call call) throws Exception {
    Range range = call.range();
    if (range == Range.HOUR) {
      throw new HttpException(400, "range is too short (expected: 24h, 7d or 30d)");
    }
    long now = clock.millis();
    List<Headers.Step> steps = steps();
    ObjectNode out = Json.asOf(now);
    out.put("range", range.text());
    out.put("slot_ms", range.slotMillis());
    Json.time(out, "since_ms", log.sinceMillis());
    Json.time(out, "subsidy_since_ms", steps.isEmpty() ? 0 : steps.getFirst().seconds() * MILLIS);
    String currency = pool.config().economics().currency();
    out.put("currency", currency);
    ArrayNode slots = out.putArray("slots");
    List<HashpriceLog.Slot> series = log.series(range, now);
    series.forEach(slot -> slots.add(slot(slot, steps, currency)));
    out.set("marks", marks(steps, series.getFirst().startMillis()));
    return out;
  }

  private ObjectNode slot(HashpriceLog.Slot slot, List<Headers.Step> steps, String currency) {
    ObjectNode out = Json.object();
    out.put("start_ms", slot.startMillis());
    out.put("end_ms", slot.endMillis());
    HashpriceLog.Mean mean = slot.mean();
    out.put("state", slot.running() ? "running" : mean == null ? "unknown" : "closed");
    Json.number(out, "hashprice_sat_per_phs_day", mean == null ? Double.NaN : mean.sat());
    Json.number(
        out,
        "subsidy_sat_per_phs_day",
        mean == null
            ? ofHeaders(steps, (slot.startMillis() + slot.endMillis()) / 2)
            : mean.subsidySat());
    Json.number(
        out,
        "hashprice_per_phs_day",
        mean == null || !mean.currency().equals(currency) ? Double.NaN : mean.money());
    return out;
  }

  /** What the subsidy alone paid by the difficulty of a time; NaN before what is known. */
  private double ofHeaders(List<Headers.Step> steps, long atMillis) {
    Headers.Step then = null;
    for (Headers.Step step : steps) {
      if (step.seconds() * MILLIS <= atMillis) {
        then = step;
      }
    }
    return then == null
        ? Double.NaN
        : new Hashprice(
                Shapes.networkHashrate(then.bits()),
                Hashprice.BLOCKS_PER_DAY,
                then.subsidySat(),
                0,
                pool.config().payout().feePpmSubsidy())
            .satPerPhsDay();
  }

  private static ArrayNode marks(List<Headers.Step> steps, long fromMillis) {
    ArrayNode marks = Json.array();
    for (int i = 1; i < steps.size(); i++) {
      Headers.Step step = steps.get(i);
      if (step.seconds() * MILLIS < fromMillis) {
        continue;
      }
      if (step.height() % Headers.PERIOD == 0) {
        mark(
            marks,
            step,
            "difficulty",
            String.format(
                Locale.ROOT,
                "difficulty %+.2f %%",
                Retarget.change(steps.get(i - 1).bits(), step.bits()) * PERCENT));
      }
      if (step.subsidySat() != steps.get(i - 1).subsidySat()) {
        mark(marks, step, "halving", "halving");
      }
    }
    return marks;
  }

  private static void mark(ArrayNode marks, Headers.Step step, String kind, String label) {
    marks.addObject().put("at_ms", step.seconds() * MILLIS).put("kind", kind).put("label", label);
  }

  /** None where difficulty stays or the node does not tell. */
  private List<Headers.Step> steps() {
    try {
      Headers.Outlook outlook = outlook();
      return outlook == null ? List.of() : outlook.steps();
    } catch (HttpException e) {
      return List.of();
    }
  }

  // ---- difficulty ----

  private Headers.@Nullable Outlook outlook() throws HttpException {
    Work work = pool.work();
    if (work == null) {
      throw new HttpException(503, "the chain's height is not known while there is no work");
    }
    return node.outlook(work.template().height() - 1);
  }

  JsonNode difficulty(Call call) throws Exception {
    Headers.Outlook outlook = outlook();
    ObjectNode out = Json.asOf(clock.millis());
    out.put("network", pool.config().network().configName());
    out.put("adjusts", outlook != null);
    if (outlook == null) {
      out.putNull("since_ms");
      out.putNull("period");
      out.putArray("outlook");
      out.putArray("retargets");
      return out;
    }
    out.put("since_ms", outlook.steps().getFirst().seconds() * MILLIS);
    out.set("period", period(outlook));
    ArrayNode points = out.putArray("outlook");
    outlook.points().forEach(point -> points.add(point(point)));
    out.set("retargets", retargets(outlook));
    return out;
  }

  private static ObjectNode period(Headers.Outlook outlook) {
    Headers.Header first = outlook.first();
    int blocks = outlook.tip().height() - first.height() + 1;
    ObjectNode out = Json.object();
    out.put("first_height", first.height());
    out.put("first_at_ms", first.seconds() * MILLIS);
    out.put("next_height", first.height() + Headers.PERIOD);
    out.put("blocks", blocks);
    out.put("blocks_left", Headers.PERIOD - blocks);
    double now = Shapes.difficultyOf(first.bits());
    out.put("difficulty", now);
    Headers.Point newest = outlook.points().isEmpty() ? null : outlook.points().getLast();
    if (newest == null) {
      out.putNull("expected_at_ms").putNull("expected_difficulty");
      out.putNull("low_difficulty").putNull("high_difficulty");
      return out;
    }
    Interval range = newest.projection().changeRange(CONFIDENCE);
    // One interval more than the rule counts: to the next period's first block.
    double left = newest.projection().remainingSeconds() + newest.projection().averageSeconds();
    out.put("expected_at_ms", (newest.seconds() + (long) left) * MILLIS);
    out.put("expected_difficulty", now * (1 + newest.projection().changeAtThisPace()));
    out.put("low_difficulty", now * (1 + range.low()));
    out.put("high_difficulty", now * (1 + range.high()));
    return out;
  }

  private static ObjectNode point(Headers.Point point) {
    Interval range = point.projection().changeRange(CONFIDENCE);
    return Json.object()
        .put("height", point.height())
        .put("at_ms", point.seconds() * MILLIS)
        .put("change", point.projection().changeAtThisPace())
        .put("low", range.low())
        .put("high", range.high());
  }

  private static ArrayNode retargets(Headers.Outlook outlook) {
    List<Headers.Step> periods = new ArrayList<>(outlook.steps());
    periods.removeIf(step -> step.height() % Headers.PERIOD != 0);
    ArrayNode list = Json.array();
    for (int i = 0; i < periods.size(); i++) {
      Headers.Step step = periods.get(i);
      ObjectNode item = list.addObject();
      item.put("height", step.height());
      item.put("at_ms", step.seconds() * MILLIS);
      item.put("difficulty", Shapes.difficultyOf(step.bits()));
      Json.number(
          item,
          "change",
          i == 0 ? Double.NaN : Retarget.change(periods.get(i - 1).bits(), step.bits()));
    }
    return list;
  }
}
