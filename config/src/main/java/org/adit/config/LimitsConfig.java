package org.adit.config;

import java.time.Duration;

/**
 * What connections may use before they are slowed down or closed (Stratum V1 specification 1.4,
 * 2.6, 12).
 *
 * @param connections open connections on all ports together
 * @param connectionsPerIp open connections of one address; farms share one
 * @param acceptsPerSecondPerIp new connections of one address per second
 * @param lineBytes longest line, its line feed included
 * @param unfinishedLine greatest age of a line without its end
 * @param jsonDepth deepest nesting in one message
 * @param jsonElements most elements of one array or object in one message
 * @param jsonStringChars longest string in one message
 * @param unsentBytes most bytes waiting for a slow reader
 * @param messagesBeforeSubscribe messages a connection may send before it subscribed
 * @param messagesPerSecondBeforeSubscribe the same per second
 * @param messagesPerSecond steady rate after authorisation, refill of the token bucket
 * @param messageBurst size of that token bucket
 * @param backpressure how long reading may be stopped by an empty bucket before the connection is
 *     closed
 * @param subscribe time until the subscription
 * @param authorize time until the first successful authorisation
 * @param idle time without an accepted share
 * @param usersPerConnection users one connection may authorise
 * @param failedAuthorizes failed authorisations that close a connection
 * @param workersPerAccount worker names of one account that are told apart
 */
public record LimitsConfig(
    int connections,
    int connectionsPerIp,
    int acceptsPerSecondPerIp,
    int lineBytes,
    Duration unfinishedLine,
    int jsonDepth,
    int jsonElements,
    int jsonStringChars,
    int unsentBytes,
    int messagesBeforeSubscribe,
    int messagesPerSecondBeforeSubscribe,
    int messagesPerSecond,
    int messageBurst,
    Duration backpressure,
    Duration subscribe,
    Duration authorize,
    Duration idle,
    int usersPerConnection,
    int failedAuthorizes,
    int workersPerAccount) {

  /** The values that hold when the file says nothing. */
  public static LimitsConfig defaults() {
    return ConfigBuilder.limits(SectionValues.defaultsOf(Settings.LIMITS));
  }
}
