package org.adit.pool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code adit} in a JVM of its own, which can be killed. */
final class PoolProcess implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(30);

  private final Process process;
  private final Path output;

  private PoolProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts {@code adit} with these arguments.
   *
   * @param output where everything it says is appended
   */
  static PoolProcess start(Path output, String... arguments) throws IOException {
    // A quick start matters here, not the speed reached later.
    return start(
        output, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"), arguments);
  }

  /** The same on a virtual machine with options of one's own. */
  static PoolProcess start(Path output, List<String> options, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "org.adit.pool.cli.Main"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
    return new PoolProcess(process, output);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Lets time pass while the process runs; false when it ended by itself meanwhile. */
  boolean runsFor(Duration time) throws InterruptedException {
    return !process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Waits for its end and returns the exit code. */
  int awaitExit(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("adit did not end within " + limit + "; it said:\n" + said());
    }
    return process.exitValue();
  }

  /** Ends it as a power failure would: SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(END.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("adit survives SIGKILL");
    }
  }

  /** Asks it to stop, as Ctrl-C does, and returns the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    return awaitExit(END);
  }

  /** Everything it and its forerunners wrote to the output. */
  String said() {
    try {
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it when it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(END.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
