package org.adit.pool.cli;

import java.io.PrintWriter;

/** Runs commands inside a test. */
public final class Cli {
  private Cli() {}

  /** Runs a command with its output caught and returns its exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    int code = Main.commandLine().setOut(out).setErr(err).execute(arguments);
    out.flush();
    err.flush();
    return code;
  }
}
