package org.adit.accounting.bucket;

import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.WindowWalk;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.jspecify.annotations.Nullable;

/**
 * Which shares a window takes: from the end towards older ones until its size is reached or its
 * first share was taken.
 *
 * @param measure how shares count
 * @param size units or work, positive; null for a window that only its first share ends
 * @param firstSequence oldest share that may be inside, at least 1
 * @param endSequence newest share inside, already folded; below {@code firstSequence} for an empty
 *     window
 */
public record WindowSpec(
    Measure measure, @Nullable Rational size, long firstSequence, long endSequence) {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when the first sequence is not positive
   */
  public WindowSpec {
    if (firstSequence < 1) {
      throw new IllegalArgumentException("firstSequence " + firstSequence + " (expected: >= 1)");
    }
  }

  /** The last so many units. */
  public static WindowSpec units(long endSequence, Rational units) {
    return new WindowSpec(Measure.UNITS, units, 1, endSequence);
  }

  /** The last so much work. */
  public static WindowSpec work(long endSequence, Rational work) {
    return new WindowSpec(Measure.WORK, work, 1, endSequence);
  }

  /** All work of a round. */
  public static WindowSpec round(long firstSequence, long endSequence) {
    return new WindowSpec(Measure.WORK, null, firstSequence, endSequence);
  }

  WindowWalk walk() {
    Rational bound = size;
    return bound == null ? WindowWalk.unbounded(measure) : new WindowWalk(measure, bound);
  }
}
