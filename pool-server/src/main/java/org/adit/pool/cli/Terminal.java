package org.adit.pool.cli;

import java.io.Console;

/** What standard output leads to. */
final class Terminal {
  private Terminal() {}

  /** Whether a person watches. */
  // JDK 22 to 24 never gave null; since 25 the console is null on a pipe again.
  @SuppressWarnings("SystemConsoleNull")
  static boolean isOne() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
