package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.adit.hasher.Hash256;
import org.adit.pool.cli.Cli;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The commands that read a pool, asked of the running pool and of its data folder. */
final class CommandsBothWays {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Pattern LAST_SHARE =
      Pattern.compile("20\\d\\d-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z?");
  private static final Duration SOON = Duration.ofSeconds(60);

  private final String config;
  private final String url;

  CommandsBothWays(Path config, String url) {
    this.config = config.toString();
    this.url = url;
  }

  void check(Hash256 block, String worker) throws Exception {
    String account = worker.substring(0, worker.indexOf('.'));
    String name = worker.substring(worker.indexOf('.') + 1);
    same("workers");
    same("balances");
    same("balances", account);
    same("blocks");
    same("blocks", "-n", "1");
    same("blocks", "--timeline", block.toDisplayHex());
    for (String called : List.of(account, worker, name)) {
      same("explain", called);
    }
    same("explain", worker, "--last", "1");
    same("compare");
    same("compare", "--blocks", "100");
    assertThat(run(0, "blocks", "--url", url)).contains(block.toDisplayHex(), worker);
    assertThat(run(0, "explain", worker, "--url", url)).contains("unknown-job");
    economics(worker);
    run(1, "explain", "nobody", "--url", url);
    run(1, "balances", "nobody", "-c", config);
    run(1, "blocks", "--timeline", "00".repeat(32), "--url", url);
    // What only the folder can answer is read there although the pool runs.
    assertThat(run(0, "compare", "--window", "1/2", "-c", config)).contains("SCHEME");
  }

  /** Both take their figures from the same books, the pool's are up to some seconds old. */
  private void same(String... command) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          for (String form : List.of("--json", "")) {
            String asked = read(command, form, "-c", config);
            assertThat(asked).isNotBlank();
            assertThat(read(command, form, "-c", config, "--offline")).isEqualTo(asked);
            assertThat(read(command, form, "--url", url)).isEqualTo(asked);
          }
        });
  }

  /**
   * What a command prints. A worker's last share is timed by the pool when it is acknowledged and
   * by the books when it came, some milliseconds before: that time alone may differ.
   */
  private static String read(String[] command, String form, String... more) {
    String text = run(0, with(command, form, more));
    return command[0].equals("workers") ? LAST_SHARE.matcher(text).replaceAll("TIME") : text;
  }

  /** The rates are measured differently; what the network and the settings give is the same. */
  private void economics(String worker) throws Exception {
    JsonNode asked = JSON.readTree(run(0, "economics", "--json", "--url", url));
    JsonNode read = JSON.readTree(run(0, "economics", "--json", "--offline", "-c", config));
    assertThat(asked.propertyNames()).containsExactlyElementsOf(read.propertyNames());
    for (String exact : List.of("network_work", "network_hashrate", "currency")) {
      assertThat(asked.required(exact)).isEqualTo(read.required(exact));
    }
    assertThat(asked.required("luck").required("found_blocks"))
        .isEqualTo(read.required("luck").required("found_blocks"));
    assertThat(asked.required("pool_hashrate").required("hashes_per_second").asDouble())
        .isPositive();
    assertThat(run(0, "economics", "--url", url)).contains("network hashrate", "by difficulty");
    // The books are up to some seconds behind the pool's counters.
    await().atMost(SOON).untilAsserted(() -> margins(worker));
  }

  private void margins(String worker) {
    JsonNode asked = JSON.readTree(run(0, "economics", "--workers", "--json", "--url", url));
    JsonNode read =
        JSON.readTree(run(0, "economics", "--workers", "--json", "--offline", "-c", config));
    for (String table : List.of("groups", "workers")) {
      assertThat(asked.required(table).size()).isEqualTo(read.required(table).size());
      for (int i = 0; i < read.required(table).size(); i++) {
        JsonNode ofPool = asked.required(table).get(i);
        JsonNode ofFolder = read.required(table).get(i);
        assertThat(ofPool.propertyNames()).containsExactlyElementsOf(ofFolder.propertyNames());
        for (String exact : List.of("name", "group")) {
          assertThat(ofPool.required(exact)).isEqualTo(ofFolder.required(exact));
        }
        for (String figure : List.of("kilowatts", "power_cost_day", "revenue_day")) {
          // Per hash, as the rates are measured differently.
          assertThat(perHash(ofPool, figure) / perHash(ofFolder, figure))
              .as(figure)
              .isBetween(0.999, 1.001);
        }
      }
    }
    String text = run(0, "economics", "--workers", "--url", url);
    assertThat(text).contains("GROUP", "hall-1", "WORKER", worker, "BREAK-EVEN");
    assertThat(headings(text))
        .isEqualTo(headings(run(0, "economics", "--workers", "--offline", "-c", config)));
  }

  private static double perHash(JsonNode line, String figure) {
    return line.required(figure).asDouble() / line.required("hashes_per_second").asDouble();
  }

  /** The tables' first lines, whatever room their figures take. */
  private static List<String> headings(String text) {
    return text.lines()
        .filter(line -> line.startsWith("GROUP") || line.startsWith("WORKER"))
        .map(line -> line.strip().replaceAll(" {2,}", "  "))
        .toList();
  }

  private static String[] with(String[] command, String form, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    if (!form.isEmpty()) {
      all.add(form);
    }
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static String run(int code, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    assertThat(Cli.run(new PrintWriter(out), new PrintWriter(err), arguments))
        .as("%s: %s%s", String.join(" ", arguments), out, err)
        .isEqualTo(code);
    return out.toString();
  }
}
