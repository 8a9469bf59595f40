package org.adit.miner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.adit.hasher.Difficulty;
import org.adit.hasher.HashEngine;
import org.adit.hasher.HashEngines;
import org.adit.hasher.HeaderScanner;
import org.adit.hasher.ScanResult;
import org.adit.hasher.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The client against a pool on a real socket that recomputes each share. */
@Timeout(60)
class MinerClientTest {
  private static final MinerOptions.Timing FAST =
      new MinerOptions.Timing(
          Duration.ofSeconds(5),
          Duration.ofMillis(300),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofMillis(20),
          Duration.ofMillis(200));

  private static final Duration SOON = Duration.ofSeconds(20);

  private StratumPeer pool;
  private final List<String> events = new CopyOnWriteArrayList<>();
  private volatile long newestJobNanos;

  private final MinerListener listener =
      new MinerListener() {
        @Override
        public void stateChanged(MinerState state, String reason) {
          events.add(state + ": " + reason);
        }

        @Override
        public void message(String text) {
          events.add(text);
        }

        @Override
        public void jobReceived(String jobId, boolean clean) {
          newestJobNanos = System.nanoTime();
        }
      };

  @BeforeEach
  void openPool() throws IOException {
    pool = new StratumPeer();
  }

  @AfterEach
  void closePool() throws IOException {
    pool.close();
  }

  private MinerOptions options(int threads) {
    return MinerOptions.of(pool.url(), "alice.w1", threads).withTiming(FAST);
  }

