package org.adit.config;

import java.time.Duration;

/**
 * When another of several nodes takes over (Stratum V1 specification 6.3, 6.8).
 *
 * @param silence how long a node may leave a question unanswered before another one is used
 * @param comeback how long a preferred node must have been well and at the best tip before it is
 *     used again
 */
public record FailoverConfig(Duration silence, Duration comeback) {

  /** The values that hold when the file says nothing. */
  public static FailoverConfig defaults() {
    return ConfigBuilder.failover(SectionValues.defaultsOf(Settings.FAILOVER));
  }
}
