package org.adit.pool.stratum.v1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the usual form of {@code mining.submit} without building anything: the line is a share in
 * nine hundred and ninety-nine cases of a thousand. Whatever is unusual about a line makes {@link
 * #read} say no, and the general parser decides; so this reader is strict where that one is lenient
 * and never refuses a share. Reused line after line on one event loop.
 */
final class SubmitLine {
  private static final byte[] ID = key("id");
  private static final byte[] METHOD = key("method");
  private static final byte[] PARAMS = key("params");
  private static final byte[] SUBMIT = "\"mining.submit\"".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_ID_DIGITS = 18;
  private static final int MAX_JOB_DIGITS = 15;
  private static final int EXTRANONCE2_DIGITS = 2 * 8;
  private static final int WORD_DIGITS = 8;

  private byte[] line = new byte[0];
  private int end;
  private int at;
  private long id;
  private int userFrom;
  private int userEnd;
  private long jobId;
  private final byte[] extranonce2 = new byte[EXTRANONCE2_DIGITS / 2];
  private int ntime;
  private int nonce;
  private boolean hasVersionBits;
  private int versionBits;

  private static byte[] key(String name) {
    return ("\"" + name + "\"").getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads a line; false when it is no share in the usual form. Keeps the array until the next. */
  boolean read(byte[] bytes, int length) {
    line = bytes;
    end = length;
    at = 0;
    int seen = 0;
    if (!take('{')) {
      return false;
    }
    do {
      int key = member();
      if (key == 0 || (seen & key) != 0) {
        return false;
      }
      seen |= key;
    } while (take(','));
    return take('}') && skipSpaces() == end && seen == 7;
  }

  long id() {
    return id;
  }

  /** Whether the user's bytes are these. */
  boolean isUser(byte[] bytes) {
    return Arrays.equals(line, userFrom, userEnd, bytes, 0, bytes.length);
  }

  /** The user; printable ASCII without quotes and backslashes. */
  String user() {
    return new String(line, userFrom, userEnd - userFrom, StandardCharsets.US_ASCII);
  }

  long jobId() {
    return jobId;
  }

  /** A copy of the miner's part of the extranonce. */
  byte[] extranonce2() {
    return extranonce2.clone();
  }

  int ntime() {
    return ntime;
  }

  int nonce() {
    return nonce;
  }

  boolean hasVersionBits() {
    return hasVersionBits;
  }

  int versionBits() {
    return versionBits;
  }

  // ---- reading; each method leaves "at" behind what it took ----

  /** One key with its value: 1 the id, 2 the method, 4 the parameters, 0 anything else. */
  private int member() {
    skipSpaces();
    if (takeText(ID)) {
      return take(':') && number() ? 1 : 0;
    }
    if (takeText(METHOD)) {
      return take(':') && skipSpaces() >= 0 && takeText(SUBMIT) ? 2 : 0;
    }
    return takeText(PARAMS) && take(':') && params() ? 4 : 0;
  }

  private boolean params() {
    if (!take('[') || !userText() || !take(',')) {
      return false;
    }
    jobId = hex(MAX_JOB_DIGITS);
    if (jobId < 0 || !take(',') || !extranonce2Text() || !take(',')) {
      return false;
    }
    long time = hex(WORD_DIGITS);
    if (time < 0 || !take(',')) {
      return false;
    }
    long number = hex(WORD_DIGITS);
    if (number < 0) {
      return false;
    }
    ntime = (int) time;
    nonce = (int) number;
    hasVersionBits = take(',');
    versionBits = 0;
    if (hasVersionBits) {
      long bits = hex(WORD_DIGITS);
      if (bits < 0) {
        return false;
      }
      versionBits = (int) bits;
    }
    return take(']');
  }

  private boolean userText() {
    if (!take('"')) {
      return false;
    }
    userFrom = at;
    while (at < end && line[at] != '"') {
      if (line[at] < 0x20 || line[at] > 0x7e || line[at] == '\\') {
        return false;
      }
      at++;
    }
    userEnd = at;
    return take('"');
  }

  private boolean number() {
    skipSpaces();
    int from = at;
    long value = 0;
    while (at < end && line[at] >= '0' && line[at] <= '9') {
      value = value * 10 + line[at++] - '0';
    }
    int digits = at - from;
    id = value;
    // A leading zero is no JSON number; the general parser has words for that.
    return digits > 0 && digits <= MAX_ID_DIGITS && (digits == 1 || line[from] != '0');
  }

  private boolean extranonce2Text() {
    if (!take('"') || at + EXTRANONCE2_DIGITS > end) {
      return false;
    }
    for (int i = 0; i < extranonce2.length; i++) {
      int high = Character.digit(line[at++], 16);
      int low = Character.digit(line[at++], 16);
      if (high < 0 || low < 0) {
        return false;
      }
      extranonce2[i] = (byte) (high << 4 | low);
    }
    return at < end && line[at] == '"' && take('"');
  }

  /** A number in quotes; -1 unless it has 1 to {@code most} hex digits. */
  private long hex(int most) {
    if (!take('"')) {
      return -1;
    }
    long value = 0;
    int from = at;
    while (at < end && at - from <= most) {
      int digit = Character.digit(line[at], 16);
      if (digit < 0) {
        break;
      }
      value = value << 4 | digit;
      at++;
    }
    int digits = at - from;
    boolean closed = at < end && line[at] == '"';
    at++;
    return closed && digits > 0 && digits <= most ? value : -1;
  }

  private boolean take(char wanted) {
    skipSpaces();
    if (at < end && line[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private boolean takeText(byte[] text) {
    if (at + text.length <= end
        && Arrays.equals(line, at, at + text.length, text, 0, text.length)) {
      at += text.length;
      return true;
    }
    return false;
  }

  private int skipSpaces() {
    while (at < end && line[at] == ' ') {
      at++;
    }
    return at;
  }
}
