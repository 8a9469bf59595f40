package org.adit.pool.web.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.DoubleFunction;
import tools.jackson.databind.JsonNode;

/**
 * Figures for people, in the same words as the page's {@code format.js}: three significant digits,
 * a unit with every number, unknown and nought told apart.
 */
public final class Words {
  /** Narrow no-break space: groups of digits, number and unit stay together. */
  public static final char NB = '\u202f';

  /** What stands for an unknown figure. */
  static final String UNKNOWN = "–";

  private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E", "Z", "Y"};
  private static final String GROUPS = "\\B(?=(\\d{3})+(?!\\d))";
  private static final double DIGITS_END = 1e15;
  private static final double YEAR_MILLIS = 365.25 * 86_400_000;
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Words() {}

  /** Digits in groups of three; three digits alone from a million milliards on. */
  public static String grouped(double number) {
    if (Math.abs(number) >= DIGITS_END) {
      return three(number);
    }
    String digits = new BigDecimal(Math.floor(number + 0.5)).toBigInteger().toString();
    return digits.replaceAll(GROUPS, String.valueOf(NB));
  }

  /** The same of a whole number. */
  public static String grouped(long number) {
    return Math.abs(number) >= DIGITS_END
        ? three((double) number)
        : Long.toString(number).replaceAll(GROUPS, String.valueOf(NB));
  }

  /** Three significant digits, never in powers of ten between a thousandth and a million. */
  public static String three(double number) {
    double size = Math.abs(number);
    if (size == 0) {
      return "0";
    }
    if (size >= 1_000_000 || size < 0.001) {
      return power(number);
    }
    if (size >= 1000) {
      return grouped(number);
    }
    int digits;
    if (size >= 0.9995) {
      digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
    } else {
      digits = Math.min(5, 2 - (int) Math.floor(Math.log10(size)));
    }
    return fixed(number, digits);
  }

  private static String power(double number) {
    BigDecimal rounded = new BigDecimal(number).round(new MathContext(3, RoundingMode.HALF_UP));
    int power = rounded.precision() - rounded.scale() - 1;
    StringBuilder raised = new StringBuilder();
    for (char c : String.valueOf(power).toCharArray()) {
      raised.append("⁻⁰¹²³⁴⁵⁶⁷⁸⁹".charAt("-0123456789".indexOf(c)));
    }
    return rounded.scaleByPowerOfTen(-power).setScale(2, RoundingMode.UNNECESSARY).toPlainString()
        + NB
        + "×"
        + NB
        + "10"
        + raised;
  }

  private static String fixed(double number, int digits) {
    return new BigDecimal(number).setScale(digits, RoundingMode.HALF_UP).toPlainString();
  }

  /** Which power of a thousand shows a number best. */
  private static int scale(double number) {
    if (!(number >= 1)) {
      return 0;
    }
    int power = Math.min(PREFIXES.length - 1, (int) Math.floor(Math.log10(number) / 3));
    return power < PREFIXES.length - 1 && number / Math.pow(1000, power) >= 999.5
        ? power + 1
        : power;
  }

  /** A hashrate, of hashes per second. */
  public static String rate(double perSecond) {
    int scale = scale(perSecond);
    return three(perSecond / Math.pow(1000, scale)) + NB + PREFIXES[scale] + "H/s";
  }

  /** A difficulty: never with a rate's unit. */
  public static String difficulty(double value) {
    int scale = scale(value);
    return scale == 0 ? three(value) : three(value / Math.pow(1000, scale)) + NB + PREFIXES[scale];
  }

  /** Bytes. */
  public static String bytes(double count) {
    int scale = scale(count);
    return three(count / Math.pow(1000, scale)) + NB + PREFIXES[scale] + "B";
  }

  /** "1 share", "2 shares". */
  public static String plural(long count, String one) {
    return grouped(count) + NB + one + (count == 1 ? "" : "s");
  }