  @ParameterizedTest
  @EnumSource(StratumPeer.Configure.class)
  void minesWhateverThePoolThinksOfConfigure(StratumPeer.Configure configure) throws Exception {
    pool.habits.configure = configure;
    MinerClient client = new MinerClient(options(1), listener);
    try (client) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 20);
    }
    MinerStats stats = client.stats();
    assertThat(stats.accepted()).isEqualTo(pool.good());
    assertThat(stats.rejected()).isZero();
    assertThat(stats.unanswered()).isZero();
    assertThat(stats.state()).isEqualTo(MinerState.CLOSED);
    assertThat(stats.reconnects()).isZero();
    assertThat(stats.hashes()).isGreaterThan(20 * 1000);
    assertThat(pool.shares).allSatisfy(s -> assertThat(s.verdict()).isEmpty());
    assertThat(pool.connections()).isEqualTo(configure == StratumPeer.Configure.HANG_UP ? 2 : 1);
  }

  /** What a search finds before it looks up is handed in and answered before the hang-up. */
  @Test
  void closingAmidFindsLeavesNoneUnanswered() throws Exception {
    LateStop engine = new LateStop();
    MinerClient client = new MinerClient(options(1), listener, engine, System::nanoTime, () -> 0.5);
    try (client) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 5);
    }
    MinerStats stats = client.stats();
    assertThat(stats.unanswered()).isZero();
    assertThat(stats.accepted()).isEqualTo(pool.good());
    assertThat(pool.good()).isGreaterThan(engine.goodBeforeTheLastScan);
  }

  @ParameterizedTest
  @CsvSource({"'', 8", "0a, 4", "0a0b0c0d0e0f1011, 2", "0a0b0c0d, 1", "0a0b0c0d, 16", "0a0b, 0"})
  void anyExtranonceSizes(String extranonce1, int extranonce2Size) throws Exception {
    pool.habits.extranonce1 = extranonce1;
    pool.habits.extranonce2Size = extranonce2Size;
    try (MinerClient client = new MinerClient(options(2), listener)) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 30);
    }
    assertThat(pool.shares).allSatisfy(s -> assertThat(s.verdict()).isEmpty());
  }

  @Test
  void threadsNeverShareHeaders() throws Exception {
    try (MinerClient client = new MinerClient(options(4), listener)) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 200);
    }
    assertThat(pool.shares).noneMatch(s -> s.verdict().equals("duplicate"));
    assertThat(pool.shares.stream().map(StratumPeer.Share::extranonce2).distinct().count())
        .isGreaterThan(1);
  }

  @Test
  void rollsVersionBitsInsideTheMaskOnly() throws Exception {
    pool.habits.mask = 0x00c00000;
    try (MinerClient client = new MinerClient(options(1), listener)) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 60);
    }
    assertThat(pool.shares).allSatisfy(s -> assertThat(s.verdict()).isEmpty());
    assertThat(pool.shares.stream().map(StratumPeer.Share::version).distinct().toList())
        .containsExactlyInAnyOrder(0x20000000, 0x20400000, 0x20800000, 0x20c00000);
  }

  @Test
  void aCleanJobTakesOverWithin50Milliseconds() throws Exception {
    StoppedScans engine = new StoppedScans();
    try (MinerClient client =
        new MinerClient(options(2), listener, engine, System::nanoTime, () -> 0.5)) {
      client.start();
      await().atMost(SOON).until(() -> client.stats().hashes() > 0);
      // Nothing can be found, so every scan runs until it is told to stop.
      pool.setDifficulty("1000000000");
      pool.notifyJob(true);
      for (int i = 0; i < 5; i++) {
        int before = engine.stops.size();
        pool.notifyJob(i % 2 == 0);
        await().atMost(SOON).until(() -> engine.stops.size() >= before + 2);
      }
    }
    // The middle one, because a busy machine may let any thread wait for longer than that.
    List<Long> sorted = engine.stops.stream().sorted().toList();
    assertThat(sorted).hasSizeGreaterThanOrEqualTo(10);
    assertThat(sorted.get(sorted.size() / 2)).isLessThan(50_000_000L);
    assertThat(sorted.getLast()).isLessThan(1_000_000_000L);
  }

  @Test
  void aCleanJobTakesOverEvenWhereEveryOtherHashIsAShare() throws Exception {
    pool.habits.difficulty = "0.0000000005";
    StoppedScans engine = new StoppedScans();
    try (MinerClient client =
        new MinerClient(options(1), listener, engine, System::nanoTime, () -> 0.5)) {
      client.start();
      for (int i = 0; i < 9; i++) {
        int before = engine.stops.size();
        await().atMost(SOON).until(() -> !pool.shares.isEmpty());
        pool.notifyJob(true);
        await().atMost(SOON).until(() -> engine.stops.size() > before);
      }
    }
    List<Long> sorted = engine.stops.stream().sorted().toList();
    assertThat(sorted.get(sorted.size() / 2)).isLessThan(50_000_000L);
  }

  @Test
  void difficultyHoldsFromTheNextJobOn() throws Exception {
    try (MinerClient client = new MinerClient(options(1), listener)) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 10);
      // Shares of the old job stay right after the raise: the peer judges by the job's difficulty.
      pool.setDifficulty("0.0000152587890625");
      String job = pool.notifyJob(false);
      await().atMost(SOON).until(() -> pool.shares.stream().anyMatch(s -> s.jobId().equals(job)));
      assertThat(client.stats().difficulty()).contains(Difficulty.powerOfTwo(-16));
    }
    assertThat(pool.shares).allSatisfy(s -> assertThat(s.verdict()).isEmpty());
  }

  @Test
  void aPoolThatAnswersSlowlyIsNotFlooded() throws Exception {
    pool.habits.answerShares = false;
    pool.habits.difficulty = "0.0000000005";
    MinerClient client = new MinerClient(options(2), listener);
    try (client) {
      client.start();
      await().atMost(SOON).until(() -> pool.shares.size() >= StratumSession.MAX_OUTSTANDING);
      await()
          .during(Duration.ofMillis(300))
          .atMost(SOON)
          .until(() -> pool.shares.size() == StratumSession.MAX_OUTSTANDING);
    }
    assertThat(client.stats().unanswered()).isEqualTo(StratumSession.MAX_OUTSTANDING);
  }

  @Test
  void comesBackAfterThePoolHungUp() throws Exception {
    try (MinerClient client = new MinerClient(options(1), listener)) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 5);
      pool.hangUp();
      await().atMost(SOON).until(() -> pool.connections() == 2);
      long before = pool.good();
      await().atMost(SOON).until(() -> pool.good() >= before + 5);
      assertThat(client.stats().reconnects()).isEqualTo(1);
    }
    // Nothing found for the first connection's jobs was sent over the second.
    assertThat(pool.shares).noneMatch(s -> s.verdict().equals("job not found"));
    // A close with shares still unread reaches the client as a reset.
    assertThat(events)
        .anyMatch(
            e -> e.matches("CONNECTING: the (pool closed the connection|connection broke).*"));
  }

  @Test
  void comesBackAfterThePoolRestarted() throws Exception {
    int port = pool.port();
    try (MinerClient client = new MinerClient(options(1).withAttempts(3), listener)) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 5);
      pool.close();
      await()
          .atMost(SOON)
          .until(() -> events.stream().filter(e -> e.contains("no connection to")).count() >= 4);
      pool = new StratumPeer(port);
      await().atMost(SOON).until(() -> pool.good() >= 5);
    }
  }

  @Test
  void aRefusedUserEndsTheClient() throws Exception {
    pool.habits.authorize = false;
    try (MinerClient client = new MinerClient(options(1), listener)) {
      client.start();
      assertThat(client.awaitEnd(SOON)).isTrue();
      assertThat(client.stats().state()).isEqualTo(MinerState.FAILED);
      assertThat(client.stats().everAuthorized()).isFalse();
    }
    assertThat(events.getLast())
        .isEqualTo("FAILED: the pool refused the user: unauthorized worker");
    assertThat(pool.connections()).isEqualTo(1);
  }

  @Test
  void aPoolThatIsNotThereEndsTheClientAfterItsAttempts() throws Exception {
    pool.close();
    try (MinerClient client = new MinerClient(options(1).withAttempts(3), listener)) {
      client.start();
      assertThat(client.awaitEnd(SOON)).isTrue();
      assertThat(client.stats().state()).isEqualTo(MinerState.FAILED);
    }
    assertThat(events).filteredOn(e -> e.contains("no connection to")).hasSize(3);
  }

  @Test
  void answersThePoolsQuestionsAndNoOthers() throws Exception {
    try (MinerClient client = new MinerClient(options(1), listener)) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 1);
      pool.send("{\"id\":7001,\"method\":\"client.get_version\",\"params\":[]}");
      pool.send("{\"id\":\"p\",\"method\":\"mining.ping\",\"params\":[]}");
      pool.send("{\"id\":7003,\"method\":\"no.such\"}");
      pool.send("{\"id\":null,\"method\":\"no.such\"}");
      pool.send(
          "{\"id\":null,\"method\":\"client.show_message\",\"params\":[\"hello\\u001b[31m\\n\"]}");
      await().atMost(SOON).until(() -> reply("7003") != null);
    }
    assertThat(String.valueOf(reply("7001"))).contains("\"adit-miner/");
    assertThat(String.valueOf(reply("\"p\""))).contains("\"pong\"");
    assertThat(String.valueOf(reply("7003"))).contains("-3");
    assertThat(events).contains("the pool says: hello?[31m?");
  }

  private @Nullable JsonNode reply(String id) {
    return pool.received.stream()
        .filter(m -> !m.has("method") && m.path("id").toString().equals(id))
        .findFirst()
        .orElse(null);
  }

  @Test
  void reconnectsToTheSameHostOnly() throws Exception {
    try (StratumPeer second = new StratumPeer();
        MinerClient client = new MinerClient(options(1), listener)) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 1);
      pool.send(
          "{\"id\":null,\"method\":\"client.reconnect\",\"params\":[\"evil.example\",3333,0]}");
      await()
          .atMost(SOON)
          .until(() -> events.stream().anyMatch(e -> e.contains("another host, evil.example")));
      assertThat(client.stats().state()).isEqualTo(MinerState.MINING);

      pool.send(
          "{\"id\":null,\"method\":\"client.reconnect\",\"params\":[\"127.0.0.1\",\"%d\",0]}"
              .formatted(second.port()));
      await().atMost(SOON).until(() -> second.good() >= 3);
    }
    assertThat(pool.connections()).isEqualTo(1);
  }

  @Test
  void extranonceAndMaskMayChange() throws Exception {
    PoolUrl url = new PoolUrl("127.0.0.1", pool.port(), true);
    try (MinerClient client =
        new MinerClient(MinerOptions.of(url, "alice", 1).withTiming(FAST), listener)) {
      client.start();
      await().atMost(SOON).until(() -> pool.methods().contains("mining.extranonce.subscribe"));
      await().atMost(SOON).until(() -> pool.good() >= 3);
      pool.habits.extranonce1 = "ffee";
      pool.habits.extranonce2Size = 3;
      pool.habits.mask = 0x00006000;
      pool.send("{\"id\":null,\"method\":\"mining.set_extranonce\",\"params\":[\"ffee\",3]}");
      pool.send("{\"id\":null,\"method\":\"mining.set_version_mask\",\"params\":[\"00006000\"]}");
      String job = pool.notifyJob(true);
      await()
          .atMost(SOON)
          .until(() -> pool.shares.stream().filter(s -> s.jobId().equals(job)).count() >= 20);
      assertThat(pool.shares)
          .filteredOn(s -> s.jobId().equals(job))
          .allSatisfy(s -> assertThat(s.verdict()).isEmpty());
    }
  }

  @Test
  void garbageEndsTheConnectionNotTheClient() throws Exception {
    try (MinerClient client = new MinerClient(options(1), listener)) {
      client.start();
      await().atMost(SOON).until(() -> pool.good() >= 1);
      for (int i = 0; i < 12; i++) {
        pool.send("{\"id\":null,\"method\":\"mining.notify\",\"params\":[1,2,3]}");
      }
      await().atMost(SOON).until(() -> pool.connections() == 2);
      pool.send("x".repeat(PoolConnection.MAX_LINE_BYTES + 10));
      await().atMost(SOON).until(() -> pool.connections() == 3);
      long before = pool.good();
      await().atMost(SOON).until(() -> pool.good() > before);
    }
  }

  /** Measures how long scanners go on after the client got a new job. */
  private final class StoppedScans implements HashEngine {
    private final HashEngine real = HashEngines.best();
    final List<Long> stops = new CopyOnWriteArrayList<>();

    @Override
    public String name() {
      return "measured";
    }

    @Override
    public HeaderScanner newScanner() {
      HeaderScanner scanner = real.newScanner();
      return new HeaderScanner() {
        @Override
        public void prepare(byte[] header80, int versionMask, Target target) {
          scanner.prepare(header80, versionMask, target);
        }

        @Override
        public int versionsPerNonce() {
          return scanner.versionsPerNonce();
        }

        @Override
        public ScanResult scan(int fromNonce, long count, HitSink sink, BooleanSupplier stop) {
          ScanResult result = scanner.scan(fromNonce, count, sink, stop);
          if (stop.getAsBoolean()) {
            stops.add(System.nanoTime() - newestJobNanos);
          }
          return result;
        }
      };
    }
  }

  /** Goes on finding for a while after it was told to stop. */
  private final class LateStop implements HashEngine {
    private final HashEngine real = HashEngines.best();
    volatile long goodBeforeTheLastScan = Long.MAX_VALUE;

    @Override
    public String name() {
      return "late";
    }

    @Override
    public HeaderScanner newScanner() {
      HeaderScanner scanner = real.newScanner();
      return new HeaderScanner() {
        @Override
        public void prepare(byte[] header80, int versionMask, Target target) {
          scanner.prepare(header80, versionMask, target);
        }

        @Override
        public int versionsPerNonce() {
          return scanner.versionsPerNonce();
        }

        @Override
        public ScanResult scan(int fromNonce, long count, HitSink sink, BooleanSupplier stop) {
          ScanResult result = scanner.scan(fromNonce, count, sink, stop);
          if (!stop.getAsBoolean()) {
            return result;
          }
          // Far longer than the client looks for answers that are all there.
          long until = System.nanoTime() + 300_000_000L;
          while (System.nanoTime() < until) {
            LockSupport.parkNanos(1_000_000L);
          }
          goodBeforeTheLastScan = pool.good();
          return scanner.scan(result.nextNonce(), 1 << 13, sink, () -> false);
        }
      };
    }
  }
}
