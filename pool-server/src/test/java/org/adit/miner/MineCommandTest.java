package org.adit.miner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.adit.pool.cli.MineCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** {@code adit mine} as people and scripts see it. */
@Timeout(60)
class MineCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private StratumPeer pool;

  @BeforeEach
  void openPool() throws Exception {
    pool = new StratumPeer();
  }

  @AfterEach
  void closePool() throws Exception {
    pool.close();
  }

  private int run(String... args) {
    return new CommandLine(new MineCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void oneJsonObjectAtTheEnd() {
    String url = pool.url().toString();
    int code =
        run("--url", url, "--user", "alice.w1", "--threads", "1", "--seconds", "2", "--json");
    assertThat(code).isZero();
    JsonNode json = JSON.readTree(out.toString());
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "url",
            "user",
            "seconds",
            "hashes",
            "hashrate_hs",
            "shares_accepted",
            "shares_rejected",
            "rejects",
            "shares_unanswered",
            "finds_dropped",
            "block_candidates",
            "reconnects",
            "threads");
    assertThat(json.path("url").asString()).isEqualTo(url);
    assertThat(json.path("user").asString()).isEqualTo("alice.w1");
    assertThat(json.path("seconds").asDouble()).isBetween(2.0, 10.0);
    assertThat(json.path("shares_accepted").asLong()).isEqualTo(pool.good()).isPositive();
    assertThat(json.path("shares_rejected").asLong()).isZero();
    assertThat(json.path("hashrate_hs").asLong()).isPositive();
    assertThat(json.path("threads").asInt()).isEqualTo(1);
    assertThat(err.toString()).contains("authorized as alice.w1", "difficulty 0.000000953674");
  }

  @Test
  void plainLinesOnAPipe() {
    int code =
        run("--url", pool.url().toString(), "--user", "a", "--threads", "1", "--seconds", "1");
    assertThat(code).isZero();
    assertThat(out.toString().lines().toList().getLast())
        .matches("\\d+\\.\\d s, \\d+ hashes, .* [kM]?H/s, accepted \\d+, rejected 0, reconnects 0");
    assertThat(out.toString()).doesNotContain("\r");
  }

  @Test
  void neverGettingInIsExitCode1() throws Exception {
    pool.habits.authorize = false;
    assertThat(run("--url", pool.url().toString(), "--user", "a", "--threads", "1")).isEqualTo(1);
    assertThat(out.toString()).contains("failed: the pool refused the user: unauthorized worker");

    pool.close();
    String url = pool.url().toString();
    assertThat(run("--url", url, "--user", "a", "--attempts", "1", "--json")).isEqualTo(1);
    assertThat(err.toString()).contains("no connection to " + url);
  }

  @Test
  void wrongUseIsExitCode2() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("--url", "http://x:1", "--user", "a")).isEqualTo(2);
    assertThat(run("--url", "x:1", "--user", "a", "--threads", "-1")).isEqualTo(2);
    assertThat(run("--url", "x:1", "--user", "a", "--difficulty", "0")).isEqualTo(2);
    assertThat(run("--url", "x:1", "--user", "")).isEqualTo(2);
    assertThat(err.toString()).contains("stratum+tcp://host:port", "difficulty");
  }

  @Test
  void aSignalEndsItWithTheSummary() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    new File(System.getProperty("java.home"), "bin/java").getPath(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Program.class.getName(),
                    "--url",
                    pool.url().toString(),
                    "--user",
                    "alice",
                    "--threads",
                    "1",
                    "--json"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      await().atMost(Duration.ofSeconds(30)).until(() -> pool.good() >= 10);
      // The handle, because Process.destroy() closes the output before it can be read.
      process.toHandle().destroy();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      JsonNode json = JSON.readTree(printed);
      assertThat(json.path("shares_accepted").asLong()).isEqualTo(pool.good());
      assertThat(json.path("shares_unanswered").asLong()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The command as a process of its own. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      System.exit(new CommandLine(new MineCommand()).execute(args));
    }
  }
}
