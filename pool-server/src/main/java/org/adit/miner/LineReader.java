package org.adit.miner;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines of bounded length. A read that times out loses nothing: the next call
 * goes on where the stream paused.
 */
final class LineReader {
  private final InputStream in;
  private final int maxBytes;
  private byte[] buffer = new byte[4096];
  private int start;
  private int scanned;
  private int end;

  /**
   * Makes a reader.
   *
   * @param maxBytes longest line without its line feed
   */
  LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * The next line without LF or CRLF.
   *
   * @return null at the end of the stream; an unfinished last line is dropped
   * @throws SocketTimeoutException when the stream's own read timeout passed
   * @throws ProtocolException when a line is too long
   */
  @Nullable String readLine() throws IOException {
    while (true) {
      for (; scanned < end; scanned++) {
        if (buffer[scanned] == '\n') {
          return take();
        }
      }
      if (end - start > maxBytes) {
        throw tooLong();
      }
      makeRoom();
      int n = in.read(buffer, end, buffer.length - end);
      if (n < 0) {
        return null;
      }
      end += n;
    }
  }

  private String take() throws ProtocolException {
    int length = scanned - start;
    if (length > maxBytes) {
      throw tooLong();
    }
    if (length > 0 && buffer[scanned - 1] == '\r') {
      length--;
    }
    String line = new String(buffer, start, length, StandardCharsets.UTF_8);
    scanned++;
    start = scanned;
    return line;
  }

  private ProtocolException tooLong() {
    return new ProtocolException("a line of more than " + maxBytes + " bytes");
  }

  private void makeRoom() {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      scanned -= start;
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, maxBytes + 2));
    }
  }
}
