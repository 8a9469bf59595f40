package org.adit.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * Reads the parsed file section by section after the table of settings, and notes what does not
 * fit.
 */
final class SectionReader {
  private final Problems problems;
  private final boolean complete;

  /**
   * Makes a reader.
   *
   * @param complete whether the whole file was understood, so that a missing key is really missing
   */
  SectionReader(Problems problems, boolean complete) {
    this.problems = problems;
    this.complete = complete;
  }

  RawConfig read(TomlTable root) {
    Map<String, List<SectionValues>> bySection = new HashMap<>();
    for (Section section : Settings.ALL) {
      bySection.put(
          section.name(),
          section.isTop() ? List.of(readTable(section, "", root)) : readSection(section, root));
    }
    return new RawConfig(bySection);
  }

  private List<SectionValues> readSection(Section section, TomlTable root) {
    Object value = root.get(List.of(section.name()));
    if (value == null) {
      if (section.minEntries() > 0 && complete) {
        problems.add(section.name(), "is missing", section.heading());
      }
      return section.repeated() && !section.alsoPlain()
          ? List.of()
          : List.of(SectionValues.defaultsOf(section));
    }
    if (section.alsoPlain() && !(value instanceof TomlArray)) {
      return List.of(readOnly(section, value));
    }
    return section.repeated() ? readTables(section, value) : List.of(readOnly(section, value));
  }

  private SectionValues readOnly(Section section, Object value) {
    if (value instanceof TomlTable table) {
      return readTable(section, section.name(), table);
    }
    problems.add(section.name(), "must be a table that stands once", section.heading());
    return SectionValues.defaultsOf(section);
  }

  private List<SectionValues> readTables(Section section, Object value) {
    List<SectionValues> tables = new ArrayList<>();
    if (!(value instanceof TomlArray array)) {
      problems.add(
          section.name(), "may stand several times", "double brackets: " + section.heading());
      return tables;
    }
    if (array.size() < section.minEntries() || array.size() > section.maxEntries()) {
      problems.add(
          section.name(),
          "stands " + array.size() + " times",
          section.minEntries() + " to " + section.maxEntries());
      return section.alsoPlain() ? List.of(SectionValues.defaultsOf(section)) : tables;
    }
    for (int i = 0; i < array.size(); i++) {
      String path = section.name() + "[" + i + "]";
      if (array.get(i) instanceof TomlTable table) {
        tables.add(readTable(section, path, table));
      } else {
        problems.add(path, "must be a table", section.heading());
      }
    }
    return tables;
  }

  private SectionValues readTable(Section section, String path, TomlTable table) {
    SectionValues values = new SectionValues(path);
    for (Setting<?> setting : section.settings()) {
      readValue(setting, table.get(List.of(setting.name())), values);
    }
    Map<String, Setting<?>> known = section.byName();
    for (String key : table.keySet()) {
      if (!known.containsKey(key) && !(section.isTop() && isSection(key))) {
        reportUnknown(section, path, key);
      }
    }
    return values;
  }

  private <T> void readValue(Setting<T> setting, @Nullable Object toml, SectionValues values) {
    String key = values.key(setting);
    if (toml == null) {
      if (setting.required() && complete) {
        problems.add(key, "is missing", setting.type().allowed());
      }
      values.putDefault(setting);
      return;
    }
    values.markPresent(setting);
    try {
      values.put(setting, setting.type().parser().parse(toml));
    } catch (ValueType.BadValue e) {
      problems.add(key, String.valueOf(e.getMessage()), setting.type().allowed());
    }
  }

  private void reportUnknown(Section section, String path, String key) {
    List<String> here = new ArrayList<>(section.byName().keySet());
    if (section.isTop()) {
      Settings.ALL.stream().map(Section::name).filter(n -> !n.isEmpty()).forEach(here::add);
    }
    Optional<String> elsewhere =
        Settings.ALL.stream()
            .filter(s -> !s.name().equals(section.name()) && s.byName().containsKey(key))
            .map(s -> s.isTop() ? "before the first table" : "in " + s.heading())
            .findFirst();
    String hint =
        elsewhere
            .map(place -> "; it belongs " + place)
            .or(() -> Words.nearest(key, here).map(n -> "; did you mean " + n + "?"))
            .orElse("");
    String full = path.isEmpty() ? key : path + "." + key;
    problems.addUnknown(full, "unknown key" + hint);
  }

  private static boolean isSection(String key) {
    return Settings.ALL.stream().anyMatch(s -> !s.name().isEmpty() && s.name().equals(key));
  }
}
