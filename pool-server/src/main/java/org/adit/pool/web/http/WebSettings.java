package org.adit.pool.web.http;

import java.util.Set;
import java.util.function.Predicate;

/**
 * How the server behaves.
 *
 * @param requestsPerSecond steady rate of one address
 * @param streams most event streams at once
 * @param hostNames names browsers may use, lower case, besides addresses and localhost
 * @param corsOrigins origins whose pages may read
 * @param everybodys requests that any page may make under any name, as nothing of it is private
 * @param connections most connections at once
 */
public record WebSettings(
    int requestsPerSecond,
    int streams,
    Set<String> hostNames,
    Set<String> corsOrigins,
    Predicate<Request> everybodys,
    int connections) {
  /** Copies the sets. */
  public WebSettings {
    hostNames = Set.copyOf(hostNames);
    corsOrigins = Set.copyOf(corsOrigins);
  }
}
