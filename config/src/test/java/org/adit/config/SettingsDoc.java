package org.adit.config;

/** Writes the reference part of {@code docs/configuration.md} from the table of settings. */
final class SettingsDoc {
  private SettingsDoc() {}

  static String markdown() {
    StringBuilder out = new StringBuilder();
    for (Section section : Settings.ALL) {
      out.append("### ")
          .append(section.isTop() ? "Top of the file" : "`" + section.heading() + "`")
          .append("\n\n")
          .append(section.help())
          .append(
              "\n\n| key | type | default | allowed | meaning |\n| --- | --- | --- | --- | --- |\n");
      for (Setting<?> s : section.settings()) {
        out.append(
            "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                    s.name(),
                    s.type().name(),
                    code(s.defaultText()),
                    s.type().allowed(),
                    s.help()));
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static String code(String fallback) {
    return fallback.equals("required") || fallback.equals("none") ? fallback : "`" + fallback + "`";
  }
}
