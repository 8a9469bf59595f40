package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The start script on machines that lack something: one line on standard error says what to
 * install.
 */
final class StartScriptTest {
  /** What a minimal system has; tests add to it or take from it. */
  private static final List<String> BASICS =
      List.of(
          "bash",
          "readlink",
          "dirname",
          "sed",
          "head",
          "sort",
          "find",
          "grep",
          "cat",
          "mkdir",
          "awk",
          "tee",
          "touch",
          "mv",
          "rm");

  @TempDir private Path folder;
  private Path bin;
  private Path script;

  @BeforeEach
  void aBareMachine() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : BASICS) {
      Files.createSymbolicLink(bin.resolve(tool), find(tool));
    }
    // Called by a link from a folder with a space, as a user may.
    Path links = Files.createDirectory(folder.resolve("my links"));
    script = Files.createSymbolicLink(links.resolve("adit"), top().resolve("adit"));
  }

  @Test
  void withoutAJdkItSaysHowToGetOne() throws Exception {
    Result result = run(Map.of("ADIT_JVM_DIR", folder.resolve("none").toString()), "help");
    assertThat(result.status).isEqualTo(1);
    assertThat(result.err).singleElement().asString().contains("JDK 25", "JAVA_HOME");
    assertThat(result.out).isEmpty();
  }

  @Test
  void anOldJdkOrAJreWillNotDo() throws Exception {
    Path old = jdk("java-17", "17.0.15", true);
    jdk("java-26-jre", "26", false);
    Result result =
        run(
            Map.of("JAVA_HOME", old.toString(), "ADIT_JVM_DIR", folder.resolve("jvm").toString()),
            "help");
    assertThat(result.status).isEqualTo(1);
    assertThat(result.err).singleElement().asString().contains("JDK 25 or newer not found");
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    jdk("java-25", "25.0.1", true);
    Result result = run(Map.of("ADIT_JVM_DIR", folder.resolve("jvm").toString()), "build");
    assertThat(result.status).isEqualTo(1);
    assertThat(result.err).singleElement().asString().contains("Maven 3.8.7");
  }

  @Test
  void withoutAptItNamesBitcoinCore() throws Exception {
    Result result = run(Map.of("HOME", folder.toString()), "bitcoind");
    assertThat(result.status).isEqualTo(1);
    assertThat(result.err).singleElement().asString().contains("install Bitcoin Core", "PATH");
    assertThat(result.out).isEmpty();
  }

  @Test
  void aBitcoindOnThePathIsTaken() throws Exception {
    for (String program : List.of("bitcoind", "bitcoin-cli")) {
      Files.createSymbolicLink(bin.resolve(program), find("true"));
    }
    Result result = run(Map.of("HOME", folder.toString()), "bitcoind");
    assertThat(result.status).isZero();
    assertThat(result.out).containsExactly(bin.resolve("bitcoind").toString());
    assertThat(result.err).isEmpty();
  }

  @Test
  void aCopyInTheCacheIsTakenWithoutAskingTheNetwork() throws Exception {
    Path cached = Files.createDirectories(folder.resolve("a cache/adit/bitcoind/bin"));
    for (String program : List.of("bitcoind", "bitcoin-cli")) {
      Files.createSymbolicLink(cached.resolve(program), find("true"));
    }
    Result result = run(Map.of("XDG_CACHE_HOME", folder.resolve("a cache").toString()), "bitcoind");
    assertThat(result.status).isZero();
    assertThat(result.out).containsExactly(cached.resolve("bitcoind").toString());
  }

  private record Result(int status, List<String> out, List<String> err) {}

  private Result run(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Result(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    } finally {
      process.destroyForcibly();
    }
  }

  private Path jdk(String name, String version, boolean compiler) throws IOException {
    Path home = folder.resolve("jvm").resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    if (compiler) {
      Files.createSymbolicLink(home.resolve("bin/javac"), find("true"));
    }
    return home;
  }

  private static Path find(String tool) {
    for (String place : List.of("/usr/bin", "/bin")) {
      if (Files.isExecutable(Path.of(place, tool))) {
        return Path.of(place, tool);
      }
    }
    throw new AssertionError(tool + " is missing from /usr/bin and /bin");
  }

  /** The folder the script lies in: tests run in the module's folder. */
  private static Path top() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("adit")) ? here : here.resolve("..").normalize();
  }
}
