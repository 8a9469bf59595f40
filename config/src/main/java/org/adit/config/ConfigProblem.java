package org.adit.config;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param file the file's name as the operator gave it
 * @param line from 1; 0 when the file as a whole is meant
 * @param column from 1; 0 when the file as a whole is meant
 * @param key the key, as {@code payout.window_units} or {@code listener[0].port}; empty for syntax
 *     errors
 * @param message what is wrong
 * @param allowed what would be right; may be empty
 */
public record ConfigProblem(
    String file, int line, int column, String key, String message, String allowed) {

  /** {@code pool.toml:12:8: payout.window_units: zero is not possible here (allowed: ...)}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file);
    if (line > 0) {
      text.append(':').append(line).append(':').append(column);
    }
    text.append(": ");
    if (!key.isEmpty()) {
      text.append(key).append(": ");
    }
    text.append(message);
    if (!allowed.isEmpty()) {
      text.append(" (allowed: ").append(allowed).append(')');
    }
    return text.toString();
  }
}
