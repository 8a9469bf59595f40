package org.adit.miner;

import java.io.StringWriter;
import java.util.List;
import org.adit.hasher.Difficulty;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** The lines the client sends, without their line feed. */
final class StratumRequests {
  /** Shown to pools; some choose settings by it. */
  static final String USER_AGENT = "adit-miner/0.1";

  private StratumRequests() {}

  /** BIP 310. */
  static String configure(long id, int versionMask) {
    return request(
        id,
        "mining.configure",
        json -> {
          json.writeStartArray().writeString("version-rolling").writeEndArray();
          json.writeStartObject();
          json.writeName("version-rolling.mask").writeString(String.format("%08x", versionMask));
          json.writeName("version-rolling.min-bit-count").writeNumber(2);
          json.writeEndObject();
        });
  }

  static String subscribe(long id) {
    return request(id, "mining.subscribe", json -> json.writeString(USER_AGENT));
  }

  static String authorize(long id, String user, String password) {
    return request(id, "mining.authorize", json -> json.writeString(user).writeString(password));
  }

  static String extranonceSubscribe(long id) {
    return request(id, "mining.extranonce.subscribe", json -> {});
  }

  static String suggestDifficulty(long id, Difficulty difficulty) {
    return request(id, "mining.suggest_difficulty", json -> json.writeNumber(difficulty.toWire()));
  }

  static String submit(long id, List<String> params) {
    return request(id, "mining.submit", json -> params.forEach(json::writeString));
  }

  /** An answer to the pool's request; its id is echoed as it came. */
  static String reply(JsonValue id, String result) {
    return object(json -> {
      writeId(json, id);
      json.writeName("result").writeString(result);
      json.writeName("error").writeNull();
    });
  }

  /** The answer to a method the client does not know. */
  static String unknownMethod(JsonValue id) {
    return object(json -> {
      writeId(json, id);
      json.writeName("result").writeNull();
      json.writeName("error").writeStartArray();
      json.writeNumber(-3).writeString("method not found").writeNull().writeEndArray();
    });
  }

  private interface Part {
    void write(JsonGenerator json);
  }

  private static String request(long id, String method, Part params) {
    return object(json -> {
      json.writeName("id").writeNumber(id);
      json.writeName("method").writeString(method);
      json.writeName("params").writeStartArray();
      params.write(json);
      json.writeEndArray();
    });
  }

  private static String object(Part members) {
    StringWriter text = new StringWriter(200);
    try (JsonGenerator json = JsonValue.FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void writeId(JsonGenerator json, JsonValue id) {
    json.writeName("id");
    switch (id) {
      case JsonValue.Num n -> json.writeNumber(n.text());
      case JsonValue.Text t -> json.writeString(t.value());
      default -> json.writeNull();
    }
  }
}