  /** A part of a whole, 0 to 1, as percent: two digits below ten. */
  public static String percent(double part) {
    double value = part * 100;
    double size = Math.abs(value);
    String text =
        size >= 1_000_000
            ? three(value)
            : fixed(value, size == 0 ? 0 : size < 10 ? 2 : size < 100 ? 1 : 0);
    if (size > 0 && size < 0.01 && new BigDecimal(text).signum() == 0) {
      text = value < 0 ? "> −0.01" : "< 0.01";
    }
    return text + NB + "%";
  }

  /** An amount of satoshi. */
  public static String amount(double sat) {
    return grouped(sat) + NB + "sat";
  }

  /** A length of time, two units at most. */
  public static String span(double millis) {
    if (millis < 1000) {
      return three(Math.max(0, millis)) + NB + "ms";
    }
    if (millis >= YEAR_MILLIS) {
      double years = millis / YEAR_MILLIS;
      return years >= 1e6
          ? "over a million years"
          : (years < 10 ? fixed(years, 1) : grouped(years)) + NB + "years";
    }
    String[] names = {"d", "h", "min", "s"};
    long[] sizes = {86_400_000, 3_600_000, 60_000, 1000};
    int first = 0;
    while (millis < sizes[first]) {
      first++;
    }
    long whole = (long) Math.floor(millis / sizes[first]);
    long rest =
        first + 1 < sizes.length
            ? (long) Math.floor((millis - whole * (double) sizes[first]) / sizes[first + 1])
            : 0;
    String second = rest > 0 && whole < 10 ? " " + rest + NB + names[first + 1] : "";
    return whole + String.valueOf(NB) + names[first] + second;
  }

  /** An expected length of time: a mean is never exact. */
  public static String about(double seconds) {
    return Double.isFinite(seconds) ? "≈" + NB + span(seconds * 1000) : "never at this rate";
  }

  /** A chance in plain words. */
  public static String chance(double part) {
    if (!(part > 0)) {
      return "no chance";
    }
    if (part > 0.1) {
      return part > 0.999 ? "all but certain" : percent(part);
    }
    double odds = 1 / part;
    double step = Math.pow(10, Math.max(0, Math.floor(Math.log10(odds)) - 1));
    return "1 in " + grouped(Math.floor(odds / step + 0.5) * step);
  }

  /** A time of the API in UTC; unknown where it is null. */
  static String utc(JsonNode millis) {
    return millis.isNumber() ? UTC.format(Instant.ofEpochMilli(millis.asLong())) : UNKNOWN;
  }

  /** How long ago a time of the API was. */
  static String ago(JsonNode millis, long nowMillis) {
    if (!millis.isNumber()) {
      return "never";
    }
    long age = nowMillis - millis.asLong();
    return age < 1000 ? "now" : span((double) age) + " ago";
  }

  /** A rate of the API with its uncertainty. */
  static String estimate(JsonNode value) {
    double mid = value.path("hashrate_hs").asDouble();
    long shares = value.path("shares").asLong();
    JsonNode high = value.path("high_hs");
    if (shares == 0 || mid <= 0 || !high.isNumber()) {
      return rate(mid);
    }
    if (shares < 5) {
      return rate(mid) + " too few shares";
    }
    double percent = (high.asDouble() - value.path("low_hs").asDouble()) / 2 / mid * 100;
    String words =
        percent >= 50
            ? grouped(Math.floor(percent / 10 + 0.5) * 10)
            : percent >= 1 ? grouped(percent) : "<1";
    return rate(mid) + " ±" + NB + words + NB + "%";
  }

  /** A figure of the API in some words; unknown where it is null. */
  static String known(JsonNode value, DoubleFunction<String> words) {
    return value.isNumber() ? words.apply(value.asDouble()) : UNKNOWN;
  }

  /** A text of the API; unknown where it is null. */
  static String text(JsonNode value) {
    return value.isString() ? value.asString() : value.isNull() ? UNKNOWN : value.asString("");
  }
}
