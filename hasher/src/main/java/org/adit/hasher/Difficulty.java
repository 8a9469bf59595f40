package org.adit.hasher;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * A share difficulty as an exact positive rational, in units of {@code D1 = 0xffff * 2^208}
 * ("bdiff").
 *
 * <p>Miners and pools that each round a difficulty through floating point disagree about shares at
 * the edge; here the decimal text that went over the wire is the number. Range: more than 0, at
 * most D1 (whose target is 1). Immutable and safe for threads. Source: Stratum V1 specification 4.1
 * to 4.4.
 */
public final class Difficulty implements Comparable<Difficulty> {
  /** The target of difficulty 1. */
  static final BigInteger D1 = BigInteger.valueOf(0xffff).shiftLeft(208);

  /** Smallest and largest exponent of {@link #powerOfTwo}; D1 lies between 2^223 and 2^224. */
  private static final int MIN_EXPONENT = -128;

  private static final int MAX_EXPONENT = 223;

  /**
   * Bounds on decimal input, far beyond any real difficulty: a text must not cost memory or time.
   */
  private static final int MAX_TEXT = 100;

  private static final int MAX_SCALE = 100;

  /** Significant digits of the wire form below 1 (specification 4.3). */
  private static final int WIRE_DIGITS = 12;

  /** Enough digits that the double next to the decimal is the one next to the fraction. */
  private static final MathContext FOR_DISPLAY = new MathContext(40);

  private static final Pattern DECIMAL =
      Pattern.compile("\\+?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,3})?");

  private final BigInteger numerator;
  private final BigInteger denominator;

  private Difficulty(BigInteger numerator, BigInteger denominator) {
    if (numerator.signum() <= 0 || denominator.signum() <= 0) {
      throw new IllegalArgumentException(
          "difficulty is not positive (expected: more than 0, at most 0xffff * 2^208)");
    }
    if (numerator.compareTo(D1.multiply(denominator)) > 0) {
      throw new IllegalArgumentException(
          "difficulty is too large (expected: more than 0, at most 0xffff * 2^208)");
    }
    BigInteger divisor = numerator.gcd(denominator);
    this.numerator = numerator.divide(divisor);
    this.denominator = denominator.divide(divisor);
  }

  /**
   * A whole difficulty.
   *
   * @throws IllegalArgumentException unless positive
   */
  public static Difficulty of(long value) {
    return new Difficulty(BigInteger.valueOf(value), BigInteger.ONE);
  }

  /**
   * A decimal difficulty, exactly.
   *
   * @throws IllegalArgumentException unless positive, at most 0xffff * 2^208, and with at most 100
   *     digits on either side of the point
   */
  public static Difficulty of(BigDecimal value) {
    if (Math.abs((long) value.scale()) > MAX_SCALE || value.precision() > 2 * MAX_SCALE) {
      throw new IllegalArgumentException(
          "difficulty with scale "
              + value.scale()
              + " and "
              + value.precision()
              + " digits (expected: at most "
              + MAX_SCALE
              + " digits on either side of the point)");
    }
    return value.scale() >= 0
        ? ofRatio(value.unscaledValue(), BigInteger.TEN.pow(value.scale()))
        : ofRatio(value.toBigIntegerExact(), BigInteger.ONE);
  }

  /**
   * A fraction, brought to lowest terms.
   *
   * @throws IllegalArgumentException unless both are positive and the quotient is at most 0xffff *
   *     2^208
   */
  public static Difficulty ofRatio(BigInteger numerator, BigInteger denominator) {
    return new Difficulty(numerator, denominator);
  }

  /**
   * Reads a decimal as miners send it: digits, an optional point, an optional exponent of at most
   * three digits ({@code "8192"}, {@code "0.001"}, {@code ".5"}, {@code "1e-5"}). Safe for input
   * from outside.
   *
   * @throws IllegalArgumentException if the text is anything else, is longer than 100 characters,
   *     or the number is not positive or too large; the message does not repeat the text
   */
  public static Difficulty parse(String decimal) {
    if (decimal.length() > MAX_TEXT || !DECIMAL.matcher(decimal).matches()) {
      throw new IllegalArgumentException(
          "difficulty is no decimal number (expected: digits with an optional point and exponent,"
              + " such as 8192 or 0.001, at most "
              + MAX_TEXT
              + " characters)");
    }
    return of(new BigDecimal(decimal));
  }

