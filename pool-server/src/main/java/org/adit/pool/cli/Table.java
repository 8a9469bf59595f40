package org.adit.pool.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lays rows out in columns. Text columns are left-aligned, number columns right-aligned; anything
 * but printable characters is replaced, because names come from outside.
 */
final class Table {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int HASH_HEAD = 8;
  private static final int HASH_TAIL = 12;

  private final List<String> headings;
  private final boolean[] rightAligned;
  private final List<List<String>> rows = new ArrayList<>();

  /** Headings; one that begins with {@code >} makes its column right-aligned. */
  Table(String... headings) {
    this.headings = new ArrayList<>();
    this.rightAligned = new boolean[headings.length];
    for (int i = 0; i < headings.length; i++) {
      rightAligned[i] = headings[i].startsWith(">");
      this.headings.add(rightAligned[i] ? headings[i].substring(1) : headings[i]);
    }
  }

  Table row(Object... cells) {
    if (cells.length != rightAligned.length) {
      throw new IllegalArgumentException(
          "row has " + cells.length + " cells (expected: " + rightAligned.length + ")");
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(printable(String.valueOf(cell)));
    }
    rows.add(row);
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The same with block hashes shortened where it would not fit into so many columns. */
  Table fitting(int columns) {
    int[] widths = widths();
    int width = 2 * (widths.length - 1);
    for (int column : widths) {
      width += column;
    }
    if (width <= columns) {
      return this;
    }
    Table shorter = new Table(headings.toArray(String[]::new));
    System.arraycopy(rightAligned, 0, shorter.rightAligned, 0, rightAligned.length);
    for (List<String> row : rows) {
      shorter.rows.add(row.stream().map(Table::shortened).toList());
    }
    return shorter;
  }

  private static String shortened(String cell) {
    return HASH.matcher(cell).matches()
        ? cell.substring(0, HASH_HEAD) + "…" + cell.substring(cell.length() - HASH_TAIL)
        : cell;
  }

  /** The table as lines; with headings in bold where {@code color}. */
  String format(boolean color) {
    int[] widths = widths();
    StringBuilder out = new StringBuilder();
    String head = line(headings, widths);
    out.append(color ? "\u001b[1m" + head + "\u001b[0m" : head).append('\n');
    for (List<String> row : rows) {
      out.append(line(row, widths)).append('\n');
    }
    return out.toString();
  }

  private int[] widths() {
    int[] widths = new int[rightAligned.length];
    measure(widths, headings);
    rows.forEach(row -> measure(widths, row));
    return widths;
  }

  private static void measure(int[] widths, List<String> row) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], row.get(i).length());
    }
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      String padding = " ".repeat(widths[i] - cell.length());
      out.append(i == 0 ? "" : "  ");
      out.append(rightAligned[i] ? padding + cell : cell + padding);
    }
    return out.toString().stripTrailing();
  }

  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return out.toString();
  }
}
