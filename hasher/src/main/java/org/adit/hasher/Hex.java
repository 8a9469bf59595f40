package org.adit.hasher;

import java.util.HexFormat;

/**
 * Strict hex reading with messages that say what was expected; input of any length is safe to pass.
 */
final class Hex {
  private Hex() {}

  /**
   * Reads exactly {@code bytes} bytes.
   *
   * @param what names the value in the message
   * @throws IllegalArgumentException on any other length and on any character that is no hex digit;
   *     the text itself is never repeated in the message, because it may come from outside
   */
  static byte[] parse(String what, String text, int bytes) {
    if (text.length() != 2 * bytes) {
      throw new IllegalArgumentException(
          what + ": " + text.length() + " characters (expected: " + 2 * bytes + " hex digits)");
    }
    for (int i = 0; i < text.length(); i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        throw new IllegalArgumentException(
            what + ": character " + (i + 1) + " is no hex digit (expected: 0-9, a-f, A-F)");
      }
    }
    return HexFormat.of().parseHex(text);
  }

  /** Reverses the array in place. */
  static void reverse(byte[] bytes) {
    for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
      byte swapped = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = swapped;
    }
  }
}
