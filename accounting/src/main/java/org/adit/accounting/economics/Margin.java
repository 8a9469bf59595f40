package org.adit.accounting.economics;

/**
 * Gross margin of mining: cooling, hosting, downtime and depreciation are outside.
 *
 * @param revenuePerPhsDay fiat money for 1 PH/s over a day, see {@link Hashprice#fiatPerPhsDay}
 * @param joulesPerTerahash efficiency of the machines, positive
 * @param pricePerKwh price of power in the same money, positive
 */
public record Margin(double revenuePerPhsDay, double joulesPerTerahash, double pricePerKwh) {
  private static final double HOURS_PER_DAY = 24;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public Margin {
    Checks.notNegative("revenue", revenuePerPhsDay);
    Checks.positive("efficiency in J/TH", joulesPerTerahash);
    Checks.positive("price per kWh", pricePerKwh);
  }

  /** Power that 1 PH/s draws: a thousand terahashes a second at so many joules is that many kW. */
  public double kilowattsPerPhs() {
    return joulesPerTerahash;
  }

  /** Cost of power for 1 PH/s over a day. */
  public double powerCostPerPhsDay() {
    return HOURS_PER_DAY * kilowattsPerPhs() * pricePerKwh;
  }

  /** (revenue - cost) / revenue; negative while mining costs more than it earns. */
  public double grossMargin() {
    return (revenuePerPhsDay - powerCostPerPhsDay()) / revenuePerPhsDay;
  }

  /** Price of power at which nothing is left. */
  public double breakEvenPricePerKwh() {
    return revenuePerPhsDay / (HOURS_PER_DAY * joulesPerTerahash);
  }

  /** Efficiency at which nothing is left. */
  public double breakEvenJoulesPerTerahash() {
    return revenuePerPhsDay / (HOURS_PER_DAY * pricePerKwh);
  }
}
