package org.adit.accounting.economics;

import java.math.BigDecimal;
import java.math.MathContext;
import org.adit.accounting.scheme.Rational;

/** Where exact numbers become figures for people. */
public final class Reals {
  private Reals() {}

  /** The nearest double, or next to it. */
  public static double of(Rational value) {
    return new BigDecimal(value.numerator())
        .divide(new BigDecimal(value.denominator()), MathContext.DECIMAL128)
        .doubleValue();
  }
}
