package org.adit.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Figures for margins. Nothing of it ever decides what is paid.
 *
 * @param currency money of the prices, three capital letters
 * @param pricePerBtc price of one bitcoin
 * @param priceFile file whose first line is that price; wins over {@code pricePerBtc} while it can
 *     be read
 * @param powerPricePerKwh price of a kilowatt-hour
 * @param joulesPerTerahash efficiency of the machines
 * @param groups machines with figures of their own; the first that fits a worker counts
 */
public record EconomicsConfig(
    String currency,
    Optional<Ratio> pricePerBtc,
    Optional<Path> priceFile,
    Optional<Ratio> powerPricePerKwh,
    Optional<Ratio> joulesPerTerahash,
    List<PowerGroupConfig> groups) {

  /** Copies the list. */
  public EconomicsConfig {
    groups = List.copyOf(groups);
  }
}
