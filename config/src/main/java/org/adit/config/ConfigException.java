package org.adit.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration file cannot be used; all its problems at once, in file order. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /**
   * Makes the exception.
   *
   * @param problems at least one
   */
  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** The problems, in file order; at least one. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
