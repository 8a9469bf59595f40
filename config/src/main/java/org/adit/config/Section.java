package org.adit.config;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A table of the file.
 *
 * @param name its name; empty for the keys before the first table
 * @param maxEntries 1 for {@code [name]}; more for {@code [[name]]}, which may stand that many
 *     times
 * @param minEntries how often it must stand there
 * @param help what it is for
 * @param settings its keys, in the order of the documentation
 * @param alsoPlain whether one that stands once may be written {@code [name]} although several are
 *     allowed
 */
record Section(
    String name,
    int minEntries,
    int maxEntries,
    String help,
    List<Setting<?>> settings,
    boolean alsoPlain) {

  Section {
    settings = List.copyOf(settings);
  }

  /** A section written in one way only: {@code [name]} or {@code [[name]]}. */
  Section(String name, int minEntries, int maxEntries, String help, List<Setting<?>> settings) {
    this(name, minEntries, maxEntries, help, settings, false);
  }

  /** Whether these are the keys before the first table. */
  boolean isTop() {
    return name.isEmpty();
  }

  boolean repeated() {
    return maxEntries > 1;
  }

  /** The head line as written in a file, in its simplest form. */
  String heading() {
    return repeated() && !alsoPlain ? "[[" + name + "]]" : "[" + name + "]";
  }

  Map<String, Setting<?>> byName() {
    return settings.stream().collect(Collectors.toMap(Setting::name, Function.identity()));
  }
}
