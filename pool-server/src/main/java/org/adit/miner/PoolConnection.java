package org.adit.miner;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One TCP connection to a pool: moves lines between the socket and a session. */
final class PoolConnection implements AutoCloseable {
  /** Coinbases of 16 000 bytes in hex, and room. */
  static final int MAX_LINE_BYTES = 128 * 1024;

  /** How often overdue answers are looked for while nothing comes. */
  private static final int TICK_MILLIS = 200;

  private static final int MAX_QUEUED_LINES = 2 * StratumSession.MAX_OUTSTANDING;

  private final Socket socket = new Socket();
  private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(MAX_QUEUED_LINES);
  private final LongSupplier nanoTime;

  PoolConnection(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Takes a line for sending; false when the pool does not keep up. */
  boolean send(String line) {
    return queue.offer(line);
  }

  void connect(String host, int port, int timeoutMillis) throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("the host name is unknown");
    }
    socket.connect(address, timeoutMillis);
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    socket.setSoTimeout(TICK_MILLIS);
  }

  /** Runs a session until it is over, the pool hangs up or {@link #close} is called. */
  SessionEnd run(StratumSession session) {
    Thread writer = Thread.ofVirtual().name("adit-miner-writer").start(this::write);
    try {
      LineReader reader = new LineReader(socket.getInputStream(), MAX_LINE_BYTES);
      session.begin(nanoTime.getAsLong());
      while (true) {
        @Nullable SessionEnd end = session.end();
        if (end != null) {
          return end;
        }
        try {
          String line = reader.readLine();
          if (line == null) {
            return lost(session, "the pool closed the connection");
          }
          session.onLine(line, nanoTime.getAsLong());
        } catch (SocketTimeoutException e) {
          // Nothing came for a while; nothing is lost.
        }
        session.tick(nanoTime.getAsLong());
      }
    } catch (ProtocolException e) {
      return lost(session, "the pool sent " + e.getMessage());
    } catch (IOException e) {
      return lost(session, "the connection broke: " + Printable.of(String.valueOf(e.getMessage())));
    } finally {
      writer.interrupt();
      close();
    }
  }

  private static SessionEnd lost(StratumSession session, String reason) {
    session.finish(new SessionEnd.Lost(reason));
    SessionEnd end = session.end();
    return end == null ? new SessionEnd.Lost(reason) : end;
  }

  private void write() {
    try {
      OutputStream out = socket.getOutputStream();
      StringBuilder batch = new StringBuilder();
      while (true) {
        batch.setLength(0);
        String line = queue.take();
        while (line != null) {
          batch.append(line).append('\n');
          line = queue.poll();
        }
        out.write(batch.toString().getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      close();
    } catch (InterruptedException e) {
      // The session is over.
    }
  }

  /** Breaks the connection; a running session ends. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is left to do with a socket that cannot even be closed.
    }
  }
}
