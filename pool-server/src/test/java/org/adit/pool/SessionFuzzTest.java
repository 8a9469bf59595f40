package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.adit.pool.stratum.StratumLimits;
import org.adit.pool.stratum.v1.V1Loop;
import org.adit.pool.stratum.v1.V1Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Broken lines by the hundred thousand into a session with a job: whatever comes, each line out is
 * a well-formed reply, nothing is thrown, and no share is accepted that was not found. The Maven
 * profile {@code fuzz} runs a million; seeded, so that a failure comes again.
 */
class SessionFuzzTest {
  private static final int INPUTS = Integer.getInteger("adit.fuzz.inputs", 20_000);
  private static final long SEED = Long.getLong("adit.fuzz.seed", 20_261_122L);
  private static final int MUCH = 1 << 30;
  private static final StratumLimits LIMITS =
      new StratumLimits(
          8_192, 30_000, MUCH, MUCH, MUCH, MUCH, MUCH, 60_000, 15_000, 60_000, 7_200_000, 256, 5,
          65_536, 128, 20, 8, 64, 1_024);
  private static final String[] ODD = {
    "null",
    "true",
    "[]",
    "{}",
    "-1",
    "0",
    "1e999999",
    "-1e-999999",
    "NaN",
    "Infinity",
    "\"\"",
    "18446744073709551616",
    "9223372036854775807",
    "0.1",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"'; DROP TABLE shares; --\"",
    "\"%n%s\"",
    "[[[[[[[[[[[]]]]]]]]]]]",
    "{\"a\":{\"a\":{}}}",
    "\"" + "f".repeat(1_030) + "\"",
    "1".repeat(40),
    "\"-1\"",
    "\"1fffe000\"",
    "\"ffffffff\""
  };
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;
  private final Random random = new Random(SEED);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<String> seeds = new ArrayList<>();
  private StratumHouse house;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private V1Loop loop;
  private EmbeddedChannel channel;
  private int sessions;

  @BeforeEach
  void open() throws Exception {
    house = new StratumHouse(folder, LIMITS);
    loop = new V1Loop(house.context(tasks::add), UnpooledByteBufAllocator.DEFAULT);
    log.start();
    ((Logger) LoggerFactory.getLogger("org.adit")).addAppender(log);
    try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "dialogues"))) {
      for (Path file : files.sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          if (line.startsWith("> ")) {
            seeds.add(line.substring(2));
          }
        }
      }
    }
    connect();
  }

  @AfterEach
  void close() throws Exception {
    ((Logger) LoggerFactory.getLogger("org.adit")).detachAppender(log);
    channel.finishAndReleaseAll();
    house.close();
  }

  private void connect() {
    sessions++;
    // Longer than any ban, and a new job in place of the old ones.
    house.clock.advance(Duration.ofMinutes(31));
    house.newWork();
    V1Session session =
        new V1Session(loop, StratumHouse.LISTENER, InetAddress.getLoopbackAddress(), now -> 0);
    channel = new EmbeddedChannel(session);
    say(
        "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}"
            .getBytes(StandardCharsets.UTF_8));
    say(
        ("{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\""
                + StratumHouse.ADDRESS
                + ".f\",\"x\"]}")
            .getBytes(StandardCharsets.UTF_8));
    org.awaitility.Awaitility.await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          runTasks();
          return read().stream().anyMatch(line -> line.contains("mining.notify"));
        });
  }

  private void say(byte[] line) {
    var _ = channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(line));
    runTasks();
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    // A refused authorisation is answered late.
    channel.advanceTimeBy(1, TimeUnit.MINUTES);
    channel.runPendingTasks();
  }

  private List<String> read() {
    List<String> lines = new ArrayList<>();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      out.toString(StandardCharsets.UTF_8).lines().forEach(lines::add);
      out.release();
    }
    return lines;
  }

  @Test
  void brokenLinesAreAnsweredWellFormedOrNotAtAll() {
    long answered = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] line = line();
      say(line);
      for (String reply : read()) {
        answered++;
        check(reply, line);
      }
      assertThat(log.list)
          .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
          .as("input %d: %s", i, new String(line, StandardCharsets.ISO_8859_1))
          .isEmpty();
      log.list.clear();
      if (!channel.isOpen()) {
        channel.finishAndReleaseAll();
        connect();
      }
    }
    assertThat(answered).isGreaterThan(INPUTS / 2);
    assertThat(sessions).isGreaterThan(1);
  }

  private static void check(String reply, byte[] line) {
    JsonNode json = JSON.readTree(reply);
    String about = new String(line, StandardCharsets.ISO_8859_1) + " -> " + reply;
    if (json.has("method")) {
      assertThat(json.propertyNames()).as(about).containsExactly("id", "method", "params");
      return;
    }
    assertThat(json.propertyNames()).as(about).containsExactly("id", "result", "error");
    assertThat(json.required("error").isNull() || json.required("error").size() == 3)
        .as(about)
        .isTrue();
    assertThat(reply.chars().allMatch(c -> c >= 0x20 && c < 0x7f)).as(about).isTrue();
  }

  // ---- lines ----

  private byte[] line() {
    String text =
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> seeds.get(random.nextInt(seeds.size()));
          default -> share();
        };
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      text = changeToken(text);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int changes = random.nextInt(4) - 1; changes > 0 && bytes.length > 0; changes--) {
      bytes = changeBytes(bytes);
    }
    return bytes;
  }

  // Of an easy job one in a thousand chance shares is a real one; those are accepted rightly.
  private String share() {
    String bits = random.nextInt(4) == 0 ? ",\"%08x\"".formatted(random.nextInt()) : "";
    return "{\"id\":%d,\"method\":\"mining.submit\",\"params\":[\"%s.f\",\"%x\",\"%016x\",\"%08x\",\"%x\"%s]}"
        .formatted(
            random.nextInt(1_000),
            StratumHouse.ADDRESS,
            house.newestJob() - random.nextInt(2),
            random.nextLong(),
            house.clock.instant().getEpochSecond() + random.nextInt(20_000) - 10_000,
            random.nextInt(),
            bits);
  }

  private String changeToken(String text) {
    int from = random.nextInt(text.length() + 1);
    int start = Math.max(text.lastIndexOf(',', from), text.lastIndexOf(':', from)) + 1;
    int end = text.indexOf(',', start);
    if (end < 0) {
      end = text.length();
    }
    return text.substring(0, start) + ODD[random.nextInt(ODD.length)] + text.substring(end);
  }

  private byte[] changeBytes(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int length = Math.min(random.nextInt(8) + 1, bytes.length - at);
    byte[] changed;
    switch (random.nextInt(4)) {
      case 0 -> {
        changed = bytes.clone();
        changed[at] = (byte) random.nextInt(256);
      }
      case 1 -> { // out
        changed = new byte[bytes.length - length];
        System.arraycopy(bytes, 0, changed, 0, at);
        System.arraycopy(bytes, at + length, changed, at, changed.length - at);
      }
      case 2 -> { // twice
        changed = new byte[bytes.length + length];
        System.arraycopy(bytes, 0, changed, 0, at + length);
        System.arraycopy(bytes, at, changed, at + length, bytes.length - at);
      }
      default -> changed = java.util.Arrays.copyOf(bytes, at);
    }
    // Lines reach a session without their ends.
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] == '\n') {
        changed[i] = ' ';
      }
    }
    return changed;
  }
}
