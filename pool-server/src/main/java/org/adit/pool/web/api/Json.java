package org.adit.pool.web.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Nodes and numbers of answers. A number that is none becomes null, never NaN or Infinity. */
public final class Json {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** An empty list. */
  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /** An object that says first when its figures were gathered. */
  static ObjectNode asOf(long millis) {
    return object().put("as_of_ms", millis);
  }

  /** Puts a number, or null when it is not finite. */
  static void number(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  /** Puts a time, or null when it never was. */
  static void time(ObjectNode node, String name, long millis) {
    if (millis > 0) {
      node.put(name, millis);
    } else {
      node.putNull(name);
    }
  }

  /** Puts a time, or null when it never was. */
  static void time(ObjectNode node, String name, @Nullable Instant when) {
    time(node, name, when == null ? 0 : when.toEpochMilli());
  }
}
