package org.adit.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The dashboard and the API.
 *
 * @param enabled whether there is a web server at all
 * @param host address or host name to bind
 * @param port TCP port; 0 takes any free one
 * @param access who may read
 * @param tokenFile file with the token; empty: {@code api-token} in the data folder, made when
 *     missing
 * @param hostNames names under which browsers may reach it, besides addresses and localhost
 * @param corsOrigins origins whose pages may read the API
 * @param requestsPerSecond steady rate of one address
 * @param streams most event streams at once
 * @param publicPool whether the read-only API of Public Pool is served too
 * @param nerdminer whether the two ports that NerdMiner firmware expects are opened
 */
public record WebConfig(
    boolean enabled,
    String host,
    int port,
    Access access,
    Optional<Path> tokenFile,
    List<String> hostNames,
    List<String> corsOrigins,
    int requestsPerSecond,
    int streams,
    boolean publicPool,
    boolean nerdminer) {

  /** Who may read. */
  public enum Access {
    /** Everybody, everything. */
    OPEN,
    /** Everybody the pool's figures and one account by its name; lists of all with the token. */
    ADDRESS,
    /** Nobody without the token. */
    TOKEN
  }

  /** Copies the lists. */
  public WebConfig {
    hostNames = List.copyOf(hostNames);
    corsOrigins = List.copyOf(corsOrigins);
  }
}
