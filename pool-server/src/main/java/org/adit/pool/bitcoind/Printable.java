package org.adit.pool.bitcoind;

/** Makes text from outside fit for messages and logs: one line, visible ASCII, bounded. */
final class Printable {
  private static final int MAX_CHARS = 300;

  private Printable() {}

  static String of(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_CHARS) + 3);
    for (int i = 0; i < text.length() && i < MAX_CHARS; i++) {
      char c = text.charAt(i);
      out.append(c >= ' ' && c < 127 ? c : c == '\n' || c == '\t' ? ' ' : '?');
    }
    if (text.length() > MAX_CHARS) {
      out.append("...");
    }
    return out.toString();
  }
}
