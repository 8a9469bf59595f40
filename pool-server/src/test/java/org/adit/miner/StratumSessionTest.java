package org.adit.miner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Difficulty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

/** What the client says and does, line by line, with a clock that the test moves. */
class StratumSessionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HASH = "00".repeat(32);

  private final List<String> sent = new ArrayList<>();
  private final List<MinerWork> works = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private long now = 1_000;

  private final StratumSession.Events sink =
      new StratumSession.Events() {
        @Override
        public void authorized() {
          events.add("authorized");
        }

        @Override
        public void work(MinerWork work) {
          works.add(work);
        }

        @Override
        public void accepted(Difficulty difficulty) {
          events.add("accepted " + difficulty);
        }

        @Override
        public void rejected(int code, String text) {
          events.add("rejected " + code + " " + text);
        }

        @Override
        public void unanswered(int shares) {
          events.add("unanswered " + shares);
        }

        @Override
        public void message(String text) {
          events.add(text);
        }
      };

  private StratumSession session(String suffix) {
    MinerOptions options =
        MinerOptions.of(PoolUrl.parse("stratum+tcp://pool.example:3333" + suffix), "bob.1", 1)
            .withPassword("d=2");
    return new StratumSession(options, true, sent::add, sink);
  }

  private StratumSession mining() {
    StratumSession s = session("");
    s.begin(now);
    s.onLine(
        "{\"id\":1,\"result\":{\"version-rolling\":true,\"version-rolling.mask\":\"1FFFE000\"},\"error\":null}",
        now);
    s.onLine("{\"id\":2,\"result\":[[],\"0a0b\",4],\"error\":null}", now);
    s.onLine("{\"id\":3,\"result\":true,\"error\":null}", now);
    return s;
  }

  private static String job(String id, boolean clean) {
    return "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"%s\",\"%s\",\"01\",\"02\",[],\"20000000\",\"1d00ffff\",\"5f000000\",%s]}"
        .formatted(id, HASH, clean);
  }

  private boolean find(StratumSession s, MinerWork work, int version) throws Exception {
    MinerWork.Unit unit = work.nextUnit().orElseThrow();
    BlockHeader h = unit.header();
    BlockHeader found =
        new BlockHeader(version, h.previous(), h.merkleRoot(), h.time(), h.bits(), 0xab);
    return s.awaitSlot(() -> true) && s.submit(work, unit, found, now);
  }

  @Test
  void saysConfigureSubscribeAuthorizeInTurn() {
    mining();
    assertThat(sent)
        .containsExactly(
            "{\"id\":1,\"method\":\"mining.configure\",\"params\":[[\"version-rolling\"],{\"version-rolling.mask\":\"1fffe000\",\"version-rolling.min-bit-count\":2}]}",
            "{\"id\":2,\"method\":\"mining.subscribe\",\"params\":[\"adit-miner/0.1\"]}",
            "{\"id\":3,\"method\":\"mining.authorize\",\"params\":[\"bob.1\",\"d=2\"]}");
    assertThat(events).containsExactly("authorized");
  }

  @Test
  void submitsSixParametersWithRollingAndFiveWithout() throws Exception {
    StratumSession s = mining();
    s.onLine(job("j1", true), now);
    assertThat(find(s, works.getLast(), 0x20002000)).isTrue();
    assertThat(sent.getLast())
        .isEqualTo(
            "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"bob.1\",\"j1\",\"00000000\",\"5f000000\",\"000000ab\",\"00002000\"]}");

    sent.clear();
    StratumSession plain = session("");
    plain.begin(now);
    plain.onLine("{\"id\":1,\"result\":null,\"error\":[-3,\"method not found\",null]}", now);
    plain.onLine("{\"id\":\"2\",\"result\":[[],\"0a0b\",4]}", now);
    plain.onLine("{\"id\":3,\"result\":true}", now);
    plain.onLine(job("j1", true), now);
    assertThat(works.getLast().rollMask()).isZero();
    assertThat(find(plain, works.getLast(), 0x20000000)).isTrue();
    assertThat(sent.getLast())
        .endsWith("[\"bob.1\",\"j1\",\"00000000\",\"5f000000\",\"000000ab\"]}");
    assertThat(find(plain, works.getLast(), 0x20002000)).as("a version not granted").isFalse();
  }

  @Test
  void bitsTheJobHasSetItselfAreNotRolled() {
    StratumSession s = mining();
    s.onLine(job("j1", true).replace("20000000", "30000000"), now);
    assertThat(works.getLast().rollMask()).isEqualTo(0x0fffe000);
  }

  @Test
  void aJobBeforeAuthorisationWaitsForIt() {
    StratumSession s = session("");
    s.begin(now);
    s.onLine("{\"id\":1,\"result\":{}}", now);
    s.onLine("{\"id\":2,\"result\":[[],\"0a0b\",4]}", now);
    s.onLine(job("early", true), now);
    assertThat(works).isEmpty();
    s.onLine("{\"id\":3,\"result\":true}", now);
    assertThat(works).extracting(w -> w.job().id()).containsExactly("early");
  }

  @Test
  void aDifficultyHoldsFromTheNextJobOn() {
    StratumSession s = mining();
    s.onLine(job("a", true), now);
    s.onLine("{\"method\":\"mining.set_difficulty\",\"params\":[0.0625]}", now);
    assertThat(works.getLast().difficulty()).isEqualTo(Difficulty.of(1));
    s.onLine(job("b", false), now);
    assertThat(works.getLast().difficulty()).isEqualTo(Difficulty.powerOfTwo(-4));
    for (String bad : List.of("0", "-1", "\"x\"", "[]", "1e999999999", "null")) {
      s.onLine("{\"method\":\"mining.set_difficulty\",\"params\":[" + bad + "]}", now);
    }
    s.onLine(job("c", false), now);
    assertThat(works.getLast().difficulty()).isEqualTo(Difficulty.powerOfTwo(-4));
    assertThat(events).filteredOn(e -> e.contains("a difficulty that is no")).hasSize(6);
  }

  @Test
  void findsOfWithdrawnJobsAreDropped() throws Exception {
    StratumSession s = mining();
    s.onLine(job("a", true), now);
    s.onLine(job("b", false), now);
    assertThat(find(s, works.get(0), 0x20000000)).as("not clean: a still earns").isTrue();
    s.onLine(job("c", true), now);
    assertThat(find(s, works.get(0), 0x20000000)).isFalse();
    assertThat(find(s, works.get(1), 0x20000000)).isFalse();
    assertThat(find(s, works.get(2), 0x20000000)).isTrue();
    assertThat(s.outstanding()).as("dropped finds give their slot back").isEqualTo(2);
  }

  @Test
  void aNarrowerMaskHoldsAtOnce() throws Exception {
    StratumSession s = mining();
    s.onLine(job("a", true), now);
    s.onLine("{\"method\":\"mining.set_version_mask\",\"params\":[\"00006000\"]}", now);
    assertThat(works).hasSize(2);
    assertThat(works.getLast().rollMask()).isEqualTo(0x6000);
    assertThat(find(s, works.getFirst(), 0x20010000)).isFalse();
    assertThat(find(s, works.getFirst(), 0x20006000)).isTrue();
  }

  @Test
  void extranoncesHoldFromTheNextJobOn() {
    StratumSession s = mining();
    s.onLine(job("a", true), now);
    s.onLine("{\"method\":\"mining.set_extranonce\",\"params\":[\"ff\",2]}", now);
    assertThat(works.getLast().nextUnit().orElseThrow().extranonce2()).hasSize(8);
    s.onLine(job("b", true), now);
    assertThat(works.getLast().nextUnit().orElseThrow().extranonce2()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "result":true,"error":null                       | accepted 1
          "result":true                                    | accepted 1
          "result":false,"error":[21,"stale-prevblk",null] | rejected 21 stale-prevblk
          "result":null,"error":{"code":23,"message":"low"} | rejected 23 low
          "result":false,"error":"no"                      | rejected 0 no
          "result":null,"error":null                       | rejected 0 no reason given
          "error":[20,7]                                   | rejected 20 no reason given
          "error":[99999999999,"x"]                        | rejected 0 x
          """)
  void everyFormOfVerdict(String reply, String expected) throws Exception {
    StratumSession s = mining();
    s.onLine(job("a", true), now);
    assertThat(find(s, works.getLast(), 0x20000000)).isTrue();
    s.onLine("{\"id\":4," + reply + "}", now);
    assertThat(events).endsWith(expected);
    assertThat(s.outstanding()).isZero();
  }

  @Test
  void answersAreMatchedByIdNotByOrder() throws Exception {
    StratumSession s = mining();
    s.onLine("{\"method\":\"mining.set_difficulty\",\"params\":[2]}", now);
    s.onLine(job("a", true), now);
    assertThat(find(s, works.getLast(), 0x20000000)).isTrue();
    s.onLine("{\"method\":\"mining.set_difficulty\",\"params\":[3]}", now);
    s.onLine(job("b", false), now);
    assertThat(find(s, works.getLast(), 0x20000000)).isTrue();
    s.onLine("{\"id\":5,\"result\":true}", now);
    s.onLine("{\"id\":99,\"result\":true}", now);
    s.onLine("{\"id\":4,\"result\":false,\"error\":[22,\"duplicate\",null]}", now);
    s.onLine("{\"id\":4,\"result\":true}", now);
    assertThat(events).containsExactly("authorized", "accepted 3", "rejected 22 duplicate");
  }

  @Test
  void silenceOnConfigureIsWaitedOutAndForgiven() {
    StratumSession s = session("");
    s.begin(now);
    s.tick(now + Duration.ofMillis(4_900).toNanos());
    assertThat(sent).hasSize(1);
    s.tick(now + Duration.ofMillis(5_100).toNanos());
    assertThat(sent.getLast()).contains("mining.subscribe");
    assertThat(s.end()).isNull();
  }

  @Test
  void shareAnswersOverdueAndSilenceEndTheConnection() throws Exception {
    StratumSession s = mining();
    s.onLine(job("a", true), now);
    assertThat(find(s, works.getLast(), 0x20000000)).isTrue();
    s.onLine(job("b", true), now + Duration.ofSeconds(61).toNanos());
    s.tick(now + Duration.ofSeconds(61).toNanos());
    assertThat(s.end()).isEqualTo(new SessionEnd.Lost("the pool did not answer in 60 s"));
    assertThat(events).endsWith("unanswered 1");
    assertThat(find(s, works.getLast(), 0x20000000)).as("after the end").isFalse();

    StratumSession quiet = mining();
    quiet.tick(now + Duration.ofSeconds(299).toNanos());
    assertThat(quiet.end()).isNull();
    quiet.tick(now + Duration.ofMinutes(5).toNanos());
    assertThat(quiet.end()).isEqualTo(new SessionEnd.Lost("nothing from the pool for 300 s"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":2,\"result\":null,\"error\":[20,\"full\",null]}",
        "{\"id\":2,\"result\":[[],\"0a0b\"]}",
        "{\"id\":2,\"result\":[[],\"0a0\",4]}",
        "{\"id\":2,\"result\":[[],\"zz\",4]}",
        "{\"id\":2,\"result\":[[],\"0a0b\",-1]}",
        "{\"id\":2,\"result\":[[],\"0a0b\",33]}",
        "{\"id\":2,\"result\":[[],\"0a0b\",\"4\"]}",
        "{\"id\":2,\"result\":true}"
      })
  void anUnusableSubscriptionEndsTheConnection(String reply) {
    StratumSession s = session("");
    s.begin(now);
    s.onLine("{\"id\":1,\"result\":{}}", now);
    s.onLine(reply, now);
    assertThat(s.end()).isInstanceOf(SessionEnd.Lost.class);
    assertThat(sent).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                            | 3333 | 0
          ["POOL.example",4444,5]       | 4444 | 5
          ["pool.example","4444","5"]   | 4444 | 5
          ["pool.example",0,-3]         | 3333 | 0
          ["pool.example",99999,999999] | 3333 | 60
          """)
  void comesBackToTheSameHost(String params, int port, int seconds) {
    StratumSession s = mining();
    s.onLine("{\"method\":\"client.reconnect\",\"params\":" + params + "}", now);
    assertThat(s.end())
        .isEqualTo(
            new SessionEnd.Reconnect(
                "the pool asked to reconnect", port, Duration.ofSeconds(seconds)));
  }

  @Test
  void neverGoesToAnotherHost() {
    StratumSession s = mining();
    s.onLine("{\"method\":\"client.reconnect\",\"params\":[\"thief.example\",3333,0]}", now);
    s.onLine("{\"method\":\"client.reconnect\",\"params\":[\"pool.example.evil\",3333,0]}", now);
    assertThat(s.end()).isNull();
    assertThat(events).filteredOn(e -> e.contains("ignored, because on plain TCP")).hasSize(2);
  }

  @Test
  void anExtranonceSubscriptionIsMadeWhenTheUrlSaysSo() {
    StratumSession s = session("#xnsub");
    s.begin(now);
    s.onLine("{\"id\":1,\"result\":{}}", now);
    s.onLine("{\"id\":2,\"result\":[[],\"0a0b\",4]}", now);
    s.onLine("{\"id\":3,\"result\":true}", now);
    assertThat(sent.getLast())
        .isEqualTo("{\"id\":4,\"method\":\"mining.extranonce.subscribe\",\"params\":[]}");
    s.onLine("{\"id\":4,\"result\":false,\"error\":[20,\"Not supported.\",null]}", now);
    assertThat(s.end()).isNull();
  }

  @Test
  void tenMalformedLinesAreEnough() {
    StratumSession s = mining();
    for (int i = 0; i < 9; i++) {
      s.onLine("GARBAGE", now);
    }
    assertThat(s.end()).isNull();
    s.onLine("[]", now);
    assertThat(s.end()).isEqualTo(new SessionEnd.Lost("the pool does not speak Stratum"));
  }

  @Test
  void aChattyPoolCannotFillTheLog() {
    StratumSession s = mining();
    for (int i = 0; i < 1_000; i++) {
      s.onLine("{\"method\":\"client.show_message\",\"params\":[\"m\"]}", now);
    }
    assertThat(events).hasSizeLessThan(110);
  }

  @Test
  void aPoolThatDoesNotReadIsLeft() {
    StratumSession s =
        new StratumSession(
            MinerOptions.of(PoolUrl.parse("h:1"), "u", 1), true, line -> false, sink);
    s.begin(now);
    assertThat(s.end()).isEqualTo(new SessionEnd.Lost("the pool does not read what it is sent"));
  }

  /**
   * Seeded garbage made of real lines: no exception leaves the session, and what it says stays
   * JSON.
   */
  @Test
  void hostileLinesHarmNothing() {
    List<String> seeds =
        List.of(
            job("a", true),
            "{\"id\":4,\"result\":[[[\"mining.notify\",\"x\"]],\"0a0b\",4],\"error\":null}",
            "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[0.001]}",
            "{\"id\":1,\"method\":\"client.get_version\",\"params\":[]}",
            "{\"id\":\"x\",\"method\":\"mining.ping\"}",
            "{\"id\":null,\"method\":\"mining.set_extranonce\",\"params\":[\"ff\",2]}",
            "{\"id\":null,\"method\":\"mining.set_version_mask\",\"params\":[\"1fffe000\"]}");
    Random random = new Random(7);
    String alphabet = "{}[]\",:0123456789abcdefEe+-.\\u\u0000\ud83d tru";
    for (int round = 0; round < 2_000; round++) {
      StratumSession s = mining();
      sent.clear();
      for (int i = 0; i < 5; i++) {
        StringBuilder line = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
        for (int edit = random.nextInt(4); edit > 0; edit--) {
          int at = random.nextInt(line.length());
          if (random.nextBoolean()) {
            line.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
          } else {
            line.delete(at, Math.min(line.length(), at + random.nextInt(10)));
            line.append(' ');
          }
        }
        s.onLine(line.toString(), now);
      }
      for (String line : sent) {
        assertThat(JSON.readTree(line).isObject()).isTrue();
        assertThat(line).doesNotContain("\n");
      }
      for (MinerWork work : works) {
        assertThat(work.nextUnit()).isPresent();
      }
      works.clear();
      events.clear();
    }
  }
}
