package org.adit.accounting.vectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adit.accounting.economics.Hashprice;
import org.adit.accounting.economics.Interval;
import org.adit.accounting.economics.MarketStatement;

/** Statements of a market report, checked against each other. */
final class SeedKinds {
  private static final double EXA = 1e18;
  private static final double SAT_PER_BTC = 1e8;
  private static final double MILLION_PER_BILLION = 1_000;

  /** Efficiencies of machines of several years, J/TH. */
  private static final List<String> FLEETS = List.of("13.5", "15", "17.5", "20", "25", "30");

  private SeedKinds() {}

  static Map<String, ?> networkFromShare(Fields in) {
    double listed = in.real("listed_ehs");
    double share = in.real("share");
    double network = MarketStatement.networkOf(listed, share);
    // Whole EH/s and whole percents are what such reports print.
    Interval range = MarketStatement.networkRange(listed, 1, share, 0.01);
    return Map.of(
        "network_ehs",
        network,
        "network_ehs_rounding_low",
        range.low(),
        "network_ehs_rounding_high",
        range.high(),
        "implied_difficulty",
        MarketStatement.difficultyOf(network));
  }

  static Map<String, ?> hashprice(Fields in) {
    double network = in.real("network_ehs") * EXA;
    double subsidy = in.real("subsidy_btc") * SAT_PER_BTC;
    List<Double> prices = new ArrayList<>();
    for (double feeShare : in.reals("fee_share_of_reward")) {
      double fees = MarketStatement.rewardAtFeeShare(subsidy, feeShare) - subsidy;
      prices.add(
          new Hashprice(network, Hashprice.BLOCKS_PER_DAY, subsidy, fees, 0)
              .fiatPerPhsDay(in.real("btc_usd")));
    }
    return Map.of(
        "usd_per_phs_day",
        prices,
        "btc_per_phs_day_at_zero",
        new Hashprice(network, Hashprice.BLOCKS_PER_DAY, subsidy, 0, 0).btcPerPhsDay());
  }

  static Map<String, ?> margin(Fields in) {
    double cost =
        MarketStatement.powerCost(in.real("hashprice_usd_per_phs_day"), in.real("gross_margin"));
    double product = MarketStatement.efficiencyTimesPrice(cost);
    Map<String, Double> prices = new LinkedHashMap<>();
    for (String fleet : FLEETS) {
      prices.put(fleet, product / Double.parseDouble(fleet));
    }
    return Map.of(
        "power_cost_usd_per_phs_day",
        cost,
        "efficiency_times_price",
        product,
        "usd_per_kwh_at_j_per_th",
        prices);
  }

  static Map<String, ?> marginConsistency(Fields in) {
    double before = in.real("margin_before");
    double after = in.real("margin_after");
    double change = in.real("hashprice_change");
    return Map.of(
        "margin_after_if_cost_constant",
        MarketStatement.marginAfter(before, change),
        "hashprice_change_that_gives_300bp",
        MarketStatement.revenueChangeFor(before, after),
        "cost_change_that_reconciles",
        MarketStatement.costChangeFor(before, after, change));
  }

  static Map<String, ?> hashpriceDecomposition(Fields in) {
    return Map.of(
        "implied_price_times_reward_change",
        MarketStatement.priceChangeFor(in.real("hashprice_change"), in.real("network_change")));
  }

  static Map<String, ?> marketCap(Fields in) {
    double after = in.real("after_usd_bn");
    double rise = in.real("rise_usd_bn");
    double listed = in.real("listed_ehs");
    double added = in.real("added_ehs");
    return Map.of(
        "before_usd_bn",
        after - rise,
        "rise_fraction",
        MarketStatement.riseFraction(after, rise),
        "usd_million_per_ehs",
        after * MILLION_PER_BILLION / listed,
        "listed_ehs_before",
        listed - added,
        "added_fraction",
        MarketStatement.riseFraction(listed, added));
  }
}
