package org.adit.pool.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers a pool like a regtest bitcoind that has nothing but its first block and takes every block
 * it is given, without keeping any. It stands in for a node only where a pool is run to be warmed
 * up, never where something is tested or mined. On loopback; any login will do.
 */
public final class TrainingNode implements AutoCloseable {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** Block 0 of regtest. */
  private static final String GENESIS =
      "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206";

  private static final String TARGET =
      "7fffff0000000000000000000000000000000000000000000000000000000000";

  /** BIP 141: of a block without transactions, its reserved value being zero. */
  private static final String WITNESS_COMMITMENT =
      "6a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9";

  private static final int NOT_FOUND = -32601;
  private static final int MAX_REQUEST = 16 << 20;
  private static final long SUBSIDY_SAT = 5_000_000_000L;
  private static final long LONG_POLL_SECONDS = 60;
  private static final int MILLIS = 1_000;

  private final Clock clock;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Opens a free port. */
  public TrainingNode(Clock clock) throws IOException {
    this.clock = clock;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where it listens. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      ObjectNode reply = JSON.createObjectNode();
      try {
        JsonNode request = JSON.readTree(exchange.getRequestBody().readNBytes(MAX_REQUEST));
        reply.set("id", request.path("id"));
        JsonNode result =
            result(request.path("method").asString(""), request.path("params").path(0));
        if (result.isMissingNode()) {
          reply.putNull("result").putObject("error").put("code", NOT_FOUND).put("message", "none");
        } else {
          reply.set("result", result);
          reply.putNull("error");
        }
      } catch (JacksonException e) {
        reply.putNull("result").putObject("error").put("code", NOT_FOUND).put("message", "no JSON");
      }
      byte[] body = JSON.writeValueAsString(reply).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private JsonNode result(String method, JsonNode first) {
    return switch (method) {
      case "getblockchaininfo" ->
          JSON.createObjectNode()
              .put("chain", "regtest")
              .put("blocks", 0)
              .put("headers", 0)
              .put("bestblockhash", GENESIS)
              .put("time", clock.millis() / MILLIS)
              .put("initialblockdownload", false);
      case "getdeploymentinfo" -> JSON.createObjectNode().putObject("deployments");
      case "getnetworkinfo" ->
          JSON.createObjectNode().put("version", 290_000).put("subversion", "/Training/");
      case "getmempoolinfo" -> JSON.createObjectNode().put("size", 0).put("bytes", 0);
      case "getmininginfo" -> JSON.createObjectNode().put("blocks", 0).put("pooledtx", 0);
      case "getconnectioncount", "getblockcount" -> JSON.getNodeFactory().numberNode(0);
      case "getbestblockhash", "getblockhash" -> JSON.getNodeFactory().stringNode(GENESIS);
      case "getblocktemplate" -> template(first);
      case "submitblock" -> JSON.nullNode();
      default -> JSON.missingNode();
    };
  }

  private JsonNode template(JsonNode request) {
    if (request.path("mode").asString("").equals("proposal")) {
      return JSON.nullNode();
    }
    if (request.has("longpollid")) {
      waitForNothing();
    }
    ObjectNode template = JSON.createObjectNode();
    template.putArray("rules").add("csv").add("!segwit").add("taproot");
    template.putArray("transactions");
    template.putObject("coinbaseaux");
    template.putArray("mutable").add("time").add("transactions").add("prevblock");
    return template
        .put("version", 0x2000_0000)
        .put("vbrequired", 0)
        .put("previousblockhash", GENESIS)
        .put("coinbasevalue", SUBSIDY_SAT)
        .put("longpollid", GENESIS + "1")
        .put("target", TARGET)
        .put("bits", "207fffff")
        .put("mintime", 1_296_688_603L)
        .put("curtime", clock.millis() / MILLIS)
        .put("height", 1)
        .put("default_witness_commitment", WITNESS_COMMITMENT);
  }

  /** This chain never grows. */
  private void waitForNothing() {
    try {
      boolean _ = closed.await(LONG_POLL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
