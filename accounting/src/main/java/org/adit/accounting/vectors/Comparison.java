package org.adit.accounting.vectors;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.scheme.Rational;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a vector expects with what was computed: numbers by value, strings by character,
 * objects and lists in both directions. Only at the top may more be computed than expected. Decimal
 * strings of kinds that are rounded figures are compared with a relative tolerance of 1e-8, limits
 * of confidence intervals with 1e-6.
 */
final class Comparison {
  private static final int MAX_SHOWN = 120;

  private final boolean rounded;

  private Comparison(boolean rounded) {
    this.rounded = rounded;
  }

  /** Kinds whose decimal strings are rounded values. */
  private static final List<String> ROUNDED = List.of("econ.", "seed.", "sizing.", "theory.");

  /** Limits of confidence intervals, which are rounded to fewer digits. */
  private static final List<String> LIMITS = List.of("ci_low", "ci_high", "luck_ci");

  private static final Pattern DECIMAL =
      Pattern.compile("-?[0-9]{1,100}(\\.[0-9]{1,100})?(e-?[0-9]{1,3})?");
  private static final BigDecimal TOLERANCE = new BigDecimal("1e-8");
  private static final BigDecimal LIMIT_TOLERANCE = new BigDecimal("1e-6");

  /**
   * A figure of 7 or 8 digits cannot be nearer to the truth than half its last digit, which is more
   * than the tolerance. Figures with fewer digits are exact, not rounded.
   */
  private static final int FEWEST_ROUNDED_DIGITS = 7;

  /** Where and how the two differ first, or null. */
  static @Nullable String top(String kind, Fields expected, Map<String, ?> actual) {
    Comparison comparison = new Comparison(ROUNDED.stream().anyMatch(kind::startsWith));
    for (Object name : expected.names()) {
      String difference =
          comparison.difference(
              "out." + name, expected.raw(name), actual.get(String.valueOf(name)));
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private @Nullable String difference(
      String path, @Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof Map<?, ?> e && actual instanceof Map<?, ?> a) {
      return maps(path, e, a);
    }
    if (expected instanceof List<?> e && actual instanceof List<?> a) {
      return lists(path, e, a);
    }
    if (expected instanceof Number e && actual instanceof Number a) {
      boolean same = new BigDecimal(e.toString()).compareTo(new BigDecimal(a.toString())) == 0;
      return same ? null : mismatch(path, expected, actual);
    }
    if (rounded && expected instanceof String e && actual != null && isClose(path, e, actual)) {
      return null;
    }
    return expected != null && expected.equals(actual) ? null : mismatch(path, expected, actual);
  }

  private static boolean isClose(String path, String expected, Object actual) {
    if (actual instanceof Rational exact) {
      // A fraction that is written as one must be the same; as a decimal it may be rounded.
      return exact.toString().equals(expected) || isClose(path, expected, Reals.of(exact));
    }
    if (!(actual instanceof Number number) || Double.isNaN(number.doubleValue())) {
      return false;
    }
    BigDecimal written;
    if (expected.contains("/")) {
      // Exact where the vector writes p/q: the double nearest to it, nothing else.
      return number.doubleValue() == Reals.of(Rational.parse(expected));
    } else if (DECIMAL.matcher(expected).matches()) {
      written = new BigDecimal(expected);
    } else {
      return false;
    }
    if (Double.isInfinite(number.doubleValue())) {
      return false;
    }
    BigDecimal error = new BigDecimal(number.toString()).subtract(written).abs();
    boolean limit = LIMITS.stream().anyMatch(path::contains);
    BigDecimal allowed = written.abs().multiply(limit ? LIMIT_TOLERANCE : TOLERANCE);
    BigDecimal significant = written.stripTrailingZeros();
    if (significant.precision() >= FEWEST_ROUNDED_DIGITS) {
      allowed = allowed.max(significant.ulp().movePointLeft(1).multiply(BigDecimal.valueOf(5)));
    }
    return error.compareTo(allowed) <= 0;
  }

  private @Nullable String maps(String path, Map<?, ?> expected, Map<?, ?> actual) {
    for (Object key : expected.keySet()) {
      String difference = difference(path + "." + key, expected.get(key), actual.get(key));
      if (difference != null) {
        return difference;
      }
    }
    for (Object key : actual.keySet()) {
      if (!expected.containsKey(key)) {
        return path + "." + key + " was computed but is not expected";
      }
    }
    return null;
  }

  private @Nullable String lists(String path, List<?> expected, List<?> actual) {
    if (expected.size() != actual.size()) {
      return path + " has " + actual.size() + " elements (expected: " + expected.size() + ")";
    }
    for (int i = 0; i < expected.size(); i++) {
      String difference = difference(path + "[" + i + "]", expected.get(i), actual.get(i));
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private static String mismatch(String path, @Nullable Object expected, @Nullable Object actual) {
    return path + " is " + shown(actual) + " (expected: " + shown(expected) + ")";
  }

  private static String shown(@Nullable Object value) {
    String text = value == null ? "missing" : value.toString();
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }
}
