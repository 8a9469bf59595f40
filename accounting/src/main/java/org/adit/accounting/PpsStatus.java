package org.adit.accounting;

import org.jspecify.annotations.Nullable;

/**
 * How paying by the share stands.
 *
 * @param active whether shares are paid as they come now
 * @param accruedThrough newest share up to which they were paid
 * @param remainingSat what of the reserve is left; below zero when blocks or coins were lost
 * @param stopBelowSat no new work is given out below it
 * @param problem why shares that were accepted are not paid at the moment, null while they are
 */
public record PpsStatus(
    boolean active,
    long accruedThrough,
    long remainingSat,
    long stopBelowSat,
    @Nullable String problem) {

  static final PpsStatus INACTIVE = new PpsStatus(false, 0, 0, 0, null);

  /** Why miners must not be given work, in words for the operator; null when they may. */
  public @Nullable String stop() {
    if (!active) {
      return null;
    }
    if (problem != null) {
      return problem;
    }
    return remainingSat < stopBelowSat
        ? "the reserve for paying shares is down to "
            + remainingSat
            + " sat, below the limit of "
            + stopBelowSat
            + "; set more aside with 'adit capital reserve'"
        : null;
  }
}
