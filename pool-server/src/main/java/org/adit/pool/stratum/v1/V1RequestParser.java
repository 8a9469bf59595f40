package org.adit.pool.stratum.v1;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one line of JSON into a request, within fixed bounds on depth, counts and lengths, so that
 * no line costs more than its bytes. Stratum V1 specification 1.4 to 1.6. Thread-safe.
 */
final class V1RequestParser {
  private static final int MAX_NUMBER = 32;
  private static final int MAX_NAME = 64;
  private static final int MAX_ID_TEXT = 64;

  private final JsonFactory factory;
  private final int maxElements;

  /**
   * @param maxDepth deepest nesting
   * @param maxElements most elements of one array or object
   * @param maxStringChars longest string
   */
  V1RequestParser(int maxDepth, int maxElements, int maxStringChars) {
    this.maxElements = maxElements;
    this.factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(maxDepth)
                    .maxStringLength(maxStringChars)
                    .maxNumberLength(MAX_NUMBER)
                    .maxNameLength(MAX_NAME)
                    .build())
            .build();
  }

  /** Parses one line without its end. */
  V1Request parse(byte[] line) throws V1FormatException {
    return parse(line, line.length);
  }

  /** Parses one line without its end, which stands at the begin of an array. */
  V1Request parse(byte[] line, int length) throws V1FormatException {
    Fields fields = new Fields();
    try (JsonParser json = factory.createParser(ObjectReadContext.empty(), line, 0, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new V1FormatException("malformed request: not a JSON object", null, false);
      }
      readFields(json, fields);
      if (json.nextToken() != null) {
        throw new V1FormatException("malformed request: text after the object", fields.id, false);
      }
    } catch (StreamConstraintsException e) {
      throw new V1FormatException("malformed request: too long or too deep", fields.id, true);
    } catch (NumberFormatException e) {
      // An exponent beyond what a decimal can hold is JSON, and still nobody's number.
      throw new V1FormatException("malformed request: number out of range", fields.id, false);
    } catch (JacksonException e) {
      throw new V1FormatException("malformed request: not JSON", fields.id, false);
    }
    return fields.request();
  }

  private static final class Fields {
    @Nullable Object id;
    @Nullable String method;
    @Nullable Object params;
    boolean answer;
    @Nullable String result;

    V1Request request() throws V1FormatException {
      if (method == null) {
        if (answer) {
          return new V1Request(id, null, result, List.of());
        }
        throw new V1FormatException("malformed request: no method", id, false);
      }
      return new V1Request(id, method, null, parameters());
    }

    private List<@Nullable Object> parameters() throws V1FormatException {
      if (params == null) {
        return List.of();
      }
      if (params instanceof List<?> list) {
        return new ArrayList<>(list);
      }
      if (params instanceof Map<?, ?>) {
        throw new V1FormatException("malformed request: params is not an array", id, false);
      }
      // A bare value in place of the array: some miners suggest a difficulty this way.
      List<@Nullable Object> single = new ArrayList<>(1);
      single.add(params);
      return single;
    }
  }

  private void readFields(JsonParser json, Fields fields) throws V1FormatException {
    boolean sawId = false;
    int count = 0;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      if (++count > maxElements) {
        throw new V1FormatException("malformed request: too many keys", fields.id, true);
      }
      String name = json.currentName();
      json.nextToken();
      // Of a key that comes twice the first counts.
      if (name.equals("id") && !sawId) {
        sawId = true;
        fields.id = readId(json);
      } else if (name.equals("method") && fields.method == null) {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          fields.method = json.getString();
        } else if (json.currentToken() != JsonToken.VALUE_NULL) {
          throw new V1FormatException(
              "malformed request: method is not a string", fields.id, false);
        }
      } else if (name.equals("params") && fields.params == null) {
        fields.params = readValue(json, fields.id);
      } else {
        fields.answer |= name.equals("result") || name.equals("error");
        Object value = readValue(json, fields.id);
        if (name.equals("result") && value instanceof String text && fields.result == null) {
          fields.result = text;
        }
      }
    }
  }

  private static @Nullable Object readId(JsonParser json) throws V1FormatException {
    return switch (json.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT -> {
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          throw badId();
        }
        yield json.getLongValue();
      }
      case VALUE_STRING -> {
        String text = json.getString();
        if (text.length() > MAX_ID_TEXT) {
          throw badId();
        }
        yield text;
      }
      default -> throw badId();
    };
  }

  private static V1FormatException badId() {
    return new V1FormatException(
        "malformed request: id is not a 64-bit integer, a short string or null", null, true);
  }

  private @Nullable Object readValue(JsonParser json, @Nullable Object id)
      throws V1FormatException {
    return switch (json.currentToken()) {
      case START_ARRAY -> readArray(json, id);
      case START_OBJECT -> readObject(json, id);
      case VALUE_STRING -> json.getString();
      case VALUE_NUMBER_INT ->
          json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? (Object) json.getDecimalValue()
              : (Object) json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new V1FormatException("malformed request: not JSON", id, false);
    };
  }

  private List<@Nullable Object> readArray(JsonParser json, @Nullable Object id)
      throws V1FormatException {
    List<@Nullable Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (values.size() == maxElements) {
        throw new V1FormatException("malformed request: array too long", id, true);
      }
      values.add(readValue(json, id));
    }
    return values;
  }

  private Map<String, @Nullable Object> readObject(JsonParser json, @Nullable Object id)
      throws V1FormatException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      if (values.size() == maxElements) {
        throw new V1FormatException("malformed request: object too large", id, true);
      }
      String name = json.currentName();
      json.nextToken();
      Object value = readValue(json, id);
      values.putIfAbsent(name, value);
    }
    return values;
  }
}
