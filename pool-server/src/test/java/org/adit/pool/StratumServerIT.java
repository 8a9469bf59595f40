package org.adit.pool;

import static org.adit.pool.StratumHouse.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Target;
import org.adit.pool.mining.ShareRequirement;
import org.adit.pool.stratum.StratumLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The Stratum V1 server as a miner meets it: over a socket, with real shares. */
final class StratumServerIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String SUBSCRIBE =
      "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}";
  private static final String AUTHORIZE =
      "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"alice.one\",\"x\"]}";
  private static final String PING = "{\"id\":99,\"method\":\"mining.ping\",\"params\":[]}";
  private static final String PONG = "{\"id\":99,\"result\":\"pong\",\"error\":null}";

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

  // ---- dialogue ----

  /** ESP-Miner sends all three without waiting; many clients match replies by position. */
  @Test
  void repliesComeInTheOrderOfPipelinedRequestsAndWorkAfterThem() throws Exception {
    try (V1Client client = house.connect()) {
      client.sendRaw(
          "{\"id\":1,\"method\":\"mining.configure\",\"params\":[[\"version-rolling\",\"x\"],"
              + "{\"version-rolling.mask\":\"FFFFFFFF\"}]}\n"
              + "{\"id\":2,\"method\":\"mining.subscribe\",\"params\":[\"bitaxe/1\"]}\n"
              + "{\"id\":3,\"method\":\"mining.authorize\",\"params\":[\"alice.one\",\"d=0.0001\"]}\n"
              + PING
              + "\n");
      assertThat(client.line())
          .isEqualTo(
              "{\"id\":1,\"result\":{\"version-rolling\":true,\"version-rolling.mask\":\"1fffe000\","
                  + "\"x\":false},\"error\":null}");
      assertThat(client.line())
          .matches(
              "\\{\"id\":2,\"result\":\\[\\[\\[\"mining.set_difficulty\",\"[0-9a-f]{16}\"],"
                  + "\\[\"mining.notify\",\"[0-9a-f]{16}\"]],\"[0-9a-f]{8}\",8],\"error\":null}");
      assertThat(client.line()).isEqualTo("{\"id\":3,\"result\":true,\"error\":null}");
      assertThat(client.line())
          .startsWith("{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[0.0001");
      assertThat(client.line()).startsWith("{\"id\":null,\"method\":\"mining.notify\"");
      assertThat(client.line()).isEqualTo(PONG);
    }
  }

  @Test
  void authorizeMayComeFirst() throws Exception {
    try (V1Client client = house.connect()) {
      client.sendRaw(AUTHORIZE + "\n" + SUBSCRIBE + "\n");
      assertThat(client.line()).isEqualTo("{\"id\":2,\"result\":true,\"error\":null}");
      assertThat(client.line()).startsWith("{\"id\":1,\"result\":[[[");
      assertThat(client.line()).contains("mining.set_difficulty");
      assertThat(client.line()).contains("mining.notify").endsWith(",true]}");
    }
  }

  @Test
  void laterAuthorizesGetNoNewJob() throws Exception {
    try (V1Rig rig = house.rig("alice.one")) {
      V1Client client = rig.client();
      client.sendRaw(
          AUTHORIZE.replace("alice.one", "bob.two") + "\n" + AUTHORIZE + "\n" + PING + "\n");
      assertThat(client.line()).isEqualTo("{\"id\":2,\"result\":true,\"error\":null}");
      assertThat(client.line()).isEqualTo("{\"id\":2,\"result\":true,\"error\":null}");
      assertThat(client.line()).isEqualTo(PONG);
      V1Job.Share share = rig.find(START.target());
      assertTrue(rig.answer(share.submit(5, "bob.two", rig.job().id())));
      assertTrue(rig.submit(rig.find(START.target()), rig.job().id()));
      assertThat(house.stored()).extracting(record -> record.workerId()).containsExactly(2, 1);
    }
  }

  @Test
  void everySpellingOfBytesIsRead() throws Exception {
    try (V1Client client = house.connect()) {
      String both = "\r\n\n" + SUBSCRIBE + "\r\n\r\n" + AUTHORIZE + "\r\n";
      for (int i = 0; i < both.length(); i++) {
        client.sendRaw(both.substring(i, i + 1));
      }
      assertThat(client.line()).startsWith("{\"id\":1,\"result\":[[[");
      assertThat(client.line()).isEqualTo("{\"id\":2,\"result\":true,\"error\":null}");
    }
  }

  @Test
  void idsAreEchoedAndNullOnesGetNoReply() throws Exception {
    try (V1Client client = house.connect()) {
      client.sendRaw(
          """
          {"id":null,"method":"mining.suggest_difficulty","params":[1]}
          {"method":"mining.nonsense","params":[]}
          {"id":7,"method":"pong","params":[]}
          {"id":8,"result":"cgminer/4","error":null}
          {"id":"xnsub","method":"mining.extranonce.subscribe","params":[]}
          {"id":9007199254740993,"method":"mining.ping"}
          """);
      assertThat(client.line()).isEqualTo("{\"id\":\"xnsub\",\"result\":true,\"error\":null}");
      assertThat(client.line())
          .isEqualTo("{\"id\":9007199254740993,\"result\":\"pong\",\"error\":null}");
    }
  }

  @Test
  void anUnknownMethodAndAMalformedLineAreNamedAndTheConnectionStays() throws Exception {
    try (V1Client client = house.connect()) {
      assertError(
          client.call("{\"id\":4,\"method\":\"eth_submitLogin\",\"params\":[]}"), -3, "method");
      assertError(client.call("{\"id\":5,\"method\":"), 20, "malformed");
      assertError(
          client.call("{\"id\":6,\"method\":\"mining.submit\",\"params\":[]}"),
          25,
          "not subscribed");
      assertThat(client.call(PING).required("result").asString()).isEqualTo("pong");
    }
  }

  @Test
  void aUserOfAnotherNetworkIsRefusedInWords() throws Exception {
    try (V1Client client = house.connect()) {
      client.call(SUBSCRIBE);
      JsonNode refused =
          client.call(
              AUTHORIZE.replace("alice.one", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx.rig"));
      assertError(refused, 24, "unauthorized worker");
      assertThat(refused.required("error").required(1).asString().toLowerCase(Locale.ROOT))
          .contains("regtest");
      assertThat(refused.required("result").asBoolean()).isFalse();
      JsonNode taken = client.call(AUTHORIZE.replace("alice.one", StratumHouse.ADDRESS + ".rig"));
      assertTrue(taken);
    }
  }

  // ---- shares ----

  @Test
  void eachFaultOfAShareHasItsCode() throws Exception {
    try (V1Rig rig = house.rig("alice.one")) {
      String job = rig.job().id();
      V1Job.Share good = rig.find(START.target());
      String line = good.submit(5, "alice.one", job);
      String en2 = good.extranonce2();
      assertError(rig.answer(line.replace("alice.one", "bob.one")), 24, "unauthorized");
      assertError(rig.answer(good.submit(5, "alice.one", "ffff")), 21, "job not found");
      assertError(rig.answer(line.replace(en2, en2.substring(2))), 20, "bad extranonce2 size");
      assertError(rig.answer(line.replace(en2, "zz" + en2.substring(2))), 20, "malformed");
      assertError(
          rig.answer(good.submitVersion(5, "alice.one", job, "20000000")), 20, "version bits");
      BlockHeader early = at(rig.job(), rig, good, rig.job().time() - 601);
      BlockHeader late = at(rig.job(), rig, good, rig.job().time() + 7_001);
      assertError(rig.answer(new V1Job.Share(early, en2).submit(5, "alice.one", job)), 20, "ntime");
      assertError(rig.answer(new V1Job.Share(late, en2).submit(5, "alice.one", job)), 20, "ntime");
      V1Job.Share low = new V1Job.Share(failing(good.header()), en2);
      assertError(rig.submit(low, job), 23, "low difficulty");
      assertThat(house.stored()).isEmpty();
      assertTrue(rig.answer(line)); // None of all this stands in the way of the good one.
      assertThat(house.stored()).hasSize(1);
      assertThat(BlockHeader.parse(house.stored().getFirst().header80())).isEqualTo(good.header());
    }
  }

  @Test
  void aShareIsADuplicateInAnySpelling() throws Exception {
    try (V1Rig rig = house.rig("alice.one")) {
      String job = rig.job().id();
      V1Job.Share share = shareWithShortNonce(rig);
      String line = share.submit(5, "alice.one", job);
      assertTrue(rig.answer(line));
      String nonce = "%08x".formatted(share.header().nonce());
      List<String> same =
          List.of(
              line,
              line.replace(nonce, nonce.substring(1)),
              line.replace(nonce, nonce.toUpperCase(Locale.ROOT)),
              line.replace("\"" + nonce + "\"", String.valueOf(share.header().nonce())),
              share.submitVersion(5, "alice.one", job, "0"),
              share.submitVersion(5, "alice.one", job, "00000000"));
      for (String again : same) {
        assertError(rig.answer(again), 22, "duplicate");
      }
      assertThat(house.stored()).hasSize(1);
    }
  }

  @Test
  void rolledVersionBitsCount() throws Exception {
    try (V1Rig rig = house.rig("alice.one")) {
      V1Job job = rig.job();
      String en2 = "%016x".formatted(77);
      BlockHeader rolled = job.header(rig.extranonce1(), en2, 0x00c0_0000, job.time());
      V1Job.Share share = V1Job.find(rolled, en2, START.target(), 0);
      assertTrue(rig.answer(share.submitVersion(5, "alice.one", job.id(), "00C00000")));
      assertThat(BlockHeader.parse(house.stored().getFirst().header80()).version())
          .isEqualTo(job.version() | 0x00c0_0000);
    }
  }

  @Test
  void graceHoldsFromTheBlockUntilAWhileAfterTheMinerWasTold() throws Exception {
    try (StratumHouse kind =
            new StratumHouse(
                Files.createDirectory(folder.resolve("kind")), StratumLimits.DEFAULT, 1_000);
        V1Rig rig = kind.rig("alice.one")) {
      V1Job old = rig.job();
      Runnable tell = kind.newTipUntold();
      assertTrue(rig.submit(rig.find(START.target()), old.id()));
      kind.clock.advance(Duration.ofMillis(999));
      assertTrue(rig.submit(rig.find(START.target()), old.id()));
      kind.clock.advance(Duration.ofMillis(1));
      assertError(rig.submit(rig.find(START.target()), old.id()), 21, "stale-prevblk");
      V1Job.Share late = rig.find(START.target());
      V1Job.Share later = rig.find(START.target());
      tell.run();
      assertThat(rig.nextJob().clean()).isTrue();
      kind.clock.advance(Duration.ofMillis(999));
      assertTrue(rig.submit(late, old.id()));
      kind.clock.advance(Duration.ofMillis(1));
      assertError(rig.submit(later, old.id()), 21, "stale-prevblk");
    }
  }

  @Test
  void aShareOfAnOldTipIsStale() throws Exception {
    try (V1Rig rig = house.rig("alice.one")) {
      V1Job old = rig.job();
      V1Job.Share share = rig.find(START.target());
      V1Job.Share second = rig.find(START.target());
      house.newWork();
      assertThat(rig.nextJob().clean()).isFalse();
      assertTrue(rig.submit(share, old.id()));
      house.newTip();
      assertThat(rig.nextJob().clean()).isTrue();
      assertError(rig.submit(second, old.id()), 21, "stale-prevblk");
      assertTrue(rig.submit(rig.find(START.target()), rig.job().id()));
    }
  }

  @Test
  void aRaiseHarmsNoShareUnderWay() throws Exception {
    Difficulty raised = Difficulty.powerOfTwo(-12);
    try (V1Rig rig = house.rig("alice.one")) {
      V1Job easy = rig.job();
      V1Job.Share underWay = shareBetween(rig, START.target(), raised.target());
      assertTrue(rig.client().call(suggest("[" + raised.toWire() + "]")));
      house.newWork();
      V1Job hard = rig.nextJob();
      assertThat(rig.difficulty()).isEqualTo(raised);
      assertTrue(rig.submit(underWay, easy.id()));
      Target network = Target.ofCompact(StratumHouse.BITS);
      assertThat(house.stored().getFirst().work())
          .isEqualTo(ShareRequirement.of(START, network).work());
      V1Job.Share tooEasy = shareBetween(rig, START.target(), raised.target());
      assertError(rig.submit(tooEasy, hard.id()), 23, "low difficulty");
    }
  }

  @Test
  void aDifficultyIsSuggestedInManyForms() throws Exception {
    Difficulty wanted = Difficulty.powerOfTwo(-10);
    for (String form : List.of("[%s]", "[\"%s\"]", "%s")) {
      try (V1Client client = house.connect()) {
        assertTrue(client.call(suggest(form.formatted(wanted.toWire()))));
        client.sendRaw(SUBSCRIBE + "\n" + AUTHORIZE + "\n");
        JsonNode announced = client.awaitNotification("mining.set_difficulty").required(0);
        assertThat(Difficulty.of(announced.decimalValue())).as(form).isEqualTo(wanted);
      }
    }
  }

  /** A full disk is said, never hidden, and what was refused may be sent again. */
  @Test
  void aFullDiskGivesNoFalseTrueAndPasses() throws Exception {
    try (V1Rig rig = house.rig("alice.one")) {
      String job = rig.job().id();
      assertTrue(rig.submit(rig.find(START.target()), job));
      house.disk.full(true);
      V1Job.Share unlucky = rig.find(START.target());
      for (int i = 0; i < 3; i++) {
        assertError(rig.submit(unlucky, job), 20, "not stored");
      }
      assertError(rig.submit(rig.find(START.target()), job), 20, "not stored");
      assertThat(house.stored()).hasSize(1);
      house.disk.full(false);
      // The same share again: it was never credited, so it is no duplicate.
      await().atMost(SOON).until(() -> rig.submit(unlucky, job).required("result").asBoolean());
      assertError(rig.submit(unlucky, job), 22, "duplicate");
      assertThat(house.stored()).hasSize(2);
    }
  }

  // ---- who is shown the door ----

  @Test
  void aLineTooLongCloses() throws Exception {
    try (V1Client client = house.connect()) {
      client.send(SUBSCRIBE);
      assertThat(client.line()).startsWith("{\"id\":1");
      client.sendRaw("{\"id\":1,\"method\":\"" + "x".repeat(9_000));
      assertThat(client.line()).isNull();
    }
  }

  @Test
  void browsersAndTlsAreClosedWithoutAWord() throws Exception {
    for (String hello :
        List.of("GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001")) {
      try (V1Client client = house.connect()) {
        client.sendRaw(hello);
        assertThat(client.line()).isNull();
      }
    }
  }

  @Test
  void anObjectAsIdIsAnsweredAndClosed() throws Exception {
    try (V1Client client = house.connect()) {
      JsonNode answer = client.call("{\"id\":{},\"method\":\"mining.ping\",\"params\":[]}");
      assertError(answer, 20, "");
      assertThat(answer.required("id").isNull()).isTrue();
      assertThat(client.line()).isNull();
    }
  }

  @Test
  void theSilentAreClosedInTime() throws Exception {
    try (V1Client silent = house.connect();
        V1Client anonymous = house.connect();
        V1Rig honest = house.rig("alice.one")) {
      anonymous.call(SUBSCRIBE);
      await().atMost(SOON).until(() -> house.connections() == 3);
      house.clock.advance(Duration.ofSeconds(16));
      assertThat(silent.line()).isNull();
      assertThat(anonymous.call(PING).required("result").asString()).isEqualTo("pong");
      house.clock.advance(Duration.ofSeconds(45));
      assertThat(anonymous.line()).isNull();
      assertThat(honest.client().call(PING).required("result").asString()).isEqualTo("pong");
      house.clock.advance(Duration.ofHours(2));
      assertThat(honest.client().line()).as("two hours without a share").isNull();
    }
  }

  @Test
  void aSlowReaderGetsTheNewestJobInsteadOfAllAndIsClosedInTheEnd() throws Exception {
    try (V1Client slow = new V1Client(house.port(), 4_096);
        V1Rig honest = house.rig("bob.one")) {
      slow.sendRaw(SUBSCRIBE + "\n" + AUTHORIZE + "\n");
      slow.awaitNotification("mining.notify");
      // More than all buffers between the two ends hold.
      for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 200; i++) {
          house.newWork();
        }
        honest.catchUp(house.newestJob());
      }
      assertThat(house.connections()).isEqualTo(2);
      assertTrue(honest.submit(honest.find(START.target()), honest.job().id()));

      house.clock.advance(Duration.ofSeconds(61));
      await().atMost(Duration.ofSeconds(20)).until(() -> house.connections() == 1);
      assertTrue(honest.submit(honest.find(START.target()), honest.job().id()));
    }
  }

  @Test
  void whoAsksAndNeverReadsIsClosed() throws Exception {
    try (V1Client slow = new V1Client(house.port(), 4_096)) {
      slow.sendRaw(SUBSCRIBE + "\n" + AUTHORIZE + "\n");
      slow.awaitNotification("mining.notify");
      String name = ",\"" + "n".repeat(60) + "\"";
      String ask =
          "{\"id\":7,\"method\":\"mining.configure\",\"params\":[[\"a\"%s],{}]}\n"
              .formatted(name.repeat(60))
              .repeat(100);
      await()
          .atMost(Duration.ofSeconds(40))
          .pollInterval(Duration.ofMillis(1))
          .until(() -> {
            try {
              slow.sendRaw(ask);
            } catch (java.io.IOException e) {
              // closed under our hands, as it should be
            }
            house.clock.advance(Duration.ofSeconds(6));
            return house.connections() == 0;
          });
    }
  }

  // ---- helpers ----

  private static String suggest(String params) {
    return "{\"id\":6,\"method\":\"mining.suggest_difficulty\",\"params\":" + params + "}";
  }

  private static BlockHeader at(V1Job job, V1Rig rig, V1Job.Share like, int ntime) {
    BlockHeader start = job.header(rig.extranonce1(), like.extranonce2(), 0, ntime);
    return V1Job.find(start, like.extranonce2(), START.target(), 0).header();
  }

  private static BlockHeader failing(BlockHeader like) {
    Target easiest = START.target().withPdiffTolerance();
    int nonce = 0;
    while (easiest.isMetBy(V1Job.withNonce(like, nonce).hash())) {
      nonce++;
    }
    return V1Job.withNonce(like, nonce);
  }

  /** One that NerdMiner would send without its leading zero; with letters, so that case matters. */
  private static V1Job.Share shareWithShortNonce(V1Rig rig) {
    while (true) {
      V1Job.Share share = rig.find(START.target());
      String nonce = "%08x".formatted(share.header().nonce());
      if (nonce.startsWith("0") && nonce.matches(".*[a-f].*")) {
        return share;
      }
    }
  }

  /** A share good enough for the one target and not for the other. */
  private static V1Job.Share shareBetween(V1Rig rig, Target easy, Target hard) {
    while (true) {
      V1Job.Share share = rig.find(easy);
      if (!Target.of(hard.value()).withPdiffTolerance().isMetBy(share.hash())) {
        return share;
      }
    }
  }

  private static void assertTrue(JsonNode reply) {
    assertThat(reply.required("result").asBoolean()).as(reply.toString()).isTrue();
    assertThat(reply.required("error").isNull()).isTrue();
  }

  private static void assertError(JsonNode reply, int code, String text) {
    JsonNode error = reply.required("error");
    assertThat(error.isArray()).as(reply.toString()).isTrue();
    assertThat(error.required(0).asInt()).as(reply.toString()).isEqualTo(code);
    assertThat(error.required(1).asString()).contains(text);
    assertThat(error.required(2).isNull()).isTrue();
  }
}
