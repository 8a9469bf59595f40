package org.adit.pool.web.http;

import java.util.Set;

/**
 * How the server behaves.
 *
 * @param requestsPerSecond steady rate of one address
 * @param streams most event streams at once
 * @param hostNames names browsers may use, lower case, besides addresses and localhost
 * @param corsOrigins origins whose pages may read
 * @param connections most connections at once
 */
public record WebSettings(
    int requestsPerSecond,
    int streams,
    Set<String> hostNames,
    Set<String> corsOrigins,
    int connections) {
  /** Copies the sets. */
  public WebSettings {
    hostNames = Set.copyOf(hostNames);
    corsOrigins = Set.copyOf(corsOrigins);
  }
}
