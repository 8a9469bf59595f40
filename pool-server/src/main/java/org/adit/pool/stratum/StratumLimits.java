package org.adit.pool.stratum;

/**
 * Bounds on what a connection may do; defaults and reasons: Stratum V1 specification 1.4.
 *
 * @param lineBytes longest line
 * @param unfinishedLineMillis oldest line without its end
 * @param unsentBytes most bytes waiting for a slow reader
 * @param messagesBeforeSubscribe most messages before a subscribe
 * @param messagesPerSecond refill of the token bucket after authorisation
 * @param messageBurst size of that bucket
 * @param overloadMillis how long a connection may be held back before it is closed
 * @param subscribeMillis time to subscribe
 * @param authorizeMillis time to authorise
 * @param silentMillis time without an accepted share
 * @param workersPerConnection authorised workers of one connection
 * @param connections of the whole pool
 */
public record StratumLimits(
    int lineBytes,
    long unfinishedLineMillis,
    int unsentBytes,
    int messagesBeforeSubscribe,
    int messagesPerSecond,
    int messageBurst,
    long overloadMillis,
    long subscribeMillis,
    long authorizeMillis,
    long silentMillis,
    int workersPerConnection,
    int connections) {

  /** The specification's values. */
  public static final StratumLimits DEFAULT =
      new StratumLimits(
          8_192, 30_000, 256 * 1_024, 20, 50, 400, 60_000, 15_000, 60_000, 7_200_000, 256, 65_536);
}
