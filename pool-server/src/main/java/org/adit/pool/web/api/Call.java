package org.adit.pool.web.api;

import java.util.Map;
import java.util.Optional;
import org.adit.pool.stats.Range;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.web.http.Request;

/**
 * A request on its endpoint.
 *
 * @param request as it came
 * @param path what stood for the parts in braces
 * @param seesAll whether the asker may see lists of all
 */
record Call(Request request, Map<String, String> path, boolean seesAll) {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;

  /** A page of a list. */
  record Page(int offset, int limit) {}

  String path(String name) {
    return path.getOrDefault(name, "");
  }

  Page page() throws HttpException {
    return new Page(
        (int) number("offset", 0, 0, Integer.MAX_VALUE),
        (int) number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT));
  }

  Range range() throws HttpException {
    String text = request.parameter("range").orElse(Range.DAY.text());
    for (Range range : Range.values()) {
      if (range.text().equals(text)) {
        return range;
      }
    }
    throw new HttpException(400, "range is unknown (expected: 1h, 24h, 7d or 30d)");
  }

  long number(String name, long fallback, long least, long most) throws HttpException {
    Optional<String> text = request.parameter(name);
    return text.isEmpty() ? fallback : parse(name, text.get(), least, most);
  }

  static long parse(String name, String text, long least, long most) throws HttpException {
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new HttpException(400, name + " is not a whole number");
    }
    throw new HttpException(
        400, name + " is out of range (expected: " + least + " to " + most + ")");
  }

  /** One of some words. */
  String word(String name, String fallback, String... words) throws HttpException {
    String text = request.parameter(name).orElse(fallback);
    for (String word : words) {
      if (word.equals(text)) {
        return text;
      }
    }
    throw new HttpException(
        400, name + " is unknown (expected one of: " + String.join(", ", words) + ")");
  }
}
