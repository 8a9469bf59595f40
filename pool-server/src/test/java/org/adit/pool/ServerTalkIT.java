package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.adit.pool.mining.LiveSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the server says by itself, and what it makes of those that say nothing. */
final class ServerTalkIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String AUTHORIZE =
      "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"alice.one\",\"x\"]}";
  private static final int SILENT = 1_000;

  @TempDir private Path folder;
  private StratumHouse house;

  @BeforeEach
  void open() throws Exception {
    house = new StratumHouse(folder);
  }

  @AfterEach
  void close() throws IOException {
    house.close();
  }

  @Test
  void whoDidNotSayWhatItIsIsAskedOnce() throws Exception {
    try (V1Client client = house.connect()) {
      client.call("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}");
      client.send(AUTHORIZE);
      JsonNode question = message(client, "client.get_version");
      assertThat(question.required("id").isInt()).isTrue();
      assertThat(question.required("id").asInt()).isPositive();
      client.send(
          "{\"id\":" + question.required("id") + ",\"result\":\"rare/1 <b>\",\"error\":null}");
      await().atMost(SOON).until(() -> agents().equals(List.of("rare/1 <b>")));
      // Only the first answer counts.
      client.send("{\"id\":" + question.required("id") + ",\"result\":\"other\",\"error\":null}");
      assertThat(ping(client)).isEqualTo("pong");
      assertThat(agents()).containsExactly("rare/1 <b>");
    }
  }

  @Test
  void whoSaidItIsNotAsked() throws Exception {
    try (V1Rig rig = house.rig("alice.one")) {
      house.newWork();
      // Everything the server has to say comes before the job that came last.
      for (String method = ""; !method.equals("mining.notify"); ) {
        method = rig.client().next().path("method").asString("");
        assertThat(method).isNotEqualTo("client.get_version");
      }
    }
  }

  @Test
  void whatTheMinerSaysOfItselfIsKept() throws Exception {
    try (V1Client client = house.connect()) {
      client.call(
          "{\"id\":3,\"method\":\"mining.configure\",\"params\":[[\"info\"],{\"info.hw-version\":"
              + "\"S19\\u0007k\",\"info.sw-version\":\"2.1\",\"info.hw-id\":7,\"info.other\":\"x\"}]}");
      client.call("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"rig/2\"]}");
      client.call(AUTHORIZE);
      await().atMost(SOON).until(() -> house.live().size() == 1);
      LiveSession live = house.live().iterator().next();
      assertThat(live.info()).containsOnlyKeys("hw-version", "sw-version");
      assertThat(live.info())
          .containsEntry("hw-version", "S19k")
          .containsEntry("sw-version", "2.1");
    }
  }

  @Test
  void theOperatorsMessageReachesThoseThatMine() throws Exception {
    try (V1Rig rig = house.rig("alice.one");
        V1Client other = house.connect()) {
      house.server().show("maintenance at 10:00 \"UTC\"");
      JsonNode shown = message(rig.client(), "client.show_message");
      assertThat(shown.required("id").isNull()).isTrue();
      assertThat(shown.required("params").required(0).asString())
          .isEqualTo("maintenance at 10:00 \"UTC\"");
      assertThat(ping(other)).as("not before it mines").isEqualTo("pong");
    }
    for (String wrong : List.of("", " ", "two\nlines", "\u00e9", "x".repeat(121))) {
      assertThatThrownBy(() -> house.server().show(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("120 printable ASCII");
    }
  }

  @Test
  void theOperatorSendsMinersAwayAndNamesNoOtherPool() throws Exception {
    try (V1Rig first = house.rig("alice.one");
        V1Rig second = house.rig("bob.one")) {
      house.server().sendAway(0);
      for (V1Rig rig : List.of(first, second)) {
        JsonNode asked = message(rig.client(), "client.reconnect");
        assertThat(asked.required("params").isEmpty()).isTrue();
        assertThat(ping(rig.client())).as("whoever stays is served").isEqualTo("pong");
      }
    }
    assertThatThrownBy(() -> house.server().sendAway(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aThousandThatNeverSpeakDoNotKeepAMinerOut() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < SILENT; i++) {
        Socket socket = new Socket();
        silent.add(socket);
        // Farms share addresses; these come from fifty, so that no bound by address meets them.
        socket.bind(
            new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 7, (byte) (1 + i % 50)}), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), house.port()));
      }
      await().atMost(SOON).until(() -> house.connections() == SILENT);
      try (V1Rig honest = house.rig("alice.one")) {
        JsonNode reply =
            honest.submit(honest.find(honest.difficulty().target()), honest.job().id());
        assertThat(reply.required("result").asBoolean()).as(reply.toString()).isTrue();
        house.clock.advance(Duration.ofSeconds(16));
        await().atMost(SOON).until(() -> house.connections() == 1);
        assertThat(ping(honest.client())).isEqualTo("pong");
      }
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  private static JsonNode message(V1Client client, String method) throws IOException {
    JsonNode next = client.next();
    while (!next.path("method").asString("").equals(method)) {
      next = client.next();
    }
    return next;
  }

  private List<String> agents() {
    return house.live().stream().map(LiveSession::userAgent).toList();
  }

  private static String ping(V1Client client) throws IOException {
    return client
        .call("{\"id\":9,\"method\":\"mining.ping\",\"params\":[]}")
        .required("result")
        .asString();
  }
}
