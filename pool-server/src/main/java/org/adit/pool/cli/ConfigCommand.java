package org.adit.pool.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.adit.config.ConfigException;
import org.adit.config.ConfigLoader;
import org.adit.config.ConfigProblem;
import org.adit.config.LoadedConfig;
import org.adit.pool.SettingsCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adit config}. */
@Command(
    name = "config",
    description = "Checks configuration files.",
    mixinStandardHelpOptions = true,
    subcommands = ConfigCommand.Check.class)
final class ConfigCommand {

  /** {@code adit config check FILE}. */
  @Command(
      name = "check",
      description = {
        "Checks a configuration file without starting anything: syntax, keys, types, ranges,",
        "addresses of the network, ports in use, folders, readable secrets."
      },
      mixinStandardHelpOptions = true)
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The configuration file (TOML).")
    private Path file;

    @Override
    public Integer call() throws ConfigException {
      LoadedConfig loaded = ConfigLoader.load(file);
      List<ConfigProblem> problems = SettingsCheck.run(loaded);
      if (!problems.isEmpty()) {
        throw new ConfigException(problems);
      }
      spec.commandLine()
          .getOut()
          .println(
              file
                  + ": good. "
                  + loaded.config().network()
                  + ", "
                  + loaded.config().payout().scheme()
                  + ", "
                  + loaded.config().listeners().size()
                  + " listener(s), data in "
                  + loaded.config().dataDir());
      return 0;
    }
  }
}
