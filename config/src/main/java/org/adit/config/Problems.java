package org.adit.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers what is wrong with one file, so that the operator sees everything at once. */
final class Problems {
  /** More than a page of problems helps nobody; the rest is only counted. */
  private static final int MAX_SHOWN = 100;

  private final ConfigPositions positions;
  private final List<ConfigProblem> found = new ArrayList<>();

  Problems(ConfigPositions positions) {
    this.positions = positions;
  }

  /** Adds a problem at a key's place. */
  void add(String key, String message, String allowed) {
    found.add(positions.problem(key, message, allowed));
  }

  /** Adds a problem about a key that came from the file and may hold anything. */
  void addUnknown(String key, String message) {
    ConfigPosition position = positions.at(key);
    found.add(
        new ConfigProblem(
            positions.file(), position.line(), position.column(), Words.safe(key), message, ""));
  }

  void add(ConfigProblem problem) {
    found.add(problem);
  }

  /** Throws when there is any problem. */
  void throwIfAny() throws ConfigException {
    if (found.isEmpty()) {
      return;
    }
    found.sort(
        Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column));
    List<ConfigProblem> shown =
        new ArrayList<>(found.subList(0, Math.min(found.size(), MAX_SHOWN)));
    if (found.size() > MAX_SHOWN) {
      String more = "and " + (found.size() - MAX_SHOWN) + " more problems";
      shown.add(new ConfigProblem(positions.file(), 0, 0, "", more, ""));
    }
    throw new ConfigException(shown);
  }
}
