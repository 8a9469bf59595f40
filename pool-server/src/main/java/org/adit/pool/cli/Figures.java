package org.adit.pool.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.adit.accounting.scheme.Rational;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Figures as people read them. */
final class Figures {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E", "Z"};

  private static final MathContext SIX = new MathContext(6);
  private static final double LARGE = 1e12;
  private static final double SMALL = 1e-6;

  private Figures() {}

  /** Satoshi as bitcoin with eight places. */
  static String bitcoin(long sat) {
    return BigDecimal.valueOf(sat, 8).toPlainString();
  }

  /** A fraction with at most six decimals. */
  static String decimal(Rational value) {
    return new BigDecimal(value.numerator())
        .divide(new BigDecimal(value.denominator()), 6, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** The same of a number that is not exact. */
  static String decimal(double value) {
    return new BigDecimal(value)
        .setScale(6, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }

  /**
   * Six digits, or a dash for what is not known; three and a power of ten where a number is so
   * large or small that its noughts would hide it.
   */
  static String six(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    double size = Math.abs(value);
    if (size != 0 && (size >= LARGE || size < SMALL)) {
      return String.format(Locale.ROOT, "%.2e", value).replaceAll("e\\+?(-?)0*", "e$1");
    }
    return new BigDecimal(value).round(SIX).stripTrailingZeros().toPlainString();
  }

  /** Time in UTC, or a dash. */
  static String time(@Nullable Instant when) {
    return when == null ? "-" : TIME.format(when);
  }

  /** An ISO time of JSON in UTC, or a dash. */
  static String time(JsonNode when) {
    return time(when.isString() ? Instant.parse(when.asString()) : null);
  }

  /** Hashes with an SI prefix, three digits. */
  static String hashes(BigInteger count) {
    return scaled(count.doubleValue(), "H");
  }

  /** Hashes per second with an SI prefix, three digits. */
  static String hashrate(double perSecond) {
    return scaled(perSecond, "H/s");
  }

  private static String scaled(double value, String unit) {
    int prefix = 0;
    double rest = value;
    while (rest >= 1_000 && prefix < PREFIXES.length - 1) {
      rest /= 1_000;
      prefix++;
    }
    String digits = rest >= 100 ? "%.0f" : rest >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, digits, rest) + " " + PREFIXES[prefix] + unit;
  }
}
