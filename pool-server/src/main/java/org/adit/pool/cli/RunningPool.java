package org.adit.pool.cli;

import java.net.URI;
import java.nio.file.Path;
import org.adit.config.ConfigException;
import org.adit.config.ConfigLoader;
import org.adit.config.PoolConfig;
import org.adit.pool.web.Web;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Options that say which running pool's API is asked. */
final class RunningPool {
  @ArgGroup(multiplicity = "1")
  private Choice choice = new Choice();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the pool's token; default: the one of the configuration.")
  private @Nullable Path tokenFile;

  static final class Choice {
    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        description = "The pool's configuration file, on the pool's machine.")
    private @Nullable Path config;

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "The pool's address, as http://127.0.0.1:3334.")
    private @Nullable URI url;
  }

  private @Nullable PoolApi known;

  /** See {@link PoolApi#get}. */
  JsonNode get(String path) throws CommandFailure, ConfigException, InterruptedException {
    return api().get(path);
  }

  /** See {@link PoolApi#post}. */
  JsonNode post(String path) throws CommandFailure, ConfigException, InterruptedException {
    return api().post(path);
  }

  /** See {@link PoolApi#post(String, JsonNode)}. */
  JsonNode post(String path, JsonNode body)
      throws CommandFailure, ConfigException, InterruptedException {
    return api().post(path, body);
  }

  private PoolApi api() throws CommandFailure, ConfigException {
    PoolApi api = known;
    if (api == null) {
      api =
          choice.url != null
              ? PoolApi.at(choice.url, tokenFile)
              : ofConfig(ConfigLoader.load(java.util.Objects.requireNonNull(choice.config)));
      known = api;
    }
    return api;
  }

  private PoolApi ofConfig(org.adit.config.LoadedConfig loaded) throws CommandFailure {
    PoolConfig config = loaded.config();
    return PoolApi.of(config, tokenFile)
        .orElseThrow(() ->
            new CommandFailure(
                PoolApi.NOT_RUNNING,
                "no pool has opened its web port with these settings yet (no "
                    + config.dataDir().resolve(Web.ADDRESS_FILE)
                    + ")"));
  }
}
