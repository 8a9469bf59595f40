package org.adit.miner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  @Test
  void linesInAnyPieces() throws IOException {
    String text = "one\r\n\ntwo é\n" + "x".repeat(9_000) + "\nlast\nunfinished";
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      LineReader reader = new LineReader(new Pieces(text, random, false), 10_000);
      assertThat(all(reader)).containsExactly("one", "", "two é", "x".repeat(9_000), "last");
    }
  }

  @Test
  void aTimeoutLosesNothing() throws IOException {
    LineReader reader = new LineReader(new Pieces("first\nsecond\n", new Random(4), true), 100);
    List<String> lines = new ArrayList<>();
    int timeouts = 0;
    while (true) {
      try {
        String line = reader.readLine();
        if (line == null) {
          break;
        }
        lines.add(line);
      } catch (SocketTimeoutException e) {
        timeouts++;
      }
    }
    assertThat(lines).containsExactly("first", "second");
    assertThat(timeouts).isPositive();
  }

  @Test
  void theLimitIsExact() throws IOException {
    assertThat(new LineReader(bytes("x".repeat(5_000) + "\n"), 5_000).readLine()).hasSize(5_000);
    LineReader over = new LineReader(bytes("x".repeat(5_001) + "\n"), 5_000);
    assertThatThrownBy(over::readLine).isInstanceOf(ProtocolException.class);
    LineReader endless = new LineReader(new Endless(), 5_000);
    assertThatThrownBy(endless::readLine).isInstanceOf(ProtocolException.class);
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> all(LineReader reader) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = reader.readLine();
    while (line != null) {
      lines.add(line);
      line = reader.readLine();
    }
    return lines;
  }

  /** Gives a few bytes at a time, and now and then a timeout. */
  private static final class Pieces extends InputStream {
    private final byte[] bytes;
    private final Random random;
    private final boolean timeouts;
    private int at;

    Pieces(String text, Random random, boolean timeouts) {
      this.bytes = text.getBytes(StandardCharsets.UTF_8);
      this.random = random;
      this.timeouts = timeouts;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (timeouts && random.nextInt(3) == 0) {
        throw new SocketTimeoutException();
      }
      if (at == bytes.length) {
        return -1;
      }
      int n = Math.min(Math.min(length, bytes.length - at), 1 + random.nextInt(7));
      System.arraycopy(bytes, at, into, offset, n);
      at += n;
      return n;
    }
  }

  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 'x';
    }
  }
}
