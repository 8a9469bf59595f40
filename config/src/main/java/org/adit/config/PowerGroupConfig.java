package org.adit.config;

import java.util.List;
import java.util.Optional;

/**
 * Machines that draw power alike, for figures shown to people.
 *
 * @param group its name
 * @param workers patterns {@code ACCOUNT.WORKER} with {@code *} for any text
 * @param joulesPerTerahash efficiency; empty: that of {@link EconomicsConfig}
 * @param powerPricePerKwh price of a kilowatt-hour; empty: that of {@link EconomicsConfig}
 */
public record PowerGroupConfig(
    String group,
    List<String> workers,
    Optional<Ratio> joulesPerTerahash,
    Optional<Ratio> powerPricePerKwh) {
  /** Name of the group of workers no other fits. */
  public static final String OTHERS = "others";

  /** Copies the list. */
  public PowerGroupConfig {
    workers = List.copyOf(workers);
  }
}
