package org.adit.config;

import org.jspecify.annotations.Nullable;

/**
 * One row of the table of settings: everything known about a key.
 *
 * @param <T> the value's Java type
 * @param name the key inside its section
 * @param type how it is read and what is allowed
 * @param fallback TOML value that holds when the key is absent; null: there is none
 * @param required whether the key must be there
 * @param help one or two sentences for the operator
 */
record Setting<T>(
    String name, ValueType<T> type, @Nullable Object fallback, boolean required, String help) {

  /** The default as it would be written in the file; a dash when there is none. */
  String defaultText() {
    if (required) {
      return "required";
    }
    return switch (fallback) {
      case null -> "none";
      case String s -> '"' + s + '"';
      default -> fallback.toString();
    };
  }
}
