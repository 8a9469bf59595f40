package org.adit.pool.cli;

import org.adit.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into a message a person can act on, and an exit code. */
final class Failures implements IExecutionExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult arguments) {
    if (failure instanceof ConfigException config) {
      config.problems().forEach(problem -> command.getErr().println(problem));
      return 1;
    }
    if (failure instanceof CommandFailure expected) {
      command.getErr().println("adit: " + expected.getMessage());
      return expected.exitCode();
    }
    LOG.debug("command failed", failure);
    command
        .getErr()
        .println("adit: " + failure.getClass().getSimpleName() + ": " + failure.getMessage());
    return 1;
  }
}
