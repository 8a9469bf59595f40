package org.adit.miner;

/**
 * Reads the parts of a pool's reply that pools write in many ways: ids, and errors as triples,
 * objects or plain texts.
 */
final class StratumReplies {
  private StratumReplies() {}

  /** Ids go out as numbers; some pools send them back as strings. */
  static long idOf(JsonValue id) {
    String text =
        switch (id) {
          case JsonValue.Num n -> n.text();
          case JsonValue.Text t -> t.value();
          default -> "";
        };
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }

  /** The code of a refusal, whatever its form; 0 when there is none. */
  static int errorCode(JsonValue.Obj reply) {
    JsonValue code =
        switch (reply.get("error")) {
          case JsonValue.Arr a -> a.at(0);
          case JsonValue.Obj o -> o.get("code");
          default -> JsonValue.NULL;
        };
    return code instanceof JsonValue.Num(String text) && text.matches("-?[0-9]{1,9}")
        ? Integer.parseInt(text)
        : 0;
  }

  /** The words of a refusal, safe to print. */
  static String errorText(JsonValue.Obj reply) {
    JsonValue text =
        switch (reply.get("error")) {
          case JsonValue.Arr a -> a.at(1);
          case JsonValue.Obj o -> o.get("message");
          case JsonValue.Text t -> t;
          default -> JsonValue.NULL;
        };
    return text instanceof JsonValue.Text(String words) ? Printable.of(words) : "no reason given";
  }
}
