package org.adit.pool;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * A miner's end of a Stratum V1 connection with nothing of the pool's own code in it: lines go out
 * as they are given, lines come in as they were sent.
 */
final class V1Client implements AutoCloseable {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CONNECT_MILLIS = 5_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  /** Connects to a port of this machine. */
  V1Client(int port) throws IOException {
    this(port, 0);
  }

  /** Connects to a port of any address. */
  V1Client(InetSocketAddress address) throws IOException {
    this(address, 0);
  }

  /**
   * Connects to a port of this machine.
   *
   * @param receiveBytes size of the socket's receive buffer; 0 leaves it to the system
   */
  V1Client(int port, int receiveBytes) throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), receiveBytes);
  }

  private V1Client(InetSocketAddress address, int receiveBytes) throws IOException {
    boolean connected = false;
    try {
      if (receiveBytes > 0) {
        socket.setReceiveBufferSize(receiveBytes);
      }
      socket.connect(address, CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
      connected = true;
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }

  /** Sends a line; its end is added. */
  void send(String line) throws IOException {
    sendRaw(line + "\n");
  }

  /** Sends exactly this, in one write. */
  void sendRaw(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /**
   * The next line without its end.
   *
   * @return null when the pool has closed the connection
   * @throws java.net.SocketTimeoutException when nothing came for long
   */
  @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int next;
      try {
        next = in.read();
      } catch (java.net.SocketException e) {
        return null; // reset: closed while something of ours was under way
      }
      if (next < 0) {
        return null;
      }
      if (next == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      line.write(next);
    }
  }

  /** The next line as JSON. */
  JsonNode next() throws IOException {
    String line = line();
    if (line == null) {
      throw new IOException("the pool closed the connection");
    }
    return JSON.readTree(line);
  }

  /** The next line that is no notification: notifications before it are dropped. */
  JsonNode reply() throws IOException {
    while (true) {
      JsonNode message = next();
      if (!message.has("method")) {
        return message;
      }
    }
  }

  /** The next notification of this method; everything before it is dropped. */
  JsonNode awaitNotification(String method) throws IOException {
    while (true) {
      JsonNode message = next();
      if (message.path("method").asString("").equals(method)) {
        return message.required("params");
      }
    }
  }

  /** Sends a request and returns its reply. */
  JsonNode call(String request) throws IOException {
    send(request);
    return reply();
  }

  /** Bytes that came and were not read yet. */
  int unread() throws IOException {
    return in.available();
  }

  /** Hangs up. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
