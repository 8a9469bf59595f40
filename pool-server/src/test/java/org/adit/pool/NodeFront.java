package org.adit.pool;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.adit.pool.bitcoind.LocalNode;

/** Stands in front of a real node and behaves badly when told to. */
final class NodeFront implements AutoCloseable {
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final URI node;

  private final Object gate = new Object();

  /** Guarded by the gate. */
  private boolean templatesHeld;

  private volatile boolean broken;
  private volatile int status = 200;
  private volatile String answer = "";
  private volatile boolean refusesBlocks;

  NodeFront(LocalNode node) throws IOException {
    this.node = node.rpcUrl();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** From now on every call gets this. */
  void answer(int newStatus, String text) {
    status = newStatus;
    answer = text;
    broken = true;
  }

  /** Behaves again. */
  void mend() {
    broken = false;
  }

  /** Whether it finds fault with every block it is shown beforehand. */
  void refuseBlocks(boolean refuse) {
    refusesBlocks = refuse;
  }

  /** Whether templates are held back. */
  void holdTemplates(boolean hold) {
    synchronized (gate) {
      templatesHeld = hold;
      gate.notifyAll();
    }
  }

  private void passGate() throws InterruptedException {
    synchronized (gate) {
      while (templatesHeld) {
        gate.wait();
      }
    }
  }

  private void handle(HttpExchange call) throws IOException {
    try (call) {
      byte[] question = call.getRequestBody().readAllBytes();
      if (broken) {
        reply(call, status, answer.getBytes(StandardCharsets.UTF_8));
        return;
      }
      String text = new String(question, StandardCharsets.UTF_8);
      if (refusesBlocks && text.contains("\"proposal\"")) {
        String id = text.replaceFirst("(?s).*\"id\":(\\d+).*", "$1");
        String word = "{\"id\":" + id + ",\"error\":null,\"result\":\"bad-out-of-order\"}";
        reply(call, 200, word.getBytes(StandardCharsets.UTF_8));
        return;
      }
      if (text.contains("longpollid")) {
        // What is held back may be of an older tip by then, so its answer is thrown away.
        ask(call, question);
      }
      if (text.contains("\"getblocktemplate\"")) {
        passGate();
      }
      HttpResponse<byte[]> said = ask(call, question);
      reply(call, said.statusCode(), said.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> ask(HttpExchange call, byte[] question)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(node)
            .header("Authorization", call.getRequestHeaders().getFirst("Authorization"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(question))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void reply(HttpExchange call, int status, byte[] body) throws IOException {
    call.sendResponseHeaders(status, body.length);
    call.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    http.shutdownNow();
  }
}
