package org.adit.config;

/**
 * A place in a configuration file.
 *
 * @param line from 1
 * @param column from 1, in characters
 */
public record ConfigPosition(int line, int column) implements Comparable<ConfigPosition> {

  /** The first character of a file. */
  public static final ConfigPosition START = new ConfigPosition(1, 1);

  @Override
  public int compareTo(ConfigPosition other) {
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : Integer.compare(column, other.column);
  }
}
