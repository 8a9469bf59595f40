package org.adit.pool.web.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A whole answer.
 *
 * @param status of HTTP
 * @param contentType with its charset
 * @param body treat as immutable
 * @param headers further ones
 * @param packed the body compressed by gzip, where it was made in advance; treat as immutable
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one request, or is a file kept
public record Reply(
    int status,
    String contentType,
    byte[] body,
    Map<String, String> headers,
    byte @Nullable [] packed)
    implements Answer {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String TIME = "{\"as_of_ms\":";
  private static final int TAG_BYTES = 12;

  /** Copies the headers. */
  public Reply {
    headers = Map.copyOf(headers);
  }

  /** An answer that is compressed when it is sent, if at all. */
  public Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
    this(status, contentType, body, headers, null);
  }

  /** The same, compressed now and for good: for what is sent again and again. */
  public Reply kept() {
    return Packing.packed(this);
  }

  /** JSON with an entity tag that does not change with {@code as_of_ms} alone. */
  public static Reply json(JsonNode node) {
    byte[] body = JSON.writeValueAsBytes(node);
    return new Reply(
        200,
        "application/json",
        body,
        Map.of("ETag", "W/\"" + tag(body, timeEnds(body)) + "\"", "Cache-Control", "no-cache"));
  }

  /**
   * A page or file that a reader keeps, and asks about before it is used again. The tag is weak, as
   * the same one stands for it and for its compressed form.
   */
  public static Reply tagged(String contentType, byte[] body) {
    return new Reply(
        200,
        contentType,
        body,
        Map.of("ETag", "W/\"" + tag(body, 0) + "\"", "Cache-Control", "no-cache"));
  }

  /** Text of a type. */
  public static Reply text(int status, String contentType, String text) {
    return new Reply(
        status,
        contentType,
        text.getBytes(StandardCharsets.UTF_8),
        Map.of("Cache-Control", "no-store"));
  }

  /** An error for people and programs (RFC 9457). */
  public static Reply problem(int status, String detail) {
    ObjectNode node = JSON.createObjectNode();
    node.put("status", status);
    node.put("title", title(status));
    node.put("detail", detail);
    return new Reply(
        status,
        "application/problem+json",
        JSON.writeValueAsBytes(node),
        Map.of("Cache-Control", "no-store"));
  }

  /** The same with a further header. */
  public Reply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, contentType, body, more, packed);
  }

  /** Nothing but the head, when the reader has the same already. */
  Reply unlessKnown(Request request) {
    String tag = headers.get("ETag");
    String known = request.headers().get("if-none-match");
    if (status != 200 || tag == null || known == null) {
      return this;
    }
    for (String one : known.split(",", -1)) {
      if (one.strip().equals(tag) || one.strip().equals("*")) {
        return new Reply(304, contentType, new byte[0], headers);
      }
    }
    return this;
  }

  /** A tag of what stands from some byte on. */
  static String tag(byte[] body, int from) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(body, from, body.length - from);
      return HexFormat.of().formatHex(digest.digest(), 0, TAG_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("every JDK has SHA-256", e);
    }
  }

  private static int timeEnds(byte[] body) {
    if (body.length < TIME.length()
        || !new String(body, 0, TIME.length(), StandardCharsets.ISO_8859_1).equals(TIME)) {
      return 0;
    }
    int at = TIME.length();
    while (at < body.length && body[at] >= '0' && body[at] <= '9') {
      at++;
    }
    return at;
  }

  /** The words of a status. */
  public static String title(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 304 -> "Not Modified";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 413 -> "Content Too Large";
      case 421 -> "Misdirected Request";
      case 429 -> "Too Many Requests";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }
}
