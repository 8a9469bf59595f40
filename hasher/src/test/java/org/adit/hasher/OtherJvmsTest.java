package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The engines in JVMs started otherwise: without the module, with fewer CPU features, without
 * compiler.
 */
class OtherJvmsTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  /** The program the other JVM runs: checks every engine and prints what it found. */
  static final class Check {
    private Check() {}

    public static void main(String[] args) {
      for (HashEngine engine : HashEngines.available()) {
        System.out.println(engine.name() + " " + EngineCheck.selfTest(engine, 3).orElse("right"));
      }
      try {
        System.out.println("best " + HashEngines.best().name());
      } catch (IllegalArgumentException e) {
        System.out.println("refused " + e.getMessage());
      }
      new ShareBatchVerifier(4).verify();
    }
  }

  @Test
  void withoutTheModuleMessageDigestServes() throws Exception {
    assertThat(run()).containsExactly("message-digest right", "best message-digest");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void withLessOfTheCpu(int avx) throws Exception {
    List<String> lines = run(MODULE, "-XX:UseAVX=" + avx);
    assertThat(lines)
        .contains("vector-versions-128 right", "vector-nonces-128 right", "message-digest right")
        .allSatisfy(line -> assertThat(line).matches(".* right|best message-digest"));
  }

  @Test
  void withoutCompiler() throws Exception {
    assertThat(run(MODULE, "-Xint"))
        .contains("message-digest right")
        .allSatisfy(line -> assertThat(line).matches(".* right|best message-digest"));
  }

  @Test
  void forcedByProperty() throws Exception {
    assertThat(run(MODULE, "-Dadit.hasher=vector-nonces-128")).endsWith("best vector-nonces-128");
    assertThat(run("-Dadit.hasher=vector-versions"))
        .last()
        .asString()
        .startsWith("refused system property adit.hasher: no such hash engine here")
        .contains("message-digest");
  }

  private static List<String> run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Check.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output.lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }
}
