package org.adit.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Looks into lines of a pool without building objects: a generator on the same machine as the pool
 * must not cost more than the pool. Keys may stand in any order and with any spaces.
 */
final class PoolLine {
  private static final byte[] METHOD = ascii("\"method\"");
  private static final byte[] NOTIFY = ascii("mining.notify");
  private static final byte[] PARAMS = ascii("\"params\"");
  private static final byte[] ID = ascii("\"id\"");
  private static final byte[] RESULT = ascii("\"result\"");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] NULL = ascii("null");

  private PoolLine() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether the line is a request or a notification and no reply. */
  static boolean isCall(byte[] line, int length) {
    int at = valueOf(line, length, METHOD);
    return at >= 0 && !startsWith(line, at, length, NULL);
  }

  /** Whether the line is a notify. */
  static boolean isNotify(byte[] line, int length) {
    int at = valueOf(line, length, METHOD);
    return at >= 0 && startsWith(line, at + 1, length, NOTIFY);
  }

  /** The second parameter, which is text; null when there is none. */
  static @org.jspecify.annotations.Nullable String secondParameter(byte[] line, int length) {
    int at = valueOf(line, length, PARAMS);
    for (int quotes = 0; at >= 0 && at < length; at++) {
      if (line[at] == '"' && ++quotes == 3) {
        int end = at + 1;
        while (end < length && line[end] != '"') {
          end++;
        }
        return new String(line, at + 1, end - at - 1, StandardCharsets.US_ASCII);
      }
    }
    return null;
  }

  /** The reply's id when it is a number; -1 otherwise. */
  static long id(byte[] line, int length) {
    int at = valueOf(line, length, ID);
    long id = -1;
    while (at >= 0 && at < length && line[at] >= '0' && line[at] <= '9') {
      id = (id < 0 ? 0 : id * 10) + line[at++] - '0';
    }
    return id;
  }

  /** Whether the reply's result is {@code true}. */
  static boolean isTrue(byte[] line, int length) {
    int at = valueOf(line, length, RESULT);
    return at >= 0 && startsWith(line, at, length, TRUE);
  }

  // A quote inside a text is written \", so a quoted key cannot be matched inside one.
  private static int valueOf(byte[] line, int length, byte[] key) {
    for (int at = 0; at <= length - key.length; at++) {
      if (line[at] == '"' && startsWith(line, at, length, key)) {
        int value = skipSpaces(line, at + key.length, length);
        if (value < length && line[value] == ':') {
          return skipSpaces(line, value + 1, length);
        }
      }
    }
    return -1;
  }

  private static int skipSpaces(byte[] line, int from, int length) {
    int at = from;
    while (at < length && line[at] == ' ') {
      at++;
    }
    return at;
  }

  private static boolean startsWith(byte[] line, int at, int length, byte[] text) {
    return at + text.length <= length
        && Arrays.equals(line, at, at + text.length, text, 0, text.length);
  }
}
