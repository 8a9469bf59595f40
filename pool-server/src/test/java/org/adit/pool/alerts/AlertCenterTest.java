package org.adit.pool.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.adit.config.AlertsConfig;
import org.adit.config.Secret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alerts are told once, at the right time, to real receivers on this machine. */
final class AlertCenterTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private record Post(String path, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }
  }

  private final List<Post> posts = new CopyOnWriteArrayList<>();
  private final List<Alert> heard = new CopyOnWriteArrayList<>();
  private HttpServer receiver;
  private Instant now = Instant.parse("2026-08-01T12:00:00Z");

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  @BeforeEach
  void listen() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          posts.add(
              new Post(
                  exchange.getRequestURI().getPath(),
                  Map.copyOf(exchange.getRequestHeaders()),
                  body));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + path);
  }

  private AlertCenter center(Optional<AlertsConfig.Quiet> quiet) {
    return new AlertCenter(
        new AlertsConfig(
            quiet,
            Duration.ofHours(24),
            30,
            5,
            5,
            Duration.ofMinutes(2),
            100,
            Optional.of(
                new AlertsConfig.Webhook(url("/hook"), Optional.of(Secret.of("swordfish")))),
            Optional.empty(),
            Optional.empty()),
        clock,
        heard::add);
  }

  private void arrived(int count) {
    await().atMost(SOON).until(() -> posts.size() >= count);
    assertThat(posts).hasSize(count);
  }

  @Test
  void whatLastsIsToldOnceAndAgainAfterADay() {
    try (AlertCenter center = center(Optional.empty())) {
      Map<String, String> down = Map.of("alice.one", "worker alice.one is silent");
      for (int i = 0; i < 5; i++) {
        center.holds(Alert.Kind.WORKER_DOWN, down);
        center.flush();
      }
      arrived(1);
      assertThat(center.active()).hasSize(1);
      // It flaps: no second message within the day.
      center.holds(Alert.Kind.WORKER_DOWN, Map.of());
      assertThat(center.active()).isEmpty();
      assertThat(center.recent().getFirst().endedAtMillis()).isEqualTo(now.toEpochMilli());
      center.holds(Alert.Kind.WORKER_DOWN, down);
      center.flush();
      now = now.plus(Duration.ofHours(25));
      center.holds(Alert.Kind.WORKER_DOWN, down);
      center.flush();
      arrived(2);
      assertThat(heard).hasSize(3);
    }
  }

  @Test
  void manyAtOnceAreOneMessage() {
    try (AlertCenter center = center(Optional.empty())) {
      Map<String, String> down = new java.util.TreeMap<>();
      for (int i = 0; i < 500; i++) {
        down.put("farm." + i, "worker farm." + i + " is silent");
      }
      center.holds(Alert.Kind.WORKER_DOWN, down);
      center.flush();
      arrived(1);
      assertThat(posts.getFirst().body()).contains("500 x worker-down");
    }
  }

  @Test
  void theNightIsQuietUnlessMoneyIsAtStake() {
    AlertsConfig.Quiet night = new AlertsConfig.Quiet(LocalTime.of(22, 0), LocalTime.of(7, 0));
    try (AlertCenter center = center(Optional.of(night))) {
      now = Instant.parse("2026-08-01T23:30:00Z");
      center.holds(
          Alert.Kind.WORKER_DOWN, Map.of("a.gone", "gone", "a.back", "back before morning"));
      center.holds(Alert.Kind.INVARIANT_BROKEN, Map.of("ledger", "the ledger is broken"));
      center.flush();
      arrived(1);
      assertThat(posts.getFirst().body()).contains("invariant-broken").doesNotContain("gone");
      center.holds(Alert.Kind.WORKER_DOWN, Map.of("a.gone", "gone"));
      now = Instant.parse("2026-08-02T07:00:00Z");
      center.flush();
      arrived(2);
      assertThat(posts.get(1).body()).contains("a.gone").doesNotContain("a.back");
    }
  }

  @Test
  void theWebhookIsSigned() {
    try (AlertCenter center = center(Optional.empty())) {
      center.happened(Alert.Kind.BLOCK_FOUND, "block 7", "block 7 found");
      center.flush();
      arrived(1);
      Post post = posts.getFirst();
      String time = post.header("X-adit-timestamp");
      assertThat(time).isEqualTo(String.valueOf(now.toEpochMilli()));
      assertThat(post.header("X-adit-signature"))
          .isEqualTo("sha256=" + Webhook.signature("swordfish", time + "." + post.body()));
      assertThat(Webhook.signature("key", "The quick brown fox jumps over the lazy dog"))
          .as("the well-known test value")
          .isEqualTo("f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
    }
  }

  @Test
  void whatComesFromOutsideStaysOnItsLine() {
    try (AlertCenter center = center(Optional.empty())) {
      center.happened(Alert.Kind.TEST, "x\r\nBcc: all@evil.example", "a\u001b[2J\nb");
      assertThat(heard.getFirst().subject()).isEqualTo("x??Bcc: all@evil.example");
      assertThat(heard.getFirst().text()).isEqualTo("a?[2J?b");
    }
  }

  @Test
  void ntfyAndMailGetTheirOwnForm() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread post = Thread.ofVirtual().start(() -> takeMail(server, lines));
      AlertsConfig settings =
          new AlertsConfig(
              Optional.empty(),
              Duration.ofHours(1),
              30,
              5,
              5,
              Duration.ofMinutes(2),
              100,
              Optional.empty(),
              Optional.of(new AlertsConfig.Ntfy(url("/pool"), Optional.empty())),
              Optional.of(
                  new AlertsConfig.Mail(
                      "127.0.0.1",
                      server.getLocalPort(),
                      AlertsConfig.MailSecurity.NONE,
                      Optional.empty(),
                      Optional.of("pool"),
                      Optional.of(Secret.of("pass")),
                      "pool@example.org",
                      "operator@example.org")));
      try (AlertCenter center = new AlertCenter(settings, clock, heard::add)) {
        assertThat(center.test())
            .allMatch(AlertCenter.Result::ok)
            .extracting(AlertCenter.Result::channel)
            .containsExactly("log", "stream", "ntfy", "mail");
      }
      assertThat(post.join(SOON)).isTrue();
    }
    arrived(1);
    assertThat(posts.getFirst().path()).isEqualTo("/pool");
    assertThat(posts.getFirst().header("Title")).isEqualTo("Adit: test test");
    assertThat(lines)
        .contains(
            "AUTH PLAIN AHBvb2wAcGFzcw==",
            "MAIL FROM:<pool@example.org>",
            "RCPT TO:<operator@example.org>",
            "Subject: Adit: test test",
            ".",
            "QUIT");
  }

  /** A mail server that takes everything. */
  private static void takeMail(ServerSocket server, List<String> lines) {
    try (Socket socket = server.accept();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      OutputStream out = socket.getOutputStream();
      say(out, "220 ready");
      boolean letter = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        if (letter) {
          letter = !line.equals(".");
          if (!letter) {
            say(out, "250 taken");
          }
        } else if (line.equals("DATA")) {
          letter = true;
          say(out, "354 go on");
        } else if (line.equals("QUIT")) {
          say(out, "221 bye");
          return;
        } else {
          say(out, line.startsWith("AUTH") ? "235 welcome" : "250-first\r\n250 yes");
        }
      }
    } catch (java.io.IOException e) {
      lines.add("the mail server failed: " + e);
    }
  }

  private static void say(OutputStream out, String text) throws java.io.IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
