package org.adit.pool.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code adit} program. */
@Command(
    name = "adit",
    description = "A Bitcoin mining-pool node.",
    mixinStandardHelpOptions = true,
    versionProvider = Program.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "'adit COMMAND --help' tells more about one.",
      "Handled by the start script: build, test, bitcoind, dist; in an installation: aot.",
      "Exit codes: 0 done, 1 failed, 2 wrong use or not supported."
    },
    subcommands = {
      DemoCommand.class,
      PoolCommand.class,
      MineCommand.class,
      StatusCommand.class,
      TopCommand.class,
      WorkerCommand.class,
      AlertCommand.class,
      MessageCommand.class,
      DrainCommand.class,
      WorkersCommand.class,
      ExplainCommand.class,
      BlocksCommand.class,
      BalancesCommand.class,
      AccountCommand.class,
      PayoutCommand.class,
      CapitalCommand.class,
      AuditCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      CompareCommand.class,
      ProofCommand.class,
      ExportCommand.class,
      EconomicsCommand.class,
      ConfigCommand.class,
      CheckCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      ManualCommand.class,
      VersionCommand.class,
      AotTrainingCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return HelpText.install(
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(new Failures()));
  }
}
