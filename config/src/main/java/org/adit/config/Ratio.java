package org.adit.config;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * An exact positive fraction in lowest terms.
 *
 * @param numerator positive
 * @param denominator positive, without a common divisor with the numerator
 */
public record Ratio(BigInteger numerator, BigInteger denominator) {

  /** Longest text {@link #parse} takes; it bounds the cost of the arithmetic. */
  static final int MAX_TEXT = 40;

  /**
   * Brings the fraction to lowest terms.
   *
   * @throws IllegalArgumentException unless both parts are positive
   */
  public Ratio {
    if (numerator.signum() <= 0 || denominator.signum() <= 0) {
      throw new IllegalArgumentException("a ratio needs positive parts");
    }
    BigInteger divisor = numerator.gcd(denominator);
    numerator = numerator.divide(divisor);
    denominator = denominator.divide(divisor);
  }

  /** The fraction {@code value / 1}. */
  public static Ratio of(long value) {
    return new Ratio(BigInteger.valueOf(value), BigInteger.ONE);
  }

  /**
   * Reads {@code 2}, {@code 0.25} or {@code 1/1024}, at most 40 characters, without sign, exponent
   * or spaces.
   *
   * @throws IllegalArgumentException for anything else, zero included; the message does not repeat
   *     the text
   */
  public static Ratio parse(String text) {
    if (text.length() > MAX_TEXT) {
      throw new IllegalArgumentException("longer than " + MAX_TEXT + " characters");
    }
    if (text.matches("[0-9]+/[0-9]+")) {
      int slash = text.indexOf('/');
      return positive(
          new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
    }
    if (text.matches("[0-9]+(\\.[0-9]+)?")) {
      BigDecimal decimal = new BigDecimal(text);
      return positive(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale()));
    }
    throw new IllegalArgumentException("not a number such as 2, 0.25 or 1/1024");
  }

  private static Ratio positive(BigInteger numerator, BigInteger denominator) {
    if (numerator.signum() == 0 || denominator.signum() == 0) {
      throw new IllegalArgumentException("zero is not possible here");
    }
    return new Ratio(numerator, denominator);
  }

  /**
   * Compares with a decimal without rounding: negative, zero or positive as {@code Comparable}
   * does.
   */
  public int compareTo(BigDecimal other) {
    return new BigDecimal(numerator).compareTo(other.multiply(new BigDecimal(denominator)));
  }

  /**
   * The value as a finite decimal.
   *
   * @throws ArithmeticException when it has none, as 1/3
   */
  public BigDecimal toDecimal() {
    return new BigDecimal(numerator).divide(new BigDecimal(denominator));
  }

  /** {@code 2} or {@code 1/1024}. */
  @Override
  public String toString() {
    return denominator.equals(BigInteger.ONE)
        ? numerator.toString()
        : numerator + "/" + denominator;
  }
}
