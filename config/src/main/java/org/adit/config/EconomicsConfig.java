package org.adit.config;

import java.nio.file.Path;
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
 */
public record EconomicsConfig(
    String currency,
    Optional<Ratio> pricePerBtc,
    Optional<Path> priceFile,
    Optional<Ratio> powerPricePerKwh,
    Optional<Ratio> joulesPerTerahash) {}
