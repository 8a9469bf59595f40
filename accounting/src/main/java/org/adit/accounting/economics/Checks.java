package org.adit.accounting.economics;

/** Ranges of inputs. */
final class Checks {
  private Checks() {}

  static double positive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " " + value + " (expected: > 0)");
    }
    return value;
  }

  static double notNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " " + value + " (expected: >= 0)");
    }
    return value;
  }

  /** A fraction strictly between 0 and 1, such as a confidence. */
  static double fraction(String name, double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException(name + " " + value + " (expected: between 0 and 1)");
    }
    return value;
  }
}
