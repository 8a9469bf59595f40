package org.adit.config;

import java.util.List;
import java.util.Map;

/**
 * The values of a whole file before they become records.
 *
 * @param bySection by section name its tables in file order; for a section that stands once exactly
 *     one
 */
record RawConfig(Map<String, List<SectionValues>> bySection) {

  /** The only table of a section that stands once. */
  SectionValues one(Section section) {
    return all(section).getFirst();
  }

  /** All tables of a section. */
  List<SectionValues> all(Section section) {
    return bySection.getOrDefault(section.name(), List.of());
  }
}
