package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher of an installation, with a Java that only says what it was given: the real one runs
 * in the check of a distribution, {@code ./adit dist --check}.
 */
final class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "readlink",
          "dirname",
          "sed",
          "head",
          "sort",
          "grep",
          "stat",
          "mkdir",
          "rm",
          "mv",
          "chmod");

  @TempDir private Path folder;
  private Path bin;
  private Path home;
  private Path java;

  private record Result(int status, List<String> out, String err) {
    boolean has(String start) {
      return out.stream().anyMatch(line -> line.startsWith(start));
    }

    String state() {
      return out.stream()
          .filter(line -> line.startsWith("-Dadit.aot="))
          .map(line -> line.substring("-Dadit.aot=".length()))
          .findFirst()
          .orElse("");
    }
  }

  @BeforeEach
  void anInstallation() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : TOOLS) {
      Files.createSymbolicLink(bin.resolve(tool), Path.of("/usr/bin/env").resolveSibling(tool));
    }
    home = Files.createDirectory(folder.resolve("adit 1"));
    Files.createDirectory(home.resolve("bin"));
    Files.createDirectory(home.resolve("lib"));
    Path sources = Path.of("src/main").toAbsolutePath();
    Files.copy(sources.resolve("dist/bin/adit"), home.resolve("bin/adit"));
    Files.setPosixFilePermissions(
        home.resolve("bin/adit"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.copy(sources.resolve("scripts/java.sh"), home.resolve("lib/java.sh"));
    for (String jar : List.of("b.jar", "a.jar", "C.jar")) {
      Files.writeString(home.resolve("lib").resolve(jar), "");
    }
    java = folder.resolve("jvm/java-25");
    Files.createDirectories(java.resolve("bin"));
    release("25.0.1", "java.base jdk.incubator.vector");
    script(
        java.resolve("bin/java"),
        """
        #!/bin/bash
        printf '%s\\n' "$@"
        for argument in "$@"; do
          case "$argument" in -XX:AOTCacheOutput=*) echo cache >"${argument#*=}" ;; esac
        done
        """);
  }

  private void release(String version, String modules) throws IOException {
    Files.writeString(
        java.resolve("release"), "JAVA_VERSION=\"" + version + "\"\nMODULES=\"" + modules + "\"\n");
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Result run(Map<String, String> environment, String... arguments) throws Exception {
    // By a link, as a package's /usr/bin/adit is one.
    Path link = bin.resolve("adit");
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, home.resolve("bin/adit"));
    }
    List<String> command = new ArrayList<>(List.of(link.toString()));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> clean = new HashMap<>();
    clean.put("PATH", bin.toString());
    clean.put("HOME", folder.resolve("home").toString());
    clean.put("ADIT_JVM_DIR", folder.resolve("jvm").toString());
    clean.putAll(environment);
    builder.environment().clear();
    builder.environment().putAll(clean);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Result(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aJreWillDoAndGetsWhatTheSourcesScriptGivesIt() throws Exception {
    Result result = run(Map.of("ADIT_JAVA_OPTS", "-Xmx1g -ea"), "pool", "--config", "my pool.toml");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .containsSubsequence(
            "-XX:+UseG1GC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-Xms64m",
            "-Xmx1g",
            "-ea",
            "-cp",
            List.of("C.jar", "a.jar", "b.jar").stream()
                .map(jar -> home.resolve("lib").resolve(jar).toString())
                .collect(Collectors.joining(":")),
            "org.adit.pool.cli.Main",
            "pool",
            "--config",
            "my pool.toml");
    assertThat(run(Map.of(), "status").has("-Xms64m")).isFalse();
    release("25", "java.base");
    assertThat(run(Map.of(), "status").has("--add-modules")).isFalse();
  }

  @Test
  void withoutAJavaItSaysHowToGetOne() throws Exception {
    release("17.0.15", "java.base");
    Result result = run(Map.of(), "status");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).singleElement().asString().contains("Java 25", "JAVA_HOME");
  }

  @Test
  void theCacheIsUsedWhileItFits() throws Exception {
    assertThat(run(Map.of(), "version").state()).isEqualTo("none:");

    Result made = run(Map.of(), "aot");
    assertThat(made.status()).as(made.err()).isZero();
    Path cache = home.resolve("cache/adit.aot");
    assertThat(cache).exists();

    Result fits = run(Map.of(), "version");
    assertThat(fits.state()).isEqualTo("fits:" + cache);
    assertThat(fits.out()).contains("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off");
    assertThat(run(Map.of("ADIT_AOT_CACHE", "off"), "version").has("-XX:AOTCache")).isFalse();

    release("25.0.2", "java.base jdk.incubator.vector");
    Result other = run(Map.of(), "version");
    assertThat(other.state()).isEqualTo("other:" + cache);
    assertThat(other.has("-XX:AOTCache")).isFalse();
    assertThat(run(Map.of(), "aot").status()).isZero();
    assertThat(run(Map.of(), "version").state()).startsWith("fits:");

    Files.writeString(home.resolve("lib/d.jar"), "");
    assertThat(run(Map.of(), "version").state()).startsWith("other:");
    assertThat(run(Map.of(), "aot", "--remove").status()).isZero();
    assertThat(run(Map.of(), "version").state()).isEqualTo("none:");
  }

  @Test
  void aJavaThatCannotMakeOneIsNoHarm() throws Exception {
    script(java.resolve("bin/java"), "#!/bin/bash\necho no such option >&2\nexit 1\n");
    Result result = run(Map.of("ADIT_AOT_CACHE", folder.resolve("x/y.aot").toString()), "aot");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("starts without one", "y.aot.log");
    assertThat(folder.resolve("x/y.aot.log")).hasContent("no such option");
    assertThat(folder.resolve("x/y.aot")).doesNotExist();
  }
}
