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
 */
record Section(
    String name, int minEntries, int maxEntries, String help, List<Setting<?>> settings) {

  Section {
    settings = List.copyOf(settings);
  }

  /** Whether these are the keys before the first table. */
  boolean isTop() {
    return name.isEmpty();
  }

  boolean repeated() {
    return maxEntries > 1;
  }

  /** The head line as written in a file. */
  String heading() {
    return repeated() ? "[[" + name + "]]" : "[" + name + "]";
  }

  Map<String, Setting<?>> byName() {
    return settings.stream().collect(Collectors.toMap(Setting::name, Function.identity()));
  }
}
