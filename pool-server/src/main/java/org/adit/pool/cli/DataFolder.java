package org.adit.pool.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.adit.accounting.AccountingReader;
import org.adit.config.ConfigException;
import org.adit.config.ConfigLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options that say where the pool's data is; the pool may be running. */
final class DataFolder {
  @ArgGroup(multiplicity = "1")
  private Choice choice = new Choice();

  static final class Choice {
    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        description = "The pool's configuration file.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "The pool's data folder.")
    private @Nullable Path data;
  }

  Path path() throws ConfigException, CommandFailure {
    Path folder =
        choice.config != null ? ConfigLoader.load(choice.config).config().dataDir() : choice.data;
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CommandFailure(
          1, "there is no data folder " + folder + "; has the pool run with these settings?");
    }
    return folder;
  }

  AccountingReader open() throws ConfigException, CommandFailure {
    return AccountingReader.open(path());
  }
}
