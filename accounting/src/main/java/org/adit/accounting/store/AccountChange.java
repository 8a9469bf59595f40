package org.adit.accounting.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the log of account settings. Lines are never changed; the newest in force counts.
 *
 * @param id its place in the log, 0 while it is not stored
 * @param fromSequence journal sequence from which on it holds
 * @param address new payout address, or null when the threshold changed
 * @param thresholdSat new threshold, {@link #POOL_DEFAULT} for the pool's, or null when the address
 *     changed
 * @param origin who changed it: {@link #CONFIG} or {@link #OPERATOR}
 * @param note the operator's words
 */
public record AccountChange(
    long id,
    String account,
    long fromSequence,
    @Nullable String address,
    @Nullable Long thresholdSat,
    String origin,
    String note,
    Instant at) {
  /** Set by the configuration file. */
  public static final String CONFIG = "config";

  /** Set by a command. */
  public static final String OPERATOR = "operator";

  /** A threshold that means the pool's own. */
  public static final long POOL_DEFAULT = -1;
}
