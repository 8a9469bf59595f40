package org.adit.accounting.vectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adit.accounting.economics.DifficultyProjection;
import org.adit.accounting.economics.ExposureEstimate;
import org.adit.accounting.economics.Hashprice;
import org.adit.accounting.economics.HashrateEstimate;
import org.adit.accounting.economics.Luck;
import org.adit.accounting.economics.Margin;
import org.adit.accounting.economics.NetworkHashrate;
import org.adit.accounting.economics.Retarget;
import org.adit.accounting.economics.ShareLogSize;
import org.adit.accounting.economics.TimeToBlock;
import org.adit.hasher.CompactBits;

/** Figures shown to people, and sizes on disk. */
final class EconomicsKinds {
  private static final double EXA = 1e18;
  private static final double P90 = 0.9;

  private EconomicsKinds() {}

  static Map<String, ?> networkHashrate(Fields in) {
    var work = NetworkHashrate.work(CompactBits.parse(in.text("nbits")));
    double hashrate = NetworkHashrate.implied(work, in.real("block_seconds"));
    return Map.of(
        "network_work", work.toString(), "hashrate_hps", hashrate, "hashrate_ehs", hashrate / EXA);
  }

  static Map<String, ?> hashprice(Fields in) {
    Hashprice hashprice =
        new Hashprice(
            in.real("network_hps"),
            in.real("blocks_per_day"),
            in.real("subsidy_sat"),
            in.real("mean_txfees_sat"),
            in.small("pool_fee_ppm"));
    double price = in.real("btc_usd");
    return Map.of(
        "sat_per_phs_day",
        hashprice.satPerPhsDay(),
        "btc_per_phs_day",
        hashprice.btcPerPhsDay(),
        "usd_per_phs_day",
        hashprice.fiatPerPhsDay(price),
        "usd_per_ehs_day",
        hashprice.fiatPerEhsDay(price),
        "fee_share_of_reward",
        hashprice.feeShare());
  }

  static Map<String, ?> margin(Fields in) {
    Margin margin =
        new Margin(
            in.real("hashprice_usd_per_phs_day"),
            in.real("efficiency_j_per_th"),
            in.real("usd_per_kwh"));
    return Map.of(
        "power_kw_per_phs",
        margin.kilowattsPerPhs(),
        "power_cost_usd_per_phs_day",
        margin.powerCostPerPhsDay(),
        "gross_margin",
        margin.grossMargin(),
        "break_even_usd_per_kwh",
        margin.breakEvenPricePerKwh(),
        "break_even_j_per_th",
        margin.breakEvenJoulesPerTerahash());
  }

  static Map<String, ?> hashrateEstimate(Fields in) {
    List<HashrateEstimate.Group> groups = new ArrayList<>();
    for (Fields group : in.objects("groups")) {
      groups.add(new HashrateEstimate.Group(group.whole("count"), group.integer("work")));
    }
    HashrateEstimate estimate =
        HashrateEstimate.of(groups, in.real("window_seconds"), in.real("confidence"));
    return Map.of(
        "sum_work",
        estimate.work().toString(),
        "shares",
        estimate.shares(),
        "hashrate_hps",
        estimate.hashesPerSecond(),
        "effective_count",
        estimate.effectiveCount(),
        "rel_std_error",
        estimate.relativeError(),
        "ci_low_hps",
        estimate.interval().low(),
        "ci_high_hps",
        estimate.interval().high());
  }

  static Map<String, ?> hashrateExposure(Fields in) {
    List<ExposureEstimate.Segment> segments = new ArrayList<>();
    for (Fields segment : in.objects("segments")) {
      segments.add(
          new ExposureEstimate.Segment(
              segment.whole("count"), segment.integer("work"), segment.real("exposure_seconds")));
    }
    ExposureEstimate estimate =
        ExposureEstimate.of(segments, in.real("window_seconds"), in.real("confidence"));
    return Map.of(
        "shares",
        estimate.shares(),
        "exposure_seconds_per_work",
        estimate.secondsPerWork(),
        "hashrate_connected_hps",
        estimate.connectedHashesPerSecond(),
        "ci_low_hps",
        estimate.interval().low(),
        "ci_high_hps",
        estimate.interval().high(),
        "hashrate_window_average_hps",
        estimate.averageHashesPerSecond(),
        "work_sum_hashrate_hps",
        estimate.workHashesPerSecond());
  }

  static Map<String, ?> luck(Fields in) {
    List<Luck.Round> rounds = new ArrayList<>();
    for (Fields round : in.objects("rounds")) {
      rounds.add(
          new Luck.Round(round.integer("work"), round.integer("net_work"), round.flag("found")));
    }
    Luck luck = Luck.of(rounds, in.real("confidence"));
    return Map.of(
        "effort_per_round",
        luck.efforts(),
        "expected_blocks",
        luck.expected(),
        "blocks_found",
        luck.found(),
        "luck",
        luck.luck(),
        "luck_ci",
        List.of(luck.interval().low(), luck.interval().high()),
        "prob_at_most_this_many",
        luck.probabilityAtMost());
  }

  static Map<String, ?> timeToBlock(Fields in) {
    TimeToBlock time =
        new TimeToBlock(
            in.real("hashrate_hps"), NetworkHashrate.work(CompactBits.parse(in.text("nbits"))));
    return Map.of(
        "expected_seconds",
        time.expectedSeconds(),
        "median_seconds",
        time.secondsFor(0.5),
        "p90_seconds",
        time.secondsFor(P90),
        "prob_at_least_one",
        in.reals("horizons_seconds").stream().map(time::probabilityWithin).toList());
  }

  static Map<String, ?> difficultyProjection(Fields in) {
    DifficultyProjection projection =
        new DifficultyProjection(in.small("intervals_elapsed"), in.real("elapsed_seconds"));
    return Map.of(
        "avg_interval_seconds",
        projection.averageSeconds(),
        "projected_change_rate_holds",
        projection.changeAtThisPace(),
        "projected_change_rest_at_600s",
        projection.changeAtTargetPace(),
        "remaining_seconds_at_current_rate",
        projection.remainingSeconds());
  }

  static Map<String, ?> retarget(Fields in) {
    int bits = CompactBits.parse(in.text("nbits"));
    int next =
        Retarget.next(
            bits,
            in.whole("first_block_time"),
            in.whole("last_block_time"),
            CompactBits.parse(in.text("pow_limit_nbits")));
    return Map.of(
        "new_nbits", CompactBits.format(next), "difficulty_change", Retarget.change(bits, next));
  }

  static Map<String, ?> shareLog(Fields in) {
    ShareLogSize size =
        new ShareLogSize(
            in.whole("workers"),
            in.rational("share_interval_s"),
            in.small("raw_bytes_per_row"),
            in.small("agg_bytes_per_row"),
            in.small("bucket_s"));
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("shares_per_second", size.sharesPerSecond());
    out.put("raw_rows_per_day", size.sharesPerDay());
    out.put("raw_bytes_per_day", size.shareBytesPerDay());
    out.put("agg_rows_per_day_max", size.sumRowsPerDay());
    out.put("agg_bytes_per_day_max", size.sumBytesPerDay());
    return out;
  }
}
