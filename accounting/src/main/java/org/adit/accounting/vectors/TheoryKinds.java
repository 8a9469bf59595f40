package org.adit.accounting.vectors;

import java.util.Map;
import org.adit.accounting.economics.SchemeTheory;

/** What schemes promise on average. */
final class TheoryKinds {
  private TheoryKinds() {}

  static Map<String, ?> edgeBias(Fields in) {
    double share = in.real("share_units");
    double mean = in.real("work_weighted_mean_share_units");
    double window = in.real("window_units");
    return Map.of(
        "expected_over_fair_winner_excluded",
        SchemeTheory.edgeBiasWinnerExcluded(share, mean, window),
        "expected_over_fair_winner_included",
        SchemeTheory.edgeBiasWinnerIncluded(share, mean, window));
  }

  static Map<String, ?> unfilledScaleEarly(Fields in) {
    return Map.of(
        "expected_over_fair_scale",
        SchemeTheory.unfilledScaled(in.real("share_position_over_window")),
        "expected_over_fair_reserve",
        SchemeTheory.unfilledReserved());
  }

  static Map<String, ?> workWindowRetarget(Fields in) {
    return Map.of(
        "expected_over_fair_work_window",
        SchemeTheory.workWindowAcrossRetarget(
            in.real("work_before_retarget_over_window"), in.real("difficulty_ratio")),
        "expected_over_fair_unit_window",
        SchemeTheory.unitWindowAcrossRetarget());
  }

  static Map<String, ?> shareDeviation(Fields in) {
    return Map.of("rel_sd_of_one_share", SchemeTheory.shareDeviation(in.real("window_units")));
  }

  static Map<String, ?> ppsReserve(Fields in) {
    double reward = in.real("block_reward_btc");
    double fee = in.real("fee");
    double ruin = in.real("ruin_probability");
    return Map.of(
        "reserve_btc_rosenfeld",
        SchemeTheory.ppsReserve(reward, fee, ruin),
        "adjustment_coefficient_per_block",
        SchemeTheory.ppsRuinExponent(fee),
        "reserve_btc_exact_exponent",
        SchemeTheory.ppsReserveExact(reward, fee, ruin));
  }

  static Map<String, ?> propHopping(Fields in) {
    if (!in.names().isEmpty()) {
      throw new VectorException("theory.prop_hopping takes no input");
    }
    return Map.of(
        "threshold_age_over_difficulty",
        SchemeTheory.hoppingThreshold(),
        "gain_when_rest_is_fair",
        SchemeTheory.hoppingGain());
  }
}
