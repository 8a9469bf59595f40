package org.adit.config;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * How to begin with a kind of miner, told by its user agent (Stratum V1 specification section 10).
 *
 * @param userAgent how the user agent begins, in any case
 * @param startDifficulty to begin with
 * @param minDifficulty lowest, whatever it asks for
 * @param fractions whether it understands difficulties below 1
 * @param coinbaseBytes longest coinbase it understands
 */
public record ClientConfig(
    String userAgent,
    Optional<BigDecimal> startDifficulty,
    Optional<BigDecimal> minDifficulty,
    boolean fractions,
    Optional<Integer> coinbaseBytes) {}
