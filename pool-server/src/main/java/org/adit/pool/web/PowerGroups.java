package org.adit.pool.web;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.adit.accounting.economics.Hashprice;
import org.adit.accounting.economics.PowerProfile;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.economics.WorkerMargins;
import org.adit.accounting.scheme.Rational;
import org.adit.config.EconomicsConfig;
import org.adit.config.PowerGroupConfig;
import org.adit.config.Ratio;

/** The settings' groups of machines as the economics take them. */
public final class PowerGroups {
  private PowerGroups() {}

  /**
   * Margins by worker and group under the settings.
   *
   * @param pricePerBtc price of a bitcoin; empty when it is not known
   */
  public static WorkerMargins margins(
      EconomicsConfig settings, Hashprice hashprice, OptionalDouble pricePerBtc) {
    OptionalDouble efficiency = real(settings.joulesPerTerahash());
    OptionalDouble price = real(settings.powerPricePerKwh());
    return new WorkerMargins(
        hashprice,
        pricePerBtc,
        settings.groups().stream().map(group -> profile(group, efficiency, price)).toList(),
        new PowerProfile(PowerGroupConfig.OTHERS, List.of(), efficiency, price));
  }

  private static PowerProfile profile(
      PowerGroupConfig group, OptionalDouble efficiency, OptionalDouble price) {
    OptionalDouble own = real(group.joulesPerTerahash());
    OptionalDouble ownPrice = real(group.powerPricePerKwh());
    return new PowerProfile(
        group.group(),
        group.workers(),
        own.isPresent() ? own : efficiency,
        ownPrice.isPresent() ? ownPrice : price);
  }

  private static OptionalDouble real(Optional<Ratio> ratio) {
    return ratio
        .map(value ->
            OptionalDouble.of(Reals.of(Rational.of(value.numerator(), value.denominator()))))
        .orElseGet(OptionalDouble::empty);
  }
}
