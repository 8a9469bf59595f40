package org.adit.pool.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Breaks lines between words, so that a terminal does not break them within. */
final class Lines {
  /** What stands before a figure, as in {@code hashrate 1.21 TH/s}: lines go on below that. */
  private static final Pattern LABEL = Pattern.compile("( *)(\\S+(?: \\S+)* {2,})?(?=\\S)");

  private static final int MOST_INDENT = 24;

  private Lines() {}

  /** A line for a screen of so many columns; what does not fit follows below, further in. */
  static List<String> fitting(String line, int columns) {
    if (line.length() <= columns) {
      return List.of(line);
    }
    Matcher label = LABEL.matcher(line);
    int indent = label.lookingAt() && label.end() > 0 ? label.end() : 2;
    return wrapped(line, columns, Math.min(indent, Math.min(MOST_INDENT, columns / 2)));
  }

  /** Lines of at most so many characters, but for longer words. */
  static List<String> wrapped(String line, int columns, int indent) {
    List<String> lines = new ArrayList<>();
    String rest = line;
    while (rest.length() > columns) {
      int begin = lines.isEmpty() ? 0 : indent;
      // Groups are three blanks apart: rather between them than within one.
      int space = rest.lastIndexOf("   ", columns);
      if (space <= begin || space < columns / 2) {
        space = rest.lastIndexOf(' ', columns);
      }
      if (space <= begin || rest.substring(begin, space).isBlank()) {
        space = rest.indexOf(' ', columns);
      }
      if (space < 0) {
        break;
      }
      lines.add(rest.substring(0, space).stripTrailing());
      rest = " ".repeat(indent) + rest.substring(space).strip();
    }
    lines.add(rest);
    return lines;
  }
}
