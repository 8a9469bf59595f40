package org.adit.pool.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.adit.config.ConfigException;
import org.adit.config.ConfigLoader;
import org.adit.config.PoolConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Options that say where a pool's figures come from: the API of the running pool, or its data
 * folder while it does not run.
 */
final class PoolSource {
  /** Exit codes of commands with this source, for their help. */
  static final String EXIT_FAILED = "1:It failed, or there is no such thing; the message says why.";

  static final String EXIT_USAGE = "2:Wrong arguments.";
  static final String EXIT_NOT_RUNNING = "4:No pool answers at the address.";
  static final String EXIT_NOT_ALLOWED = "5:The pool wants its token.";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Choice choice = new Choice();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the pool's token; default: the one of the configuration.")
  private @Nullable Path tokenFile;

  @Option(names = "--offline", description = "With -c: read the data folder even if the pool runs.")
  private boolean offline;

  static final class Choice {
    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        description = {
          "The pool's configuration file: asks the pool while it runs, else reads its data folder."
        })
    private @Nullable Path config;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "The pool's data folder, read as it is; the pool may run.")
    private @Nullable Path data;

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "The address of a running pool, as http://127.0.0.1:3334.")
    private @Nullable URI url;
  }

  /** Gets something out of a running pool. */
  @FunctionalInterface
  interface FromPool<T> {
    /** Asks the API. */
    T read(PoolApi api) throws Exception;
  }

  /** Gets the same out of files. */
  @FunctionalInterface
  interface FromFolder<T> {
    /**
     * Reads.
     *
     * @param folder exists
     * @param config null when only the folder was named
     */
    T read(Path folder, @Nullable PoolConfig config) throws Exception;
  }

  /**
   * Reads from the pool if it runs, else from its folder.
   *
   * @param folderOnly the option that only the folder can answer; null when there is none
   */
  <T> T read(FromPool<T> fromPool, FromFolder<T> fromFolder, @Nullable String folderOnly)
      throws Exception {
    if (choice.url != null) {
      if (folderOnly != null || offline) {
        throw new CommandFailure(
            2,
            (folderOnly == null ? "--offline" : folderOnly)
                + " is answered from the data folder: name it by -c or --data, not --url");
      }
      return fromPool.read(PoolApi.at(choice.url, tokenFile));
    }
    PoolConfig config = choice.config == null ? null : ConfigLoader.load(choice.config).config();
    if (config != null && folderOnly == null && !offline) {
      Optional<PoolApi> api = PoolApi.of(config, tokenFile);
      if (api.isPresent()) {
        try {
          return fromPool.read(api.get());
        } catch (CommandFailure e) {
          if (e.exitCode() != PoolApi.NOT_RUNNING) {
            throw e;
          }
          spec.commandLine().getErr().println("adit: the pool does not run; from its data folder:");
          spec.commandLine().getErr().flush();
        }
      }
    }
    return fromFolder.read(folder(config), config);
  }

  private Path folder(@Nullable PoolConfig config) throws CommandFailure, ConfigException {
    Path folder = config != null ? config.dataDir() : choice.data;
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CommandFailure(
          1, "there is no data folder " + folder + "; has the pool run with these settings?");
    }
    return folder;
  }
}
