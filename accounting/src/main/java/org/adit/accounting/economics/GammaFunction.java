package org.adit.accounting.economics;

/**
 * The regularised incomplete gamma function and its inverse, which exact Poisson intervals are made
 * of. Series and continued fraction as in Abramowitz and Stegun 6.5.29 and 6.5.31.
 */
final class GammaFunction {
  private static final double PRECISION = 1e-15;

  /** Terms needed grow with the square root of the shape; enough for {@link #MAX_EXACT_SHAPE}. */
  private static final int MAX_TERMS = 100_000;

  /** Above it the cube of a normal quantile is closer to the truth than a double's last digits. */
  private static final double MAX_EXACT_SHAPE = 1e8;

  private static final int BISECTIONS = 200;

  /** Coefficients of Stirling's series for ln gamma: B(2k) / (2k (2k-1)). */
  private static final double[] STIRLING = {
    1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360_360, 1.0 / 156
  };

  private static final double STIRLING_FROM = 12;

  private GammaFunction() {}

  /** Natural logarithm of gamma for a positive argument. */
  static double logGamma(double x) {
    double shifted = x;
    double product = 0;
    while (shifted < STIRLING_FROM) {
      product += Math.log(shifted);
      shifted++;
    }
    double sum = 0;
    double power = 1 / shifted;
    for (double coefficient : STIRLING) {
      sum += coefficient * power;
      power /= shifted * shifted;
    }
    return (shifted - 0.5) * Math.log(shifted)
        - shifted
        + 0.5 * Math.log(2 * Math.PI)
        + sum
        - product;
  }

  /** P(shape, x): the chance that a gamma variable of that shape and scale 1 is at most x. */
  static double lower(double shape, double x) {
    if (x <= 0) {
      return 0;
    }
    double front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
    return x < shape + 1 ? front * series(shape, x) : 1 - front * fraction(shape, x);
  }

  private static double series(double shape, double x) {
    double term = 1 / shape;
    double sum = term;
    for (int n = 1; n < MAX_TERMS && term > sum * PRECISION; n++) {
      term *= x / (shape + n);
      sum += term;
    }
    return sum;
  }

  /** The continued fraction of the upper function, evaluated from the front (Lentz). */
  private static double fraction(double shape, double x) {
    double tiny = 1e-300;
    double b = x + 1 - shape;
    double c = 1 / tiny;
    double d = 1 / b;
    double value = d;
    for (int n = 1; n < MAX_TERMS; n++) {
      double a = -n * (n - shape);
      b += 2;
      d = 1 / nonZero(a * d + b, tiny);
      c = nonZero(b + a / c, tiny);
      value *= d * c;
      if (Math.abs(d * c - 1) < PRECISION) {
        break;
      }
    }
    return value;
  }

  private static double nonZero(double value, double tiny) {
    return Math.abs(value) < tiny ? tiny : value;
  }

  /**
   * The x with {@code lower(shape, x) == probability}.
   *
   * @param probability between 0 and 1
   * @param shape positive
   */
  static double quantile(double probability, double shape) {
    if (shape > MAX_EXACT_SHAPE) {
      return wilsonHilferty(probability, shape);
    }
    double low = 0;
    double high = shape + 10 * Math.sqrt(shape) + 50;
    while (lower(shape, high) < probability) {
      high *= 2;
    }
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (middle == low || middle == high) {
        break;
      }
      if (lower(shape, middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** The cube root of a gamma variable is nearly normal. */
  private static double wilsonHilferty(double probability, double shape) {
    double ninth = 1 / (9 * shape);
    double root = 1 - ninth + normalQuantile(probability) * Math.sqrt(ninth);
    return shape * root * root * root;
  }

  /** Through {@code P(1/2, z*z/2)}, the chance that a normal variable is within z. */
  static double normalQuantile(double probability) {
    if (probability == 0.5) {
      return 0;
    }
    double within = Math.abs(2 * probability - 1);
    double z = Math.sqrt(2 * quantile(within, 0.5));
    return probability < 0.5 ? -z : z;
  }

  /** The exponential integral {@code E1(x)} for a positive argument up to about 2. */
  static double exponentialIntegral(double x) {
    double eulerGamma = 0.577_215_664_901_532_9;
    double sum = -eulerGamma - Math.log(x);
    double term = 1;
    for (int k = 1; k < 100; k++) {
      term *= -x / k;
      sum -= term / k;
    }
    return sum;
  }
}