  /**
   * 2 to a power: exact in every miner's floating point, hence what a pool should assign.
   *
   * @param exponent -128 to 223
   * @throws IllegalArgumentException if the exponent is outside that range
   */
  public static Difficulty powerOfTwo(int exponent) {
    if (exponent < MIN_EXPONENT || exponent > MAX_EXPONENT) {
      throw new IllegalArgumentException(
          "exponent: " + exponent + " (expected: " + MIN_EXPONENT + " to " + MAX_EXPONENT + ")");
    }
    return exponent >= 0
        ? new Difficulty(BigInteger.ONE.shiftLeft(exponent), BigInteger.ONE)
        : new Difficulty(BigInteger.ONE, BigInteger.ONE.shiftLeft(-exponent));
  }

  /**
   * The difficulty of a target, exactly: {@code D1 / T}. Its {@link #target} is the same target
   * again.
   */
  public static Difficulty ofTarget(Target target) {
    return new Difficulty(D1, target.value());
  }

  /**
   * The largest power of two that is not above this one.
   *
   * @throws IllegalArgumentException if this difficulty is below 2^-128
   */
  public Difficulty floorToPowerOfTwo() {
    // The quotient lies between 2^(k-1) and 2^(k+1), both excluded, so the floor is 2^(k-1) or 2^k.
    int k = numerator.bitLength() - denominator.bitLength();
    boolean reached =
        k >= 0
            ? numerator.compareTo(denominator.shiftLeft(k)) >= 0
            : numerator.shiftLeft(-k).compareTo(denominator) >= 0;
    return powerOfTwo(reached ? k : k - 1);
  }

  /** The share target: {@code floor(D1 / d)}, at most 2^256-1. */
  public Target target() {
    BigInteger target = D1.multiply(denominator).divide(numerator);
    return target.compareTo(Target.MAX.value()) >= 0 ? Target.MAX : Target.of(target);
  }

  /** The numerator in lowest terms. */
  public BigInteger numerator() {
    return numerator;
  }

  /** The denominator in lowest terms. */
  public BigInteger denominator() {
    return denominator;
  }

  /** Whether the wire form below says exactly this number. */
  public boolean isExactOnWire() {
    return parse(toWire()).equals(this);
  }

  /**
   * The JSON number for {@code mining.set_difficulty} (specification 4.3): 1 and more as an
   * integer, below 1 as a plain decimal with at most 12 significant digits, never an exponent,
   * never 0.
   *
   * <p>What the form cannot hold is rounded <em>up</em>: a miner that works at the number it was
   * told then never has a share refused. A pool avoids the question by assigning {@linkplain
   * #isExactOnWire numbers the form can hold}.
   */
  public String toWire() {
    if (numerator.compareTo(denominator) >= 0) {
      BigInteger[] parts = numerator.divideAndRemainder(denominator);
      return (parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE)).toString();
    }
    BigDecimal rounded =
        new BigDecimal(numerator)
            .divide(
                new BigDecimal(denominator), new MathContext(WIRE_DIGITS, RoundingMode.CEILING));
    return rounded.stripTrailingZeros().toPlainString();
  }

  /** The nearest double, for display only. */
  public double toDouble() {
    return new BigDecimal(numerator).divide(new BigDecimal(denominator), FOR_DISPLAY).doubleValue();
  }

  /** Orders by the number: easier difficulties first. */
  @Override
  public int compareTo(Difficulty other) {
    // Asked for every share, nearly always of equals.
    return denominator.equals(other.denominator)
        ? numerator.compareTo(other.numerator)
        : numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Difficulty that
        && numerator.equals(that.numerator)
        && denominator.equals(that.denominator);
  }

  @Override
  public int hashCode() {
    return 31 * numerator.hashCode() + denominator.hashCode();
  }

  /** Returns the fraction in lowest terms, {@code "3"} or {@code "1/1000"}. */
  @Override
  public String toString() {
    return denominator.equals(BigInteger.ONE)
        ? numerator.toString()
        : numerator + "/" + denominator;
  }
}
