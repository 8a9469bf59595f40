package org.adit.config;

import java.util.Map;

/** Where each key stands in its file, so that checks after loading can point at it. */
public final class ConfigPositions {
  private final String file;
  private final Map<String, ConfigPosition> byKey;

  ConfigPositions(String file, Map<String, ConfigPosition> byKey) {
    this.file = file;
    this.byKey = Map.copyOf(byKey);
  }

  /** The file's name as the operator gave it. */
  public String file() {
    return file;
  }

  /**
   * The place of a key such as {@code payout.address}, {@code listener[1].port} (counted from 0) or
   * {@code listener}. A key that is not in the file has the place of the nearest table around it,
   * at last the file's start.
   */
  public ConfigPosition at(String key) {
    String k = key;
    while (true) {
      ConfigPosition position = byKey.get(k);
      if (position != null) {
        return position;
      }
      int cut = Math.max(k.lastIndexOf('.'), k.lastIndexOf('['));
      if (cut < 0) {
        return ConfigPosition.START;
      }
      k = k.substring(0, cut);
    }
  }

  /**
   * A problem at a key's place.
   *
   * @param key as for {@link #at}
   * @param message what is wrong
   * @param allowed what would be right; empty when the message says it
   */
  public ConfigProblem problem(String key, String message, String allowed) {
    ConfigPosition position = at(key);
    return new ConfigProblem(file, position.line(), position.column(), key, message, allowed);
  }
}
