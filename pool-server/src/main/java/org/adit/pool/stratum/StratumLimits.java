package org.adit.pool.stratum;

/**
 * Bounds on what a connection may do; defaults and reasons: Stratum V1 specification 1.4.
 *
 * @param lineBytes longest line
 * @param unfinishedLineMillis oldest line without its end
 * @param unsentBytes most bytes waiting for a slow reader
 * @param messagesBeforeSubscribe most messages before a subscribe
 * @param messagesPerSecondBeforeSubscribe the same for each second
 * @param messagesPerSecond refill of the token bucket after authorisation
 * @param messageBurst size of that bucket
 * @param overloadMillis how long a connection may be held back before it is closed
 * @param subscribeMillis time to subscribe
 * @param authorizeMillis time to authorise
 * @param silentMillis time without an accepted share
 * @param workersPerConnection authorised workers of one connection
 * @param failedAuthorizes failed authorisations that close a connection
 * @param connections of the whole pool
 * @param connectionsPerIp of one address; farms share one
 * @param acceptsPerSecondPerIp new connections of one address each second
 * @param jsonDepth deepest nesting of a message
 * @param jsonElements most elements of one array or object of a message
 * @param jsonStringChars longest string of a message
 */
public record StratumLimits(
    int lineBytes,
    long unfinishedLineMillis,
    int unsentBytes,
    int messagesBeforeSubscribe,
    int messagesPerSecondBeforeSubscribe,
    int messagesPerSecond,
    int messageBurst,
    long overloadMillis,
    long subscribeMillis,
    long authorizeMillis,
    long silentMillis,
    int workersPerConnection,
    int failedAuthorizes,
    int connections,
    int connectionsPerIp,
    int acceptsPerSecondPerIp,
    int jsonDepth,
    int jsonElements,
    int jsonStringChars) {

  /** The specification's values. */
  public static final StratumLimits DEFAULT =
      new StratumLimits(
          8_192,
          30_000,
          256 * 1_024,
          20,
          10,
          50,
          400,
          60_000,
          15_000,
          60_000,
          7_200_000,
          256,
          5,
          65_536,
          128,
          20,
          8,
          64,
          1_024);
}
