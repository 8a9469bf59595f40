package org.adit.accounting.store;

import java.math.BigInteger;
import java.time.Instant;
import org.adit.accounting.scheme.Amounts;
import org.jspecify.annotations.Nullable;

/**
 * A worker and its sums over all time.
 *
 * @param sharesAccepted shares in the journal that earn
 * @param sharesRejected rejected shares; statistics, may miss the last second before a crash
 * @param work sum of the work of accepted shares, expected hashes
 * @param lastShareAt when its newest share was accepted, null before the first
 * @param credited credits from blocks in the active chain, mature or not, paid by the ledger or by
 *     the coinbase
 */
public record WorkerRow(
    int id,
    String account,
    String worker,
    long sharesAccepted,
    long sharesRejected,
    BigInteger work,
    @Nullable Instant lastShareAt,
    Amounts credited) {}
