package org.adit.accounting.scheme;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One settlement function for each scheme. Pure: the same input gives the same satoshi for ever.
 */
public sealed interface RewardScheme {

  /** Which scheme. */
  SchemeKind kind();

  /**
   * SOLO: everything but the fee belongs to the finder.
   *
   * @param fee the pool's part
   */
  record Solo(FeePpm fee) implements RewardScheme {
    @Override
    public SchemeKind kind() {
      return SchemeKind.SOLO;
    }

    /** Divides a block. */
    public Settlement settle(Amounts reward, WorkerKey finder) {
      SortedMap<WorkerKey, Rational> one = new TreeMap<>();
      one.put(finder, Rational.ONE);
      return Settlement.divide(reward, fee, one);
    }
  }

  /**
   * Schemes that divide by a window of work.
   *
   * @param kind PROP, PPLNS_WORK or PPLNS_UNITS
   * @param unfilled what happens while the window is not full; PROP's always is
   */
  record Windowed(SchemeKind kind, FeePpm fee, UnfilledPolicy unfilled) implements RewardScheme {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException for SOLO
     */
    public Windowed {
      if (kind == SchemeKind.SOLO) {
        throw new IllegalArgumentException("SOLO has no window");
      }
      if (kind == SchemeKind.PROP && unfilled == UnfilledPolicy.RESERVE) {
        throw new IllegalArgumentException("a PROP round is never unfilled (expected: SCALE)");
      }
    }

    /**
     * Divides a block over the window. A window without any share (the pool's first share is a
     * block) goes to the finder under {@code SCALE} and to the reserve under {@code RESERVE}; never
     * to the pool.
     */
    public Settlement settle(Amounts reward, Window window, WorkerKey finder) {
      SortedMap<WorkerKey, Rational> weights = new TreeMap<>(window.weights());
      if (unfilled == UnfilledPolicy.RESERVE && window.missing().signum() > 0) {
        weights.put(WorkerKey.RESERVE, window.missing());
      }
      if (weights.isEmpty()) {
        weights.put(finder, Rational.ONE);
      }
      return Settlement.divide(reward, fee, Collections.unmodifiableSortedMap(weights));
    }
  }
}
