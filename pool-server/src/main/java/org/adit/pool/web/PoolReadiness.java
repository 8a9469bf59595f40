package org.adit.pool.web;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether the pool does its work at one moment: miners are let in and get fresh work. One value for
 * load balancers, alarms and people.
 *
 * @param ready whether nothing is wrong
 * @param open whether the ports are open; they stay open for a while after the last node went away,
 *     because the last job is still worth mining
 * @param reasons what is wrong, in words, the gravest first; empty exactly when {@code ready}
 * @param workAt when the template that is mined now came from a node; empty when there is none
 */
public record PoolReadiness(
    boolean ready, boolean open, List<String> reasons, Optional<Instant> workAt) {
  /** Checks that a pool that is not ready says why. */
  public PoolReadiness {
    reasons = List.copyOf(reasons);
    if (ready != reasons.isEmpty()) {
      throw new IllegalArgumentException("ready " + ready + ", but reasons are " + reasons);
    }
  }
}
