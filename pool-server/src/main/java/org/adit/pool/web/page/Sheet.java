package org.adit.pool.web.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the first figures of a page as HTML; all text is escaped here and nowhere else. */
final class Sheet {
  /** A column of figures stands on the right; its name begins with this. */
  static final char FIGURES = '#';

  private final StringBuilder html = new StringBuilder();

  /**
   * A field of a table.
   *
   * @param href of this server, encoded; null for none
   */
  record Cell(String text, @Nullable String href) {
    static Cell of(String text) {
      return new Cell(text, null);
    }
  }

  Sheet title(String text) {
    html.append("<h1>").append(escaped(text)).append("</h1>\n");
    return this;
  }

  Sheet sentence(String text) {
    html.append("<p class=\"sentence\">").append(escaped(text)).append("</p>\n");
    return this;
  }

  /** Names and values in turns. */
  Sheet pairs(String heading, String... namesAndValues) {
    panel(heading, "c6").append("<dl class=\"pairs\">");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      html.append("<dt>")
          .append(escaped(namesAndValues[i]))
          .append("</dt><dd>")
          .append(escaped(namesAndValues[i + 1]))
          .append("</dd>");
    }
    html.append("</dl></section>\n");
    return this;
  }

  /** A table; without rows it says so. */
  Sheet table(String heading, String whenEmpty, List<String> columns, List<List<Cell>> rows) {
    panel(heading, "c12");
    if (rows.isEmpty()) {
      html.append("<p class=\"state\">").append(escaped(whenEmpty)).append("</p></section>\n");
      return this;
    }
    html.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .append(escaped(heading))
        .append("\"><table><thead><tr>");
    for (String column : columns) {
      html.append(isFigures(column) ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
          .append(escaped(isFigures(column) ? column.substring(1) : column))
          .append("</th>");
    }
    html.append("</tr></thead><tbody>\n");
    for (List<Cell> row : rows) {
      html.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        html.append(isFigures(columns.get(i)) ? "<td class=\"n\">" : "<td>");
        append(row.get(i));
        html.append("</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div></section>\n");
    return this;
  }

  Sheet link(String text, String href) {
    html.append("<p class=\"c12\">");
    append(new Cell(text, href));
    html.append("</p>\n");
    return this;
  }

  private void append(Cell cell) {
    if (cell.href() == null) {
      html.append(escaped(cell.text()));
    } else {
      html.append("<a href=\"")
          .append(escaped(cell.href()))
          .append("\">")
          .append(escaped(cell.text()))
          .append("</a>");
    }
  }

  private StringBuilder panel(String heading, String width) {
    return html.append("<section class=\"panel ")
        .append(width)
        .append("\"><h2>")
        .append(escaped(heading))
        .append("</h2>");
  }

  private static boolean isFigures(String column) {
    return column.charAt(0) == FIGURES;
  }

  /** Text that is text wherever it stands, in an element or in a quoted attribute. */
  static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.append(c);
      }
    }
    return safe.toString();
  }

  /** The panels in their grid, what stood before them above it. */
  @Override
  public String toString() {
    int first = html.indexOf("<section");
    return first < 0
        ? html.toString()
        : html.substring(0, first) + "<div class=\"grid\">\n" + html.substring(first) + "</div>\n";
  }
}
