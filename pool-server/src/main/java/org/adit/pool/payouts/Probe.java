package org.adit.pool.payouts;

/** Hears of the points between two steps of a payout; a test ends the process there. */
@FunctionalInterface
interface Probe {
  /** Nothing happens. */
  Probe NONE = point -> {};

  /** The named point is reached. */
  void at(String point);
}
