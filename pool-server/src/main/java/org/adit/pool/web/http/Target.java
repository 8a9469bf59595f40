package org.adit.pool.web.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request line names.
 *
 * @param segments of the path, decoded one by one; a slash at the end adds none
 * @param query decoded
 */
record Target(List<String> segments, Map<String, String> query) {
  private static final int MOST_PARAMETERS = 32;
  private static final int MOST_SEGMENTS = 16;

  static Target parse(String uri) throws HttpException {
    if (!uri.startsWith("/")) {
      throw new HttpException(400, "the request names no path");
    }
    int mark = uri.indexOf('?');
    String path = mark < 0 ? uri : uri.substring(0, mark);
    List<String> segments = new ArrayList<>();
    for (String part : path.substring(1).split("/", -1)) {
      segments.add(decode(part, false));
    }
    if (segments.getLast().isEmpty()) {
      segments.removeLast();
    }
    if (segments.size() > MOST_SEGMENTS) {
      throw new HttpException(400, "the path is too deep");
    }
    return new Target(List.copyOf(segments), mark < 0 ? Map.of() : query(uri.substring(mark + 1)));
  }

  private static Map<String, String> query(String text) throws HttpException {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      if (query.size() >= MOST_PARAMETERS) {
        throw new HttpException(400, "more than " + MOST_PARAMETERS + " parameters");
      }
      int sign = pair.indexOf('=');
      String name = decode(sign < 0 ? pair : pair.substring(0, sign), true);
      query.putIfAbsent(name, sign < 0 ? "" : decode(pair.substring(sign + 1), true));
    }
    return Map.copyOf(query);
  }

  private static String decode(String part, boolean plusIsSpace) throws HttpException {
    try {
      return URLDecoder.decode(
          plusIsSpace ? part : part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new HttpException(400, "the address holds a wrong %-sequence");
    }
  }
}
