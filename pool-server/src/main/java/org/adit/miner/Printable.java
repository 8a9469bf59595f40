package org.adit.miner;

/** Makes texts from a pool safe to print: no control characters, no escape sequences, bounded. */
final class Printable {
  private static final int MAX = 120;

  private Printable() {}

  static String of(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && out.length() < MAX; i++) {
      char c = text.charAt(i);
      out.append(c >= 0x20 && c <= 0x7e ? c : '?');
    }
    return out.toString();
  }
}
