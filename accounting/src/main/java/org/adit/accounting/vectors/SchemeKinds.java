package org.adit.accounting.vectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.LargestRemainder;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.RewardScheme;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.Slice;
import org.adit.accounting.scheme.SliceShare;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WindowShare;
import org.adit.accounting.scheme.WindowWalk;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.adit.accounting.scheme.WorkerKey;

/** Reward schemes. A vector's "worker" is an account with one nameless worker. */
final class SchemeKinds {
  private SchemeKinds() {}

  static Map<String, ?> solo(Fields in) {
    Settlement settlement =
        new RewardScheme.Solo(BasicKinds.feePpm(in))
            .settle(BasicKinds.reward(in), key(in.text("finder")));
    Map<String, Object> out = new LinkedHashMap<>();
    putSettlement(out, settlement);
    return out;
  }

  static Map<String, ?> prop(Fields in) {
    List<WindowShare> shares = shares(in);
    List<Map<String, Object>> blocks = new ArrayList<>();
    long previousEnd = 0;
    for (Fields block : in.objects("blocks")) {
      long end = block.whole("end_seq");
      WindowWalk walk = WindowWalk.unbounded(Measure.WORK);
      fill(walk, shares, end, previousEnd + 1);
      Window window = walk.finish();
      Settlement settlement =
          new RewardScheme.Windowed(SchemeKind.PROP, BasicKinds.feePpm(in), UnfilledPolicy.SCALE)
              .settle(BasicKinds.reward(block), window, key("finder"));
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("block", block.text("block"));
      out.put("weights", texts(window.accountWeights()));
      putSettlement(out, settlement);
      blocks.add(out);
      previousEnd = end;
    }
    return Map.of("blocks", blocks);
  }

  static Map<String, ?> pplnsWork(Fields in) {
    return pplns(in, SchemeKind.PPLNS_WORK);
  }

  static Map<String, ?> pplnsUnits(Fields in) {
    return pplns(in, SchemeKind.PPLNS_UNITS);
  }

  private static Map<String, ?> pplns(Fields in, SchemeKind kind) {
    List<WindowShare> shares = shares(in);
    UnfilledPolicy policy =
        UnfilledPolicy.valueOf(in.text("unfilled_policy").toUpperCase(Locale.ROOT));
    FeePpm fee = BasicKinds.feePpm(in);
    List<Map<String, Object>> blocks = new ArrayList<>();
    Map<String, Long> cumulative = new TreeMap<>();
    for (Fields block : in.objects("blocks")) {
      WindowWalk walk = walk(in, block, kind);
      fill(walk, shares, block.whole("end_seq"), Long.MIN_VALUE);
      Window window = walk.finish();
      Settlement settlement =
          new RewardScheme.Windowed(kind, fee, policy)
              .settle(BasicKinds.reward(block), window, key("finder"));
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("block", block.text("block"));
      putWindow(out, window, kind);
      putSettlement(out, settlement);
      blocks.add(out);
      settlement
          .byAccount()
          .forEach((account, amounts) -> cumulative.merge(account, amounts.totalSat(), Long::sum));
    }
    return Map.of("blocks", blocks, "cumulative_total", cumulative);
  }

  static Map<String, ?> slice(Fields in) {
    List<Slice> slices = new ArrayList<>();
    for (Fields slice : in.objects("slices")) {
      List<SliceShare> shares = new ArrayList<>();
      for (Fields share : slice.objects("shares")) {
        shares.add(
            new SliceShare(
                key(share.text("worker")), share.integer("work"), share.whole("job_fees_sat")));
      }
      slices.add(new Slice(slice.whole("ref_job_fees_sat"), shares));
    }
    RewardScheme.Sliced scheme = new RewardScheme.Sliced(BasicKinds.feePpm(in));
    Map<String, Rational> scores = new TreeMap<>(LargestRemainder.KEY_ORDER);
    scheme
        .feeScores(slices)
        .forEach((worker, score) -> scores.merge(worker.account(), score, Rational::plus));
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("fee_scores", texts(scores));
    putSettlement(out, scheme.settle(BasicKinds.reward(in), slices, key("finder")));
    return out;
  }

  private static WindowWalk walk(Fields in, Fields block, SchemeKind kind) {
    return kind == SchemeKind.PPLNS_UNITS
        ? new WindowWalk(Measure.UNITS, in.rational("window_units"))
        : new WindowWalk(
            Measure.WORK,
            in.rational("window_multiple").times(Rational.of(block.integer("net_work"))));
  }

  static void fill(WindowWalk walk, List<WindowShare> shares, long end, long first) {
    for (WindowShare share : shares.reversed()) {
      if (share.sequence() < first) {
        return;
      }
      if (share.sequence() <= end && !walk.add(share)) {
        return;
      }
    }
  }

  private static void putWindow(Map<String, Object> out, Window window, SchemeKind kind) {
    if (kind == SchemeKind.PPLNS_UNITS) {
      out.put("units_filled", window.filled().toString());
      out.put("scores", texts(window.accountWeights()));
    } else {
      out.put("window_work", window.size().toString());
      out.put("window_filled_work", window.filled().toString());
      out.put("weights", texts(window.accountWeights()));
    }
    Window.Edge edge = window.edge();
    if (edge != null) {
      out.put(
          "edge_share",
          Map.of(
              "seq",
              edge.sequence(),
              "taken",
              edge.taken().toString(),
              "of",
              edge.of().toString()));
    }
  }

  private static void putSettlement(Map<String, Object> out, Settlement settlement) {
    out.put("pool_fee_subsidy", settlement.poolFee().subsidySat());
    out.put("pool_fee_txfees", settlement.poolFee().feesSat());
    Map<String, Object> credits = new LinkedHashMap<>();
    settlement.byAccount().forEach((account, amounts) -> credits.put(account, map(amounts)));
    out.put("credits", credits);
  }

  static Map<String, Long> map(Amounts amounts) {
    return Map.of(
        "subsidy", amounts.subsidySat(), "txfees", amounts.feesSat(), "total", amounts.totalSat());
  }

  private static Map<String, String> texts(Map<String, Rational> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((key, value) -> texts.put(key, value.toString()));
    return texts;
  }

  static List<WindowShare> shares(Fields in) {
    List<WindowShare> shares = new ArrayList<>();
    for (Fields share : in.objects("shares")) {
      shares.add(
          new WindowShare(
              share.whole("seq"),
              key(share.text("worker")),
              share.integer("work"),
              share.integer("net")));
    }
    return shares;
  }

  static WorkerKey key(String account) {
    return new WorkerKey(account, "");
  }
}
