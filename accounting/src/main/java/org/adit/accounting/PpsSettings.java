package org.adit.accounting;

import java.time.Duration;

/**
 * Settings of schemes that pay by the share. They do not change what a share is worth.
 *
 * @param stopBelowSat remaining reserve below which no new work is given out; what was accepted by
 *     then is still paid out of it, so it should carry the shares of a few {@code every}
 * @param every how often shares are paid: one ledger entry each time
 */
public record PpsSettings(long stopBelowSat, Duration every) {
  public static final PpsSettings DEFAULT = new PpsSettings(1, Duration.ofMinutes(10));

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when the limit is not positive or the time negative
   */
  public PpsSettings {
    if (stopBelowSat < 1 || every.isNegative()) {
      throw new IllegalArgumentException(
          "stopBelowSat " + stopBelowSat + ", every " + every + " (expected: >= 1, >= 0)");
    }
  }
}
