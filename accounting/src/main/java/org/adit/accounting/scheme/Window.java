package org.adit.accounting.scheme;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A filled reward window.
 *
 * @param size what it should hold, in units or in work
 * @param filled what it holds, at most {@code size}
 * @param weights each worker's exact part of {@code filled}, in key order
 * @param edge the oldest share taken, cut where the window was full; null when there was no share
 */
public record Window(
    Rational size, Rational filled, SortedMap<WorkerKey, Rational> weights, @Nullable Edge edge) {

  /**
   * The oldest share of the window.
   *
   * @param taken the part inside the window
   * @param of the whole share
   */
  public record Edge(long sequence, Rational taken, Rational of) {}

  public Window {
    weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
  }

  /** What is missing to the full size. */
  public Rational missing() {
    return size.minus(filled);
  }

  /** Weights per account. */
  public SortedMap<String, Rational> accountWeights() {
    SortedMap<String, Rational> accounts = new TreeMap<>(LargestRemainder.KEY_ORDER);
    for (Map.Entry<WorkerKey, Rational> entry : weights.entrySet()) {
      accounts.merge(entry.getKey().account(), entry.getValue(), Rational::plus);
    }
    return accounts;
  }
}
