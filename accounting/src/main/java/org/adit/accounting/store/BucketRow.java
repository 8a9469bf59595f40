package org.adit.accounting.store;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A run of journal records summed up: all of one network target and between two winning shares.
 *
 * @param id 0 while it is not stored
 * @param work sum of work
 * @param scoreWork sum of work, each share capped at the network work
 * @param closedBy why it ended, null while it is open
 */
public record BucketRow(
    long id,
    long firstSequence,
    long lastSequence,
    long firstMillis,
    long lastMillis,
    int netBits,
    long shares,
    BigInteger work,
    BigInteger scoreWork,
    @Nullable String closedBy) {}
