package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the files of {@code docs/monitoring} against what a running pool tells. */
final class Monitoring {
  private static final Path DOCS = Path.of("..", "docs", "monitoring");
  private static final Pattern NAME = Pattern.compile("adit_[a-z0-9_]+");
  private static final Pattern TOLD = Pattern.compile("(?m)^adit_[a-z0-9_]+");
  private static final int PATIENCE_SECONDS = 60;

  private Monitoring() {}

  /** The page lists each metric there is, and dashboard and rules ask for no other. */
  static void namesFit(String metrics) throws Exception {
    Set<String> told = names(TOLD, metrics);
    assertThat(told).hasSizeGreaterThan(30);
    assertThat(names(NAME, Files.readString(DOCS.resolve("README.md")))).isEqualTo(told);
    assertThat(names(NAME, Files.readString(DOCS.resolve("adit-alerts.yml")))).isSubsetOf(told);
    JsonNode grafana = JsonMapper.shared().readTree(DOCS.resolve("adit-grafana.json").toFile());
    assertThat(grafana.required("panels")).isNotEmpty();
    assertThat(grafana.required("title").asString()).isNotBlank();
    Set<String> asked = new TreeSet<>();
    for (JsonNode target : grafana.required("panels").findParents("expr")) {
      asked.addAll(names(NAME, target.required("expr").asString()));
    }
    assertThat(asked).isNotEmpty().isSubsetOf(told);
  }

  private static Set<String> names(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    pattern.matcher(text).results().forEach(match -> names.add(match.group()));
    return names;
  }

  /**
   * Has Prometheus' own tool read metrics and rules; without it this is left out, unless {@code
   * ADIT_PROMTOOL=required}.
   *
   * @return whether it was there
   */
  static boolean promtoolApproves(String metrics, Path folder) throws Exception {
    File tool = promtool();
    if (tool == null) {
      if ("required".equals(System.getenv("ADIT_PROMTOOL"))) {
        fail("promtool not found on PATH: apt-get install prometheus");
      }
      return false;
    }
    Path file = Files.writeString(folder.resolve("metrics.txt"), metrics);
    assertThat(run(file, tool.toString(), "check", "metrics")).isEmpty();
    assertThat(run(file, tool.toString(), "check", "rules", DOCS.resolve("adit-alerts.yml") + ""))
        .contains("SUCCESS");
    return true;
  }

  private static String run(Path input, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input.toFile()).start();
    try {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  private static @Nullable File promtool() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, "promtool");
      if (Files.isExecutable(file)) {
        return file.toFile();
      }
    }
    return null;
  }
}
