package org.adit.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * How a TOML value becomes a setting's value.
 *
 * @param <T> the Java type
 * @param name word for the documentation: "integer", "text" and so on
 * @param allowed what is accepted, as shown to the operator
 * @param secret whether values must not be repeated in messages
 * @param parser takes what the TOML parser gave
 */
record ValueType<T>(String name, String allowed, boolean secret, Parser<T> parser) {

  /** Turns a TOML value into a Java value. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(Object toml) throws BadValue;
  }

  /** A value cannot be used; the message never repeats it. */
  static final class BadValue extends Exception {
    private static final long serialVersionUID = 1L;

    BadValue(String message) {
      super(message);
    }
  }

  private static final int MAX_PARTS = 100;
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,255}");

  /** The same type for values that messages must not repeat. */
  ValueType<T> kept() {
    return new ValueType<>(name, allowed, true, parser);
  }

  static ValueType<Boolean> bool() {
    return new ValueType<>("boolean", "true or false", false, v -> need(v, Boolean.class));
  }

  static ValueType<Integer> integer(int min, int max) {
    return new ValueType<>(
        "integer",
        grouped(min) + " to " + grouped(max),
        false,
        v -> {
          long value = need(v, Long.class);
          if (value < min || value > max) {
            throw new BadValue("out of range: " + value);
          }
          return (int) value;
        });
  }

  static ValueType<Long> longInteger(long min, long max) {
    return new ValueType<>(
        "integer",
        grouped(min) + " to " + grouped(max),
        false,
        v -> {
          long value = need(v, Long.class);
          if (value < min || value > max) {
            throw new BadValue("out of range: " + value);
          }
          return value;
        });
  }

  /** Printable ASCII. */
  static ValueType<String> text(int minLength, int maxLength) {
    return new ValueType<>(
        "text",
        "printable ASCII, " + minLength + " to " + maxLength + " characters",
        false,
        v -> {
          String text = string(v);
          if (!text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)) {
            throw new BadValue("holds a character that is not printable ASCII");
          }
          if (text.length() < minLength || text.length() > maxLength) {
            throw new BadValue("has " + text.length() + " characters");
          }
          return text;
        });
  }

  /** Text of a fixed form, given as a regular expression and in words. */
  static ValueType<String> form(String regex, String words) {
    Pattern pattern = Pattern.compile(regex);
    return new ValueType<>(
        "text",
        words,
        false,
        v -> {
          String text = string(v);
          if (!pattern.matcher(text).matches()) {
            throw new BadValue("does not have the right form");
          }
          return text;
        });
  }

  /** One of an enum's constants, written in lower case. */
  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    E[] constants = type.getEnumConstants();
    String words =
        Arrays.stream(constants).map(c -> '"' + lower(c) + '"').collect(Collectors.joining(", "));
    return new ValueType<>(
        "text",
        words,
        false,
        v -> {
          String text = string(v);
          for (E c : constants) {
            if (lower(c).equals(text)) {
              return c;
            }
          }
          throw new BadValue(
              Words.nearest(text, Arrays.stream(constants).map(ValueType::lower).toList())
                  .map(n -> "unknown word; did you mean \"" + n + "\"?")
                  .orElse("unknown word"));
        });
  }

  /** An exact positive fraction, from an integer, a decimal or a text. */
  static ValueType<Ratio> ratio(String min, String max) {
    BigDecimal low = new BigDecimal(min);
    BigDecimal high = new BigDecimal(max);
    return new ValueType<>(
        "number",
        min + " to " + max + ", as a number or as text such as \"0.25\" or \"1/1024\"",
        false,
        v -> {
          Ratio ratio = toRatio(v);
          if (ratio.compareTo(low) < 0 || ratio.compareTo(high) > 0) {
            throw new BadValue("out of range");
          }
          return ratio;
        });
  }

  /** A difficulty: a fraction with a finite decimal form. */
  static ValueType<BigDecimal> difficulty(String min, String max) {
    ValueType<Ratio> ratio = ratio(min, max);
    return new ValueType<>(
        ratio.name,
        ratio.allowed,
        false,
        v -> {
          try {
            return ratio.parser.parse(v).toDecimal();
          } catch (ArithmeticException e) {
            throw new BadValue("has no finite decimal form");
          }
        });
  }

  /** Eight hex digits of which only the bits of {@code permitted} may be set. */
  static ValueType<Integer> mask(int permitted) {
    return new ValueType<>(
        "text",
        "8 hex digits, within " + String.format("%08x", permitted),
        false,
        v -> {
          String text = string(v);
          if (!text.matches("[0-9a-fA-F]{8}")) {
            throw new BadValue("is not 8 hex digits");
          }
          int mask = Integer.parseUnsignedInt(text, 16);
          if ((mask & ~permitted) != 0) {
            throw new BadValue(
                "sets bits that must stay: " + String.format("%08x", mask & ~permitted));
          }
          return mask;
        });
  }

  /** A path, resolved later against the file's folder. */
  static ValueType<String> path() {
    return new ValueType<>(
        "path",
        "absolute, relative to this file, or from the home folder with ~/",
        false,
        v -> {
          String text = string(v);
          if (text.isBlank() || text.length() > 4096) {
            throw new BadValue(text.isBlank() ? "is empty" : "is longer than 4096 characters");
          }
          if (text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw new BadValue("holds a control character");
          }
          try {
            return Path.of(text).toString();
          } catch (InvalidPathException e) {
            throw new BadValue("is no path on this system");
          }
        });
  }

  /** A host name or address literal; it is not looked up. */
  static ValueType<String> host() {
    return new ValueType<>(
        "text",
        "a host name, an IPv4 or an IPv6 address",
        false,
        v -> {
          String text = string(v);
          if (!HOST.matcher(text).matches()) {
            throw new BadValue("is no host name and no address");
          }
          return text;
        });
  }

  /** {@code scheme://host:port} and nothing more. */
  static ValueType<URI> endpoint(String scheme) {
    return new ValueType<>(
        "text", scheme + "://host:port", false, v -> endpointOf(scheme, string(v)));
  }

  private static URI endpointOf(String scheme, String text) throws BadValue {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new BadValue("is not a URL");
    }
    if (!scheme.equals(uri.getScheme())) {
      throw new BadValue("does not begin with " + scheme + "://");
    }
    if (uri.getRawUserInfo() != null) {
      throw new BadValue("names a user; user and password have keys of their own");
    }
    if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65535) {
      throw new BadValue("needs a host and a port");
    }
    String path = uri.getRawPath();
    if ((path != null && !path.isEmpty() && !path.equals("/"))
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new BadValue("ends after the port");
    }
    String authority = uri.getRawAuthority();
    return URI.create(scheme + "://" + authority);
  }

  /** Texts of one form, separated by commas; none when the text is empty. */
  static ValueType<List<String>> list(String regex, String words) {
    Pattern pattern = Pattern.compile(regex);
    return new ValueType<>(
        "text",
        words,
        false,
        v -> {
          List<String> parts = Arrays.stream(string(v).split(",", -1)).map(String::strip).toList();
          if (parts.equals(List.of(""))) {
            return List.of();
          }
          if (parts.size() > MAX_PARTS) {
            throw new BadValue("has more than " + MAX_PARTS + " parts");
          }
          if (!parts.stream().allMatch(part -> pattern.matcher(part).matches())) {
            throw new BadValue("has a part that does not have the right form");
          }
          return parts;
        });
  }

  /** {@code http://} or {@code https://} with host and path, no user. */
  static ValueType<URI> httpUrl() {
    return new ValueType<>(
        "text",
        "http:// or https:// with host and path",
        false,
        v -> {
          try {
            URI uri = new URI(string(v));
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null) {
              return uri;
            }
          } catch (URISyntaxException e) {
            throw new BadValue("is not a URL");
          }
          throw new BadValue("is not such a URL");
        });
  }

  /** A span of the day. */
  static ValueType<AlertsConfig.Quiet> quiet() {
    return form("([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]", "as 22:00-07:00")
        .map(text ->
            new AlertsConfig.Quiet(
                LocalTime.parse(text.substring(0, 5)), LocalTime.parse(text.substring(6))));
  }

  /** The values of a smaller type that a function makes of integers, as durations. */
  static <T> ValueType<T> integer(int min, int max, IntFunction<T> made) {
    return integer(min, max).map(made::apply);
  }

  private <U> ValueType<U> map(Function<T, U> made) {
    return new ValueType<>(name, allowed, secret, v -> made.apply(parser.parse(v)));
  }

  private static Ratio toRatio(Object v) throws BadValue {
    try {
      return switch (v) {
        case Long n when n > 0 -> Ratio.of(n);
        case Long n -> throw new BadValue(n == 0 ? "zero is not possible here" : "is negative");
        case Double d -> decimalRatio(d);
        case String s -> Ratio.parse(notPlaceholder(s));
        default -> throw new BadValue("is " + article(v) + ", not a number");
      };
    } catch (IllegalArgumentException e) {
      throw new BadValue(String.valueOf(e.getMessage()));
    }
  }

  /** The shortest decimal that names the double: what stood in the file, up to 15 digits. */
  private static Ratio decimalRatio(double d) throws BadValue {
    if (!Double.isFinite(d) || d <= 0) {
      throw new BadValue("is not a positive number");
    }
    BigDecimal decimal = BigDecimal.valueOf(d);
    if (Math.abs(decimal.scale()) > 40) {
      throw new BadValue("out of range");
    }
    BigDecimal plain = decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    return new Ratio(plain.unscaledValue(), BigInteger.TEN.pow(plain.scale()));
  }

  private static String string(Object v) throws BadValue {
    return notPlaceholder(need(v, String.class));
  }

  /** The ready profiles mark what the operator must fill in as {@code <...>}. */
  private static String notPlaceholder(String text) throws BadValue {
    if (text.startsWith("<") && text.endsWith(">")) {
      throw new BadValue("is still the profile's placeholder; put your own value here");
    }
    return text;
  }

  private static <T> T need(Object v, Class<T> type) throws BadValue {
    if (!type.isInstance(v)) {
      throw new BadValue("is " + article(v) + ", not " + article(type));
    }
    return type.cast(v);
  }

  private static String article(Object v) {
    return article(v.getClass());
  }

  private static String article(Class<?> type) {
    if (type == Long.class) {
      return "an integer";
    } else if (type == Double.class) {
      return "a decimal number";
    } else if (type == Boolean.class) {
      return "true or false";
    } else if (type == String.class) {
      return "a text";
    } else if (TomlArray.class.isAssignableFrom(type)) {
      return "an array";
    } else if (TomlTable.class.isAssignableFrom(type)) {
      return "a table";
    }
    return "a date or time";
  }

  static String lower(@Nullable Enum<?> constant) {
    return constant == null ? "" : constant.name().toLowerCase(Locale.ROOT);
  }

  private static String grouped(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', ' ');
  }
}
