package org.adit.pool.web.api;

import org.adit.accounting.economics.PowerProfile;
import org.adit.accounting.economics.WorkerMargins;
import org.adit.accounting.economics.WorkerMargins.Line;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a worker or a group earns, draws and leaves over a day, as the OpenAPI document shapes it.
 */
final class MarginShapes {
  private static final double SAT_PER_BTC = 1e8;

  private MarginShapes() {}

  /**
   * Puts the figures of a line; what is not known is null.
   *
   * @param profile whose efficiency and price of power the line is reckoned by
   */
  static void put(ObjectNode node, WorkerMargins margins, Line line, PowerProfile profile) {
    node.put("group", line.group());
    node.put("hashrate_hs", line.hashesPerSecond());
    Json.number(node, "joules_per_terahash", profile.joulesPerTerahash().orElse(Double.NaN));
    Json.number(node, "power_price_per_kwh", profile.pricePerKwh().orElse(Double.NaN));
    Json.number(node, "kilowatts", line.kilowatts());
    node.put("revenue_sat_day", line.revenueSatDay());
    Json.number(node, "revenue_day", line.revenueDay());
    Json.number(node, "power_cost_day", line.powerCostDay());
    double left = line.revenueDay() - line.powerCostDay();
    Json.number(node, "left_day", left);
    Json.number(
        node, "left_sat_day", left / margins.pricePerBtc().orElse(Double.NaN) * SAT_PER_BTC);
    Json.number(node, "gross_margin", line.grossMargin());
    Json.number(node, "break_even_power_price_per_kwh", line.breakEvenPricePerKwh());
  }
}
