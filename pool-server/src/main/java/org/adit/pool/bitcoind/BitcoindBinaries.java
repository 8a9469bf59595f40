package org.adit.pool.bitcoind;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The programs of a Bitcoin node on this machine.
 *
 * @param bitcoind the node
 * @param bitcoinCli its command line client
 */
public record BitcoindBinaries(Path bitcoind, Path bitcoinCli) {

  /**
   * Looks for them: system property {@code adit.bitcoind}, environment {@code ADIT_BITCOIND} (paths
   * of bitcoind, with bitcoin-cli beside it), {@code PATH}, then the copy {@code ./adit bitcoind}
   * keeps in the user's cache.
   *
   * @throws IOException when there are none; the message says how to get them
   */
  public static BitcoindBinaries find() throws IOException {
    return find(System.getProperties(), System.getenv());
  }

  static BitcoindBinaries find(Properties properties, Map<String, String> environment)
      throws IOException {
    String named =
        properties.getProperty("adit.bitcoind", environment.getOrDefault("ADIT_BITCOIND", ""));
    if (!named.isBlank()) {
      return at(Path.of(named), environment)
          .orElseThrow(() ->
              new IOException(
                  "adit.bitcoind or ADIT_BITCOIND names "
                      + named
                      + ", but bitcoind and bitcoin-cli cannot be run from there"));
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!folder.isBlank()) {
        Optional<BitcoindBinaries> found = at(Path.of(folder, "bitcoind"), environment);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    Path cached =
        cacheFolder(properties, environment)
            .resolve(Path.of("adit", "bitcoind", "bin", "bitcoind"));
    return at(cached, environment)
        .orElseThrow(() ->
            new IOException(
                "no bitcoind on PATH nor at "
                    + cached
                    + "; get one with ./adit bitcoind, or install Bitcoin Core"));
  }

  private static Path cacheFolder(Properties properties, Map<String, String> environment) {
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    return xdg.isBlank()
        ? Path.of(environment.getOrDefault("HOME", properties.getProperty("user.home", ".")))
            .resolve(".cache")
        : Path.of(xdg);
  }

  /** bitcoind at this path, with a bitcoin-cli beside it or, failing that, on PATH. */
  private static Optional<BitcoindBinaries> at(Path bitcoind, Map<String, String> environment) {
    if (!Files.isExecutable(bitcoind) || Files.isDirectory(bitcoind)) {
      return Optional.empty();
    }
    List<Path> clients = new ArrayList<>();
    clients.add(bitcoind.resolveSibling("bitcoin-cli"));
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!folder.isBlank()) {
        clients.add(Path.of(folder, "bitcoin-cli"));
      }
    }
    return clients.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .map(client -> new BitcoindBinaries(bitcoind.toAbsolutePath(), client.toAbsolutePath()));
  }
}
