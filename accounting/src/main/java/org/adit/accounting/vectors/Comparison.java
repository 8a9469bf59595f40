package org.adit.accounting.vectors;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a vector expects with what was computed: numbers by value, strings by character,
 * objects and lists in both directions. Only at the top may more be computed than expected.
 */
final class Comparison {
  private static final int MAX_SHOWN = 120;

  private Comparison() {}

  /** Where and how the two differ first, or null. */
  static @Nullable String top(Fields expected, Map<String, ?> actual) {
    for (Object name : expected.names()) {
      String difference =
          difference("out." + name, expected.raw(name), actual.get(String.valueOf(name)));
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private static @Nullable String difference(
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
    return expected != null && expected.equals(actual) ? null : mismatch(path, expected, actual);
  }

  private static @Nullable String maps(String path, Map<?, ?> expected, Map<?, ?> actual) {
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

  private static @Nullable String lists(String path, List<?> expected, List<?> actual) {
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
