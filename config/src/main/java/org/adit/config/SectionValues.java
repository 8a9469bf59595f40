package org.adit.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The values read from one table of a file, defaults filled in. */
final class SectionValues {
  private final String path;
  private final boolean fromFile;
  private final Map<Setting<?>, Object> values = new HashMap<>();
  private final Set<Setting<?>> present = new HashSet<>();

  /**
   * Makes an empty set.
   *
   * @param path the table's key path, as {@code payout} or {@code listener[1]}; empty at the top
   */
  SectionValues(String path) {
    this(path, true);
  }

  private SectionValues(String path, boolean fromFile) {
    this.path = path;
    this.fromFile = fromFile;
  }

  /** A section's values when the file says nothing; keys without default are absent. */
  static SectionValues defaultsOf(Section section) {
    SectionValues values = new SectionValues(section.name(), false);
    for (Setting<?> setting : section.settings()) {
      values.putDefault(setting);
    }
    return values;
  }

  /** Takes a key's default, if it has one. */
  <T> void putDefault(Setting<T> setting) {
    Object fallback = setting.fallback();
    if (fallback == null) {
      return;
    }
    try {
      put(setting, setting.type().parser().parse(fallback));
    } catch (ValueType.BadValue e) {
      throw new IllegalStateException("default of " + setting.name() + " is not allowed", e);
    }
  }

  <T> void put(Setting<T> setting, T value) {
    values.put(setting, value);
  }

  /** Notes that the key stands in the file, right or wrong. */
  void markPresent(Setting<?> setting) {
    present.add(setting);
  }

  /** Whether the key stands in the file, right or wrong. */
  boolean has(Setting<?> setting) {
    return present.contains(setting);
  }

  /** Whether the table stands in the file. */
  boolean fromFile() {
    return fromFile;
  }

  /** The value of a key that has a default or is required. */
  <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(() -> new IllegalStateException("no value of " + key(setting)));
  }

  /** The value, empty when the key is absent or was wrong. */
  @SuppressWarnings("unchecked") // put() only takes a value of the setting's own type
  <T> Optional<T> find(Setting<T> setting) {
    return Optional.ofNullable((T) values.get(setting));
  }

  /** The full key of a setting in this table. */
  String key(Setting<?> setting) {
    return path.isEmpty() ? setting.name() : path + "." + setting.name();
  }

  String path() {
    return path;
  }
}
