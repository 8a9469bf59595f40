package org.adit.pool.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What standard output leads to. */
final class Terminal {
  private static final int DEFAULT_COLUMNS = 80;
  private static final int DEFAULT_LINES = 24;
  private static final int PATIENCE_SECONDS = 2;
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,3}) ([1-9][0-9]{0,3})");

  private Terminal() {}

  /** How many characters a line has. */
  static int columns() {
    return known("COLUMNS").orElseGet(() -> size(2).orElse(DEFAULT_COLUMNS));
  }

  /** How many lines it has. */
  static int lines() {
    return known("LINES").orElseGet(() -> size(1).orElse(DEFAULT_LINES));
  }

  private static Optional<Integer> known(String variable) {
    String set = System.getenv(variable);
    return set != null && set.matches("[1-9][0-9]{0,3}")
        ? Optional.of(Integer.valueOf(set))
        : Optional.empty();
  }

  /** Asks stty of the terminal this process belongs to: lines are 1, columns 2. */
  private static Optional<Integer> size(int which) {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        if (stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
          Matcher size = SIZE.matcher(said.strip());
          return size.matches()
              ? Optional.of(Integer.valueOf(size.group(which)))
              : Optional.empty();
        }
      } finally {
        stty.destroyForcibly();
      }
    } catch (IOException e) {
      // No stty, or no terminal: the usual size then.
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /** Whether a person watches. */
  // JDK 22 to 24 never gave null; since 25 the console is null on a pipe again.
  @SuppressWarnings("SystemConsoleNull")
  static boolean isOne() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
