package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.adit.config.RpcCredentials;
import org.adit.config.Secret;
import org.adit.pool.bitcoind.NodeUnavailableException.Kind;
import org.junit.jupiter.api.Test;

/** The client against peers no bitcoind would be: broken, silent, endless. */
final class RpcClientTest {

  @Test
  void nobodyThere() throws Exception {
    int port = LocalNodeFolder.freePort();
    try (RpcClient client = client(port, Duration.ofSeconds(5))) {
      assertFails(client, Kind.UNREACHABLE, "cannot be reached", "http://127.0.0.1:" + port);
    }
  }

  @Test
  void aSilentPeerIsLeftInTime() throws Exception {
    try (Peer peer = new Peer(out -> {});
        RpcClient client = client(peer.port(), Duration.ofMillis(200))) {
      assertFails(client, Kind.TIMEOUT, "within 200 ms");
    }
  }

  @Test
  void anAnswerThatStallsHalfWayIsLeftInTime() throws Exception {
    try (Peer peer =
            new Peer(
                out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"result\""));
        RpcClient client = client(peer.port(), Duration.ofMillis(300))) {
      assertFails(client, Kind.TIMEOUT, "within 300 ms");
    }
  }

  @Test
  void anEndlessAnswerIsBroken() throws Exception {
    try (Peer peer =
            new Peer(out -> {
              write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              byte[] chunk = new byte[1 << 20];
              for (int i = 0; i < 100; i++) {
                write(out, "100000\r\n");
                out.write(chunk);
                write(out, "\r\n");
              }
            });
        RpcClient client = client(peer.port(), Duration.ofSeconds(30))) {
      assertFails(client, Kind.BAD_ANSWER, "broke off");
    }
  }

  @Test
  void whatIsNoJsonRpcIsToldWithoutRepeatingIt() throws Exception {
    assertAnswerFails("<html>secret</html>", Kind.BAD_ANSWER, "is it bitcoind?");
    assertAnswerFails("{}", Kind.BAD_ANSWER, "no result");
    assertAnswerFails("[1]", Kind.BAD_ANSWER, "no result");
    assertAnswerFails("{\"result\":1,\"error\":null,\"id\":77}", Kind.BAD_ANSWER, "no result");
  }

  @Test
  void aFullWorkQueueIsBusy() throws Exception {
    String full = "Work queue depth exceeded";
    String answer = "HTTP/1.1 503 Busy\r\nContent-Length: " + full.length() + "\r\n\r\n" + full;
    try (Peer peer = new Peer(out -> write(out, answer));
        RpcClient client = client(peer.port(), Duration.ofSeconds(5))) {
      assertFails(client, Kind.BUSY, "rpcworkqueue");
    }
  }

  @Test
  void aNodeThatGoesDownIsNotBusy() throws Exception {
    try (Peer peer = new Peer(out -> write(out, "HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n"));
        RpcClient client = client(peer.port(), Duration.ofSeconds(5))) {
      assertFails(client, Kind.UNREACHABLE, "shutting down");
    }
  }

  @Test
  void aKeptConnectionThatWasClosedIsReplacedForHarmlessCalls() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    // Answers the first request, closes the connection under the second, answers the third.
    try (Peer peer =
            new Peer(out -> {
              int number = requests.incrementAndGet();
              if (number == 2) {
                throw new IOException("close");
              }
              answer(
                  out,
                  "{\"result\":"
                      + number
                      + ",\"error\":null,\"id\":"
                      + (number == 1 ? 1 : 2)
                      + "}");
            });
        RpcClient client = client(peer.port(), Duration.ofSeconds(5))) {
      assertThat(client.call("getblockcount").intValue()).isEqualTo(1);
      assertThat(client.call("getblockcount").intValue()).isEqualTo(3);
    }
    requests.set(1);
    try (Peer peer =
            new Peer(out -> {
              requests.incrementAndGet();
              throw new IOException("close");
            });
        RpcClient client = client(peer.port(), Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> client.call("sendtoaddress", "x", 1))
          .isInstanceOf(NodeUnavailableException.class);
      assertThat(requests).as("money is never sent twice").hasValue(2);
    }
  }

  @Test
  void interruptingTheCallerEndsTheCall() throws Exception {
    try (Peer peer = new Peer(out -> {});
        RpcClient client = client(peer.port(), Duration.ofSeconds(30))) {
      AtomicReference<Object> seen = new AtomicReference<>("nothing");
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.call("getblockcount");
                } catch (NodeUnavailableException e) {
                  seen.set(Thread.currentThread().isInterrupted() ? e.kind() : "flag lost");
                } catch (RpcException e) {
                  seen.set(e);
                }
              });
      assertThat(peer.asked.await(10, TimeUnit.SECONDS)).isTrue();
      caller.interrupt();
      assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
      assertThat(seen).hasValue(Kind.INTERRUPTED);
    }
  }

  @Test
  void closingEndsCallsUnderWay() throws Exception {
    try (Peer peer = new Peer(out -> {})) {
      RpcClient client = client(peer.port(), Duration.ofSeconds(30));
      Thread closer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  peer.asked.await();
                  client.close();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      assertThatThrownBy(() -> client.call("getblockcount"))
          .isInstanceOfSatisfying(
              NodeUnavailableException.class,
              e -> assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED));
      closer.join();
      assertThatThrownBy(() -> client.call("getblockcount"))
          .isInstanceOf(NodeUnavailableException.class);
    }
  }

  private static void assertAnswerFails(String body, Kind kind, String words) throws IOException {
    try (Peer peer = new Peer(out -> answer(out, body));
        RpcClient client = client(peer.port(), Duration.ofSeconds(5))) {
      assertFails(client, kind, words);
    }
  }

  private static void assertFails(RpcClient client, Kind kind, String... words) {
    assertThatThrownBy(() -> client.call("getblockcount"))
        .isInstanceOfSatisfying(
            NodeUnavailableException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("secret");
  }

  private static RpcClient client(int port, Duration limit) {
    return new RpcClient(
        URI.create("http://127.0.0.1:" + port),
        new RpcCredentials.UserPassword("user", Secret.of("secret")),
        limit);
  }

  private static void answer(OutputStream out, String body) throws IOException {
    write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private interface Reply {
    void to(OutputStream out) throws IOException;
  }

  /** Reads each request, then does whatever the test wants; an exception closes the connection. */
  private static final class Peer implements AutoCloseable {
    final CountDownLatch asked = new CountDownLatch(1);
    private final ServerSocket server;
    private final Reply reply;

    Peer(Reply reply) throws IOException {
      this.reply = reply;
      server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::accept);
    }

    int port() {
      return server.getLocalPort();
    }

    private void accept() {
      while (!server.isClosed()) {
        try {
          Socket socket = server.accept();
          Thread.ofVirtual().start(() -> serve(socket));
        } catch (IOException e) {
          return; // Closed.
        }
      }
    }

    private void serve(Socket socket) {
      try (socket) {
        InputStream in = socket.getInputStream();
        while (readRequest(in)) {
          asked.countDown();
          reply.to(socket.getOutputStream());
        }
      } catch (IOException e) {
        // The test wanted the connection closed, or the client closed it.
      }
    }

    /** True when a whole request was read. */
    private static boolean readRequest(InputStream in) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        if (b < 0) {
          return false;
        }
        head.append((char) b);
      }
      int length = 0;
      for (String line : head.toString().lines().toList()) {
        if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
        }
      }
      return in.readNBytes(length).length == length;
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
