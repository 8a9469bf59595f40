package org.adit.pool.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Lays rows out in columns. Text columns are left-aligned, number columns right-aligned; anything
 * but printable characters is replaced, because names come from outside.
 */
final class Table {
  private static final Pattern HASH = Pattern.compile("\\b[0-9a-f]{64}\\b");
  private static final int HASH_HEAD = 8;
  private static final int HASH_TAIL = 12;

  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d.*");
  private static final int GAP = 2;

  /** Names are cut so far before a column is left out, and so far at the end. */
  private static final int NAME_CHARS = 32;

  private static final int LEAST_CHARS = 8;
  private static final int FLOW_CHARS = 24;

  private final List<String> headings;
  private final List<String> spare = new ArrayList<>();
  private boolean[] rightAligned;
  private boolean tall;
  private boolean flowing;

  /** Characters of the last column where it flows; 0: as many as it has. */
  private int room;

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

  /**
   * Names columns that may be left out where there is no room, the first of them first. None may be
   * left out else.
   */
  Table leavingOut(String... names) {
    for (String name : names) {
      if (!headings.contains(name)) {
        throw new IllegalArgumentException("there is no column " + name);
      }
    }
    spare.addAll(List.of(names));
    return this;
  }

  /** The last column holds sentences, which go on below where there is no room. */
  Table flowing() {
    flowing = true;
    return this;
  }

  /**
   * The same for a screen of so many columns, so that no line of it is broken: where there is too
   * little room, hashes are shortened, headings take several lines, long names lose their middle,
   * spare columns go, and names lose more.
   */
  Table fitting(int columns) {
    if (width() <= columns) {
      return this;
    }
    Table narrow = copy(row -> row.stream().map(Table::shortened).toList());
    narrow.tall = true;
    narrow.cut(columns, NAME_CHARS);
    for (String name : spare) {
      if (narrow.width() > columns) {
        narrow.remove(name);
      }
    }
    narrow.cut(columns, LEAST_CHARS);
    if (flowing) {
      int others = narrow.width() - Math.min(narrow.lastWidth(), FLOW_CHARS);
      narrow.room = Math.max(FLOW_CHARS, columns - others);
    }
    return narrow;
  }

  private Table copy(UnaryOperator<List<String>> change) {
    Table other = new Table(headings.toArray(String[]::new));
    other.flowing = flowing;
    System.arraycopy(rightAligned, 0, other.rightAligned, 0, rightAligned.length);
    rows.forEach(row -> other.rows.add(new ArrayList<>(change.apply(row))));
    return other;
  }

  private int width() {
    int[] widths = widths();
    int width = GAP * (widths.length - 1);
    for (int column : widths) {
      width += column;
    }
    int spared = flowing && tall ? Math.max(0, lastWidth() - FLOW_CHARS) : 0;
    return width - spared;
  }

  private int lastWidth() {
    int[] widths = widths();
    return widths[widths.length - 1];
  }

  private void remove(String name) {
    int index = headings.indexOf(name);
    boolean[] left = new boolean[rightAligned.length - 1];
    for (int i = 0; i < left.length; i++) {
      left[i] = rightAligned[i < index ? i : i + 1];
    }
    rightAligned = left;
    headings.remove(index);
    rows.forEach(row -> row.remove(index));
  }

  /** Takes from the widest column of names until all fits, or each has only so many characters. */
  private void cut(int columns, int least) {
    int over = width() - columns;
    while (over > 0) {
      int[] widths = widths();
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        if (isNames(i) && widths[i] > least && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        return;
      }
      int index = widest;
      // Column by column and not all at once, so that the next widest gives its part too.
      int room = Math.max(least, widths[index] - Math.max(1, over / 2));
      rows.forEach(row -> row.set(index, middleCut(row.get(index), room)));
      over = width() - columns;
    }
  }

  /** A column whose cells still say something without their middle, unlike numbers and times. */
  private boolean isNames(int column) {
    int[] widths = new int[rightAligned.length];
    rows.forEach(row -> measure(widths, row));
    boolean sentences = flowing && column == rightAligned.length - 1;
    return !rightAligned[column]
        && !sentences
        && widths[column] >= widths()[column]
        && rows.stream().noneMatch(row -> TIME.matcher(row.get(column)).matches());
  }

  private static String middleCut(String text, int room) {
    if (text.length() <= room) {
      return text;
    }
    int tail = (room - 1) / 2;
    return text.substring(0, room - 1 - tail) + "…" + text.substring(text.length() - tail);
  }

  private static String shortened(String cell) {
    return HASH.matcher(cell)
        .replaceAll(hash ->
            hash.group().substring(0, HASH_HEAD)
                + "…"
                + hash.group().substring(hash.group().length() - HASH_TAIL));
  }

  /** The table as lines; with headings in bold where {@code color}. */
  String format(boolean color) {
    int[] widths = widths();
    StringBuilder out = new StringBuilder();
    for (List<String> part : headingLines(widths)) {
      String head = line(part, widths);
      out.append(color ? "\u001b[1m" + head + "\u001b[0m" : head).append('\n');
    }
    for (List<String> row : rows) {
      for (List<String> part : lines(row)) {
        out.append(line(part, widths)).append('\n');
      }
    }
    return out.toString();
  }

  /** A row whose last cell goes on below. */
  private List<List<String>> lines(List<String> row) {
    if (room == 0) {
      return List.of(row);
    }
    List<List<String>> all = new ArrayList<>();
    for (String part : Lines.wrapped(row.getLast(), room, 0)) {
      List<String> one = new ArrayList<>(all.isEmpty() ? row : Collections.nCopies(row.size(), ""));
      one.set(one.size() - 1, part);
      all.add(one);
    }
    return all;
  }

  private int[] widths() {
    int[] widths = new int[rightAligned.length];
    if (tall) {
      for (int i = 0; i < widths.length; i++) {
        for (String word : headings.get(i).split(" ", -1)) {
          widths[i] = Math.max(widths[i], word.length());
        }
      }
    } else {
      measure(widths, headings);
    }
    rows.forEach(row -> measure(widths, row));
    return widths;
  }

  /** Headings over as many lines as they need in columns of these widths, the last one full. */
  private List<List<String>> headingLines(int[] widths) {
    List<List<String>> columns = new ArrayList<>();
    int most = 1;
    for (int i = 0; i < widths.length; i++) {
      List<String> lines = Lines.wrapped(headings.get(i), widths[i], 0);
      columns.add(lines);
      most = Math.max(most, lines.size());
    }
    List<List<String>> all = new ArrayList<>();
    for (int line = 0; line < most; line++) {
      List<String> one = new ArrayList<>();
      for (List<String> column : columns) {
        int index = line - (most - column.size());
        one.add(index < 0 ? "" : column.get(index));
      }
      all.add(one);
    }
    return all;
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
