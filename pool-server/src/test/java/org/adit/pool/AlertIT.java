package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.adit.accounting.store.BlockState;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.pool.alerts.AlertCenter;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.mining.BlockCandidate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What happens to a running pool is told in its log, to open pages and to a signed webhook. What
 * needs time and chance to hold is in {@code AlertConditionsTest}.
 */
final class AlertIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SECRET = "a secret of the test";

  /** Longer than between two checks of the ledger, and than a node may be away. */
  private static final Duration A_WHILE = Duration.ofMinutes(6);

  private record Post(String time, String signature, String body) {}

  private record Line(Level level, String text) {}

  @TempDir private Path nodeFolder;
  @TempDir private Path folder;
  private final AheadClock clock = new AheadClock();
  private final List<Post> posts = new CopyOnWriteArrayList<>();
  private final List<Line> log = new CopyOnWriteArrayList<>();
  private final List<String> stream = new CopyOnWriteArrayList<>();
  private volatile int status = 204;
  private HttpServer receiver;
  private LocalNode node;
  private PoolNode pool;
  private WebClient web;
  private TestPool settings;
  private String config;
  private String token;
  private HttpResponse<Stream<String>> events;
  private Thread reader;

  private final AppenderBase<ILoggingEvent> ear =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          log.add(new Line(event.getLevel(), event.getFormattedMessage()));
        }
      };

  private static final class Quiet implements BlockListener {
    @Override
    public void booked(BlockCandidate candidate) {
      // The alerts are read.
    }

    @Override
    public void rejected(BlockCandidate candidate, String reason) {
      throw new AssertionError("the node refused a block of the pool: " + reason);
    }
  }

  @BeforeEach
  void start() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/hook", this::take);
    receiver.start();
    ear.start();
    ((Logger) LoggerFactory.getLogger(AlertCenter.class)).addAppender(ear);
    node = LocalNode.start(Network.REGTEST, nodeFolder, "-fallbackfee=0.0001");
    node.rpc().call("createwallet", "pool");
    String address = address();
    node.rpc().call("generatetoaddress", 2, address);
    Path secret = Files.writeString(folder.resolve("hook-secret"), SECRET + "\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    settings =
        new TestPool(node)
            .listener("start_difficulty = \"1/65536\"")
            .listener("min_difficulty = \"1/65536\"")
            .listener("vardiff = false")
            .listener("above_network = true")
            .payout("scheme = \"pplns\"")
            .payout("window_units = 6")
            .payout("address = \"" + address + "\"")
            .wallet("name = \"pool\"")
            .wallet("threshold_sat = 1000")
            .web("requests_per_second = 1000")
            .alerts(
                "webhook_url = \"http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook\"")
            .alerts("webhook_secret_file = \"hook-secret\"")
            .account("alice", address());
    Path file = settings.write(folder);
    config = file.toString();
    pool = new PoolNode(ConfigLoader.load(file).config(), clock, new SecureRandom(), new Quiet());
    await().atMost(SOON).until(() -> !pool.addresses().isEmpty() && pool.webAddress().isPresent());
    web = new WebClient(pool.webAddress().orElseThrow());
    token = Files.readString(folder.resolve("pool/api-token")).strip();
    events = web.stream("/api/v1/events", "Authorization", "Bearer " + token);
    reader = Thread.ofVirtual().start(this::read);
    await().atMost(SOON).until(() -> stream.contains("event: pool"));
  }

  private String address() throws Exception {
    return node.rpc().forWallet("pool").call("getnewaddress", "", "bech32").asString();
  }

  private void read() {
    try {
      events.body().forEach(stream::add);
    } catch (java.io.UncheckedIOException e) {
      stream.add("closed");
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, List<String>> head = exchange.getRequestHeaders();
    posts.add(
        new Post(
            head.getOrDefault("X-adit-timestamp", List.of("")).getFirst(),
            head.getOrDefault("X-adit-signature", List.of("")).getFirst(),
            body));
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @AfterEach
  void stop() throws Exception {
    ((Logger) LoggerFactory.getLogger(AlertCenter.class)).detachAppender(ear);
    receiver.stop(0);
    try (LocalNode last = node) {
      assertThat(last).isNotNull();
      if (events != null) {
        events.body().close();
        reader.join(SOON);
      }
      if (web != null) {
        web.close();
      }
      if (pool != null) {
        pool.close();
      }
    }
  }

  @Test
  void whatHappensIsToldEverywhereAndABrokenLedgerPaysNobody() throws Exception {
    Hash256 block;
    try (V1Rig rig = new V1Rig(settings.port(), "alice.rig")) {
      block = rig.block();
    }
    told("block-found", "info", Level.INFO, block.toDisplayHex());
    node.rpc().call("invalidateblock", block.toDisplayHex());
    await()
        .atMost(SOON)
        .until(() -> {
          pool.followBlocks();
          return pool.accounting().block(block).orElseThrow().state() == BlockState.ORPHANED;
        });
    told("block-orphaned", "warning", Level.WARN, "left the chain");
    node.rpc().call("reconsiderblock", block.toDisplayHex());
    node.rpc().call("generatetoaddress", 101, address());
    await()
        .atMost(SOON)
        .until(() -> {
          pool.followBlocks();
          return pool.accounting().block(block).orElseThrow().state() == BlockState.MATURE;
        });
    theLedgerBreaks();
    theTest();
    theNodeGoes();
    assertThat(posts.stream().filter(post -> post.body().contains("block-found")))
        .as("once each")
        .hasSize(1);
  }

  /** An alert arrived in the log, on the stream and, rightly signed, at the webhook. */
  private JsonNode told(String kind, String severity, Level level, String text) throws Exception {
    await().atMost(SOON).until(() -> posts.stream().anyMatch(post -> isOf(post, kind)));
    Post post = posts.stream().filter(one -> isOf(one, kind)).findFirst().orElseThrow();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signed = post.time() + "." + post.body();
    assertThat(post.signature())
        .isEqualTo(
            "sha256="
                + HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
    JsonNode alert = JsonMapper.shared().readTree(post.body()).required("alerts").required(0);
    assertThat(alert.required("severity").asString()).isEqualTo(severity);
    assertThat(alert.required("text").asString()).contains(text);
    assertThat(log)
        .as("log")
        .anySatisfy(line -> {
          assertThat(line.level()).isEqualTo(level);
          assertThat(line.text()).startsWith("alert: ").contains(text);
        });
    await().atMost(SOON).until(() -> stream.stream().anyMatch(line -> isEvent(line, kind)));
    return alert;
  }

  private static boolean isOf(Post post, String kind) {
    return post.body().contains("\"kind\":\"" + kind + "\"");
  }

  private static boolean isEvent(String line, String kind) {
    return line.startsWith("data: ") && line.contains("\"kind\":\"" + kind + "\"");
  }

  private void theLedgerBreaks() throws Exception {
    assertThat(cli(0, "payout", "preview", "-c", config)).contains("alice");
    damage(-1);
    look();
    told("invariant-broken", "critical", Level.ERROR, "the ledger is broken, payouts are stopped");
    assertThat(web.json("/api/v1/alerts", "Authorization", "Bearer " + token).required("active"))
        .extracting(alert -> alert.required("kind").asString())
        .contains("invariant-broken");
    assertThat(web.get("/metrics").body()).contains("adit_ledger_holds 0.0");

    assertThat(cli(1, "payout", "run", "--yes", "-c", config))
        .contains("the ledger is broken, nothing is paid", "I10");
    assertThat(pool.accounting().payouts().open()).isEmpty();
    assertThat(node.rpc().call("getrawmempool")).isEmpty();

    // As it was: the alert ends by itself, and what was owed is paid.
    damage(+1);
    look();
    await()
        .atMost(SOON)
        .until(
            () -> log.stream().anyMatch(line -> line.text().startsWith("alert over: invariant")));
    assertThat(cli(0, "payout", "run", "--yes", "-c", config)).doesNotContain("broken");
    assertThat(node.rpc().call("getrawmempool")).isNotEmpty();
  }

  /** Another program writes into the books of the running pool. */
  private void damage(int sat) throws Exception {
    try (Connection books =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("pool/accounting.db"));
        Statement statement = books.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 30000");
      assertThat(
              statement.executeUpdate(
                  "UPDATE ledger_account SET balance_sat = balance_sat + "
                      + sat
                      + " WHERE name = 'liab:payable:alice'"))
          .isEqualTo(1);
    }
  }

  private void look() {
    clock.advance(A_WHILE);
    pool.followPayouts();
    pool.lookForAlerts();
  }

  private void theTest() throws Exception {
    assertThat(cli(0, "alert", "test", "-c", config)).contains("log", "stream", "webhook", "sent");
    told("test", "info", Level.INFO, "somebody asked for it");
    status = 503;
    assertThat(cli(1, "alert", "test", "-c", config)).contains("answered 503 (expected: 2xx)");
    status = 204;
  }

  private void theNodeGoes() throws Exception {
    node.kill();
    await().atMost(SOON).until(() -> !pool.nodes().getFirst().state().isReady());
    pool.lookForAlerts();
    clock.advance(A_WHILE);
    pool.lookForAlerts();
    told("node-behind", "warning", Level.WARN, "node 1 ");
    node.startAgain();
    await()
        .atMost(SOON)
        .until(() -> {
          pool.lookForAlerts();
          return log.stream().anyMatch(line -> line.text().startsWith("alert over: node-behind"));
        });
  }

  private static String cli(int exit, String... arguments) {
    StringWriter out = new StringWriter();
    int code = org.adit.pool.cli.Cli.run(new PrintWriter(out), new PrintWriter(out), arguments);
    assertThat(code).as("%s", out).isEqualTo(exit);
    return out.toString();
  }
}
