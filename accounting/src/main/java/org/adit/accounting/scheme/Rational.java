package org.adit.accounting.scheme;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An exact fraction in lowest terms with a positive denominator. */
public final class Rational implements Comparable<Rational> {
  public static final Rational ZERO = of(0);
  public static final Rational ONE = of(1);

  /** More digits than any work sum needs; keeps hostile input from costing time. */
  private static final int MAX_DIGITS = 200;

  private static final Pattern TEXT = Pattern.compile("(-?[0-9]+)(?:/([0-9]+)|\\.([0-9]+))?");

  private final BigInteger numerator;
  private final BigInteger denominator;

  private Rational(BigInteger numerator, BigInteger denominator) {
    this.numerator = numerator;
    this.denominator = denominator;
  }

  /** A whole number. */
  public static Rational of(long value) {
    return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
  }

  /** A whole number. */
  public static Rational of(BigInteger value) {
    return new Rational(value, BigInteger.ONE);
  }

  /**
   * A fraction.
   *
   * @throws ArithmeticException when the denominator is 0
   */
  public static Rational of(BigInteger numerator, BigInteger denominator) {
    if (denominator.signum() == 0) {
      throw new ArithmeticException("fraction " + numerator + "/0");
    }
    BigInteger divisor = gcd(numerator.abs(), denominator.abs());
    if (denominator.signum() < 0) {
      divisor = divisor.negate();
    }
    return divisor.equals(BigInteger.ONE)
        ? new Rational(numerator, denominator)
        : new Rational(numerator.divide(divisor), denominator.divide(divisor));
  }

  /**
   * A settlement reduces a fraction for each worker, most of them a work below 63 bits over a
   * network work of more: one division brings both into machine words.
   */
  private static BigInteger gcd(BigInteger a, BigInteger b) {
    BigInteger small = a.min(b);
    if (small.signum() == 0 || small.bitLength() >= Long.SIZE) {
      return a.gcd(b);
    }
    return BigInteger.valueOf(gcd(small.longValue(), a.max(b).mod(small).longValue()));
  }

  private static long gcd(long positive, long rest) {
    long a = positive;
    long b = rest;
    while (b != 0) {
      long remainder = a % b;
      a = b;
      b = remainder;
    }
    return a;
  }

  /**
   * Reads {@code 3}, {@code 3/2} or {@code 1.5}.
   *
   * @throws NumberFormatException on anything else
   */
  public static Rational parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (text.length() > MAX_DIGITS || !matcher.matches()) {
      throw new NumberFormatException("not a fraction (expected: like 8, 17/2 or 8.5)");
    }
    String fraction = matcher.group(3);
    if (fraction != null) {
      return of(new BigInteger(matcher.group(1) + fraction), BigInteger.TEN.pow(fraction.length()));
    }
    String below = matcher.group(2);
    BigInteger denominator = below == null ? BigInteger.ONE : new BigInteger(below);
    if (denominator.signum() == 0) {
      throw new NumberFormatException("the denominator is 0");
    }
    return of(new BigInteger(matcher.group(1)), denominator);
  }

  /** Reads back what {@link #toString()} wrote, however long. */
  public static Rational parseStored(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? of(new BigInteger(text))
        : of(new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1)));
  }

  public BigInteger numerator() {
    return numerator;
  }

  public BigInteger denominator() {
    return denominator;
  }

  public Rational plus(Rational other) {
    return of(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  public Rational minus(Rational other) {
    return plus(new Rational(other.numerator.negate(), other.denominator));
  }

  public Rational times(Rational other) {
    return of(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  /** Divides by a positive whole number. */
  public Rational over(long divisor) {
    return of(numerator, denominator.multiply(BigInteger.valueOf(divisor)));
  }

  /**
   * The quotient.
   *
   * @throws ArithmeticException when the divisor is 0
   */
  public Rational dividedBy(Rational divisor) {
    BigInteger above = numerator.multiply(divisor.denominator);
    BigInteger below = denominator.multiply(divisor.numerator);
    return of(above, below);
  }

  public int signum() {
    return numerator.signum();
  }

  /** Rounds down. */
  public BigInteger floor() {
    BigInteger[] parts = numerator.divideAndRemainder(denominator);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  /** Rounds the product with a whole number down, without reducing it first. */
  public BigInteger timesFloor(BigInteger factor) {
    BigInteger[] parts = numerator.multiply(factor).divideAndRemainder(denominator);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  public Rational min(Rational other) {
    return compareTo(other) <= 0 ? this : other;
  }

  @Override
  public int compareTo(Rational other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rational r
        && numerator.equals(r.numerator)
        && denominator.equals(r.denominator);
  }

  @Override
  public int hashCode() {
    return 31 * numerator.hashCode() + denominator.hashCode();
  }

  /** {@code p/q}, or {@code p} when it is whole. */
  @Override
  public String toString() {
    return denominator.equals(BigInteger.ONE)
        ? numerator.toString()
        : numerator + "/" + denominator;
  }
}
