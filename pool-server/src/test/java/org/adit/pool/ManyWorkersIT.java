package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.adit.config.Network;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.demo.DemoWallet;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Very many workers at work, each with a connection and a name of its own: how fast the API
 * answers, how soon the list of workers stands on the screen, how it scrolls.
 *
 * <p>Small here, where only what is shown is judged; at full size, where time is judged too, by
 * {@code -Dadit.workers=10000 -Dadit.workers.rate=1000 -Dadit.workers.calls=200}.
 */
final class ManyWorkersIT {
  private static final int WORKERS = Integer.getInteger("adit.workers", 60);
  private static final int RATE = Integer.getInteger("adit.workers.rate", 120);
  private static final int CALLS = Integer.getInteger("adit.workers.calls", 10);
  private static final boolean FULL = WORKERS >= 5_000;
  private static final Duration SOON = Duration.ofSeconds(FULL ? 600 : 240);
  private static final double MOST_MILLIS = 50;
  private static final double MOST_OPENING_MILLIS = 1_000;
  private static final double LEAST_FRAMES = 57;

  @TempDir private Path folder;
  @TempDir private Path profile;

  private static void say(String line) {
    System.out.println("many workers: " + line);
  }

  @Test
  void theWebOfALargeFleetIsQuick() throws Exception {
    try (LocalNode node = LocalNode.start(Network.SIGNET, folder.resolve("node"))) {
      DemoWallet wallet = DemoWallet.open(node.rpc(), "many");
      TestPool settings = settings(node, wallet);
      Path file = settings.write(folder);
      try (PoolProcess pool =
          PoolProcess.start(
              folder.resolve("pool.log"),
              List.of("-Xmx2g", "-XX:+UseG1GC", "--add-modules=jdk.incubator.vector"),
              "pool",
              "--config",
              file.toString())) {
        awaitOpen(pool, settings.port());
        Path note = folder.resolve("pool/web-address");
        await().atMost(SOON).until(() -> Files.exists(note));
        String base = Files.readString(note).strip();
        try (PoolProcess fleet = fleet(settings.port());
            WebClient web =
                new WebClient(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port(base)))) {
          awaitLive(web, fleet);
          Map<String, List<Double>> millis = ask(web);
          Optional<String> missing = Browser.missing();
          if (missing.isEmpty()) {
            look(base);
          } else if ("required".equals(System.getenv("ADIT_BROWSER"))) {
            Assertions.fail(missing.get());
          }
          judge(millis);
          assertThat(fleet.isAlive()).as(fleet.said()).isTrue();
        }
      }
    }
  }

  private static int port(String base) {
    return Integer.parseInt(base.substring(base.lastIndexOf(':') + 1));
  }

  private PoolProcess fleet(int port) throws IOException {
    return PoolProcess.start(
        folder.resolve("fleet.log"),
        List.of("-Xmx1g", "--add-modules=jdk.incubator.vector"),
        "bench",
        "stratum",
        "--url",
        "stratum+tcp://127.0.0.1:" + port,
        "--user",
        "alice.load",
        "--workers",
        String.valueOf(WORKERS),
        "--connections",
        String.valueOf(WORKERS),
        "--rate",
        String.valueOf(RATE),
        "--connects-per-second",
        "500",
        "--seconds",
        "3600");
  }

  private void awaitLive(WebClient web, PoolProcess fleet) {
    long began = System.nanoTime();
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          assertThat(fleet.isAlive()).as(fleet.said()).isTrue();
          JsonNode counts = web.json("/api/v1/workers?limit=1").required("counts");
          return counts.required("live").asInt() == WORKERS;
        });
    say(
        "%d live after %.0f s, %d shares a second"
            .formatted(WORKERS, (System.nanoTime() - began) / 1e9, RATE));
  }

  /** Asks one after the other, as a page does; what comes back is looked at. */
  private Map<String, List<Double>> ask(WebClient web) throws Exception {
    JsonNode all = web.json("/api/v1/workers?limit=500").required("items");
    int ids = all.size();
    assertThat(ids).isEqualTo(Math.min(500, WORKERS));
    String[] sorts = {"trouble", "hashrate_1h", "worker", "last_share", "difficulty", "rejects"};
    Map<String, IntFunction<String>> kinds = new LinkedHashMap<>();
    kinds.put("first page", i -> "/api/v1/workers?limit=100");
    kinds.put(
        "page, sorted",
        i -> "/api/v1/workers?limit=100&offset=" + i * 100 % WORKERS + "&sort=" + sorts[i % 6]);
    kinds.put("page, filtered", i -> "/api/v1/workers?limit=100&state=live&q=w" + i % 10);
    kinds.put("page of 500", i -> "/api/v1/workers?limit=500&sort=" + sorts[i % 6]);
    kinds.put("a worker", i -> "/api/v1/workers/" + all.get(i % ids).required("id").asInt());
    kinds.put(
        "its chart",
        i -> "/api/v1/workers/" + all.get(i % ids).required("id").asInt() + "/history?range=24h");
    kinds.put("pool", i -> "/api/v1/pool");
    Map<String, List<Double>> millis = new LinkedHashMap<>();
    for (boolean counted : new boolean[] {false, true}) {
      for (Map.Entry<String, IntFunction<String>> kind : kinds.entrySet()) {
        List<Double> took = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
          long began = System.nanoTime();
          // As a browser does: compressed, and each time anew.
          var answer = web.bytes(kind.getValue().apply(i), "Accept-Encoding", "gzip");
          took.add((System.nanoTime() - began) / 1e6);
          assertThat(answer.statusCode()).as(kind.getKey()).isEqualTo(200);
        }
        if (counted) {
          millis.put(kind.getKey(), took.stream().sorted().toList());
          say(
              "%s: p50 %.1f, p99 %.1f, worst %.1f ms of %d calls"
                  .formatted(
                      kind.getKey(),
                      part(millis.get(kind.getKey()), 0.5),
                      part(millis.get(kind.getKey()), 0.99),
                      millis.get(kind.getKey()).getLast(),
                      CALLS));
        }
      }
    }
    return millis;
  }

  private static double part(List<Double> sorted, double part) {
    return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
  }

  private static void judge(Map<String, List<Double>> millis) {
    if (FULL) {
      assertThat(millis)
          .allSatisfy(
              (kind, took) -> assertThat(part(took, 0.99)).as(kind).isLessThan(MOST_MILLIS));
    }
  }

  private void look(String base) throws Exception {
    try (Browser browser = Browser.start(base, profile)) {
      List<Double> opened = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        browser.open("/workers");
        browser.until("document.querySelectorAll('.vrow a').length > 5");
        opened.add(((Number) browser.value("window.firstRowAt")).doubleValue());
      }
      say("list of workers on the screen after %s ms".formatted(rounded(opened)));
      assertThat(browser.text()).contains("live").doesNotContain("NaN", "undefined");
      Trace.Scroll scroll = browser.scroll(".vlist", FULL ? 24_000 : 3_000);
      say("scroll: " + scroll);
      assertThat(((Number) browser.value("document.querySelectorAll('.vrow').length")).longValue())
          .isBetween(5L, 80L);
      // Where one rests, rows are read and shown.
      browser.until(
          "![...document.querySelectorAll('.vrow')].some((r) => r.textContent.includes('reading'))");
      assertThat(browser.complaints()).isEmpty();
      if (FULL) {
        assertThat(opened.stream().sorted().toList().get(opened.size() / 2))
            .isLessThan(MOST_OPENING_MILLIS);
        assertThat(scroll.framesPerSecond()).isGreaterThan(LEAST_FRAMES);
      } else {
        assertThat(scroll.frames()).isPositive();
      }
    }
  }

  private static List<Long> rounded(List<Double> values) {
    return values.stream().map(Math::round).toList();
  }

  private static TestPool settings(LocalNode node, DemoWallet wallet) throws Exception {
    return new TestPool(node)
        .payout("scheme = \"pplns\"")
        .payout("address = \"" + wallet.address("bech32") + "\"")
        .payout("window_units = 3")
        // Sixteen hashes a share: cheap to find, and hardly ever a block.
        .listener("start_difficulty = \"1/268435456\"")
        .listener("min_difficulty = \"1/268435456\"")
        .listener("vardiff = false")
        .limits("connections = 20000")
        .limits("connections_per_ip = 1000")
        .limits("accepts_per_second_per_ip = 1000")
        .web("requests_per_second = 1000")
        .account("alice", wallet.address("bech32"));
  }

  private static void awaitOpen(PoolProcess pool, int port) {
    await()
        .atMost(SOON)
        .until(() -> {
          assertThat(pool.isAlive()).as(pool.said()).isTrue();
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          } catch (IOException e) {
            return false;
          }
        });
  }
}
