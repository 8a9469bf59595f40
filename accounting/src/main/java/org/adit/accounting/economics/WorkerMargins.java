package org.adit.accounting.economics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What each worker and each group of workers earns, draws and leaves over a day at its hashrate.
 *
 * @param hashprice what hashrate earns, after the pool's fee
 * @param pricePerBtc price of a bitcoin; empty when it is not known
 * @param groups the first that fits a worker counts
 * @param others for workers no group fits
 */
public record WorkerMargins(
    Hashprice hashprice,
    OptionalDouble pricePerBtc,
    List<PowerProfile> groups,
    PowerProfile others) {
  private static final double PETA = 1e15;
  private static final double TERA = 1e12;
  private static final double WATTS = 1_000;
  private static final double HOURS = 24;

  /** Copies the list. */
  public WorkerMargins {
    groups = List.copyOf(groups);
  }

  /**
   * One worker or one group. What is not known is {@code NaN}, as a group's cost when one of its
   * workers' is not.
   *
   * @param name of the worker as {@code ACCOUNT.WORKER}, or of the group
   * @param group the profile's name
   * @param hashesPerSecond hashrate
   * @param revenueSatDay expected satoshi a day
   * @param revenueDay the same in fiat money
   * @param kilowatts power drawn
   * @param powerCostDay its cost over a day
   */
  public record Line(
      String name,
      String group,
      double hashesPerSecond,
      double revenueSatDay,
      double revenueDay,
      double kilowatts,
      double powerCostDay) {

    /** (revenue - cost) / revenue, see {@link Margin#grossMargin}. */
    public double grossMargin() {
      return revenueDay == 0 ? Double.NaN : (revenueDay - powerCostDay) / revenueDay;
    }

    /** Price of a kilowatt-hour at which nothing is left. */
    public double breakEvenPricePerKwh() {
      return kilowatts == 0 ? Double.NaN : revenueDay / (HOURS * kilowatts);
    }

    private Line plus(Line other) {
      return new Line(
          name,
          group,
          hashesPerSecond + other.hashesPerSecond,
          revenueSatDay + other.revenueSatDay,
          revenueDay + other.revenueDay,
          kilowatts + other.kilowatts,
          powerCostDay + other.powerCostDay);
    }
  }

  /** The profile that counts for a worker. */
  public PowerProfile profile(String account, String worker) {
    return groups.stream().filter(one -> one.fits(account, worker)).findFirst().orElse(others);
  }

  /**
   * One worker.
   *
   * @param hashesPerSecond its hashrate, not negative
   */
  public Line worker(String account, String worker, double hashesPerSecond) {
    Checks.notNegative("hashrate", hashesPerSecond);
    PowerProfile profile = profile(account, worker);
    double petahashes = hashesPerSecond / PETA;
    double kilowatts =
        profile.joulesPerTerahash().orElse(Double.NaN) * hashesPerSecond / TERA / WATTS;
    return new Line(
        worker.isEmpty() ? account : account + "." + worker,
        profile.group(),
        hashesPerSecond,
        hashprice.satPerPhsDay() * petahashes,
        pricePerBtc.isEmpty()
            ? Double.NaN
            : hashprice.fiatPerPhsDay(pricePerBtc.getAsDouble()) * petahashes,
        kilowatts,
        HOURS * kilowatts * profile.pricePerKwh().orElse(Double.NaN));
  }

  /** Workers by group: the groups in their order, those without one last; empty groups left out. */
  public List<Line> groups(Collection<Line> workers) {
    Map<String, Line> sums = new LinkedHashMap<>();
    groups.forEach(group -> sums.put(group.group(), empty(group.group())));
    sums.put(others.group(), empty(others.group()));
    List<String> used = new ArrayList<>();
    for (Line worker : workers) {
      Line sum = sums.get(worker.group());
      if (sum == null) {
        throw new IllegalArgumentException("there is no group " + worker.group());
      }
      sums.put(worker.group(), sum.plus(worker));
      used.add(worker.group());
    }
    sums.keySet().retainAll(used);
    return List.copyOf(sums.values());
  }

  private static Line empty(String group) {
    return new Line(group, group, 0, 0, 0, 0, 0);
  }
}
