package org.adit.pool.bitcoind;

import java.util.HexFormat;
import org.adit.pool.bitcoind.TemplateRefusedException.Reason;
import tools.jackson.databind.JsonNode;

/**
 * Reads fields of one JSON object of a template; a missing or odd one is named in the exception,
 * never guessed.
 */
record JsonFields(String where, JsonNode object) {

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  JsonNode node(String name) throws TemplateRefusedException {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      throw refused(where + " has no " + name);
    }
    return value;
  }

  String text(String name) throws TemplateRefusedException {
    JsonNode value = node(name);
    if (!value.isString()) {
      throw refused(where + ": " + name + " is no text");
    }
    return value.stringValue();
  }

  JsonNode array(String name) throws TemplateRefusedException {
    JsonNode value = node(name);
    if (!value.isArray()) {
      throw refused(where + ": " + name + " is no list");
    }
    return value;
  }

  long integer(String name, long least, long most) throws TemplateRefusedException {
    JsonNode value = node(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw refused(where + ": " + name + " is no whole number");
    }
    long number = value.longValue();
    if (number < least || number > most) {
      throw refused(
          where + ": " + name + " is " + number + " (expected: " + least + " to " + most + ")");
    }
    return number;
  }

  byte[] hex(String name) throws TemplateRefusedException {
    String text = text(name);
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw refused(where + ": " + name + " is no hex");
    }
  }

  static TemplateRefusedException refused(String message) {
    return new TemplateRefusedException(Reason.NOT_UNDERSTOOD, message);
  }
}
