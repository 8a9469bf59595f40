package org.adit.miner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** A JSON value from a pool. Numbers stay text until somebody knows what they should be. */
sealed interface JsonValue {
  /**
   * The longest strings are coinbase halves; some firmware takes 16 000 bytes, so pools may send as
   * much.
   */
  int MAX_STRING = 65_536;

  int MAX_DEPTH = 8;
  int MAX_ELEMENTS = 256;

  /** For every line a pool sends; stateless. */
  JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING)
                  .maxNumberLength(64)
                  .maxNameLength(256)
                  .build())
          .build();

  /** A string. */
  record Text(String value) implements JsonValue {}

  /** A number as it was written. */
  record Num(String text) implements JsonValue {}

  /** True or false. */
  record Bool(boolean value) implements JsonValue {}

  /** Null, also for what is absent. */
  record Null() implements JsonValue {}

  /** An array. */
  record Arr(List<JsonValue> items) implements JsonValue {
    JsonValue at(int index) {
      return index < items.size() ? items.get(index) : NULL;
    }
  }

  /** An object; of equal names the first counts. */
  record Obj(Map<String, JsonValue> members) implements JsonValue {
    JsonValue get(String name) {
      return members.getOrDefault(name, NULL);
    }
  }

  /** The null value. */
  Null NULL = new Null();

  /**
   * Reads one line.
   *
   * @throws ProtocolException if it is not one JSON object, or exceeds a limit
   */
  static Obj parseObject(String line) throws ProtocolException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ProtocolException("a line that is no JSON object");
      }
      Obj object = readObject(parser);
      if (parser.nextToken() != null) {
        throw new ProtocolException("a line with more than one JSON object");
      }
      return object;
    } catch (JacksonException e) {
      throw new ProtocolException("a line that is no JSON, or too large");
    }
  }

  private static Obj readObject(JsonParser parser) throws ProtocolException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.putIfAbsent(name, readValue(parser));
      limit(members.size());
    }
    return new Obj(members);
  }

  private static Arr readArray(JsonParser parser) throws ProtocolException {
    List<JsonValue> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(readValue(parser));
      limit(items.size());
    }
    return new Arr(items);
  }

  private static void limit(int size) throws ProtocolException {
    if (size > MAX_ELEMENTS) {
      throw new ProtocolException("an array or object with more than " + MAX_ELEMENTS + " parts");
    }
  }

  private static JsonValue readValue(JsonParser parser) throws ProtocolException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> readArray(parser);
      case VALUE_STRING -> new Text(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getString());
      case VALUE_TRUE -> new Bool(true);
      case VALUE_FALSE -> new Bool(false);
      case VALUE_NULL -> NULL;
      case null, default -> throw new ProtocolException("a line that ends too early");
    };
  }
}
