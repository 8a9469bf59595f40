package org.adit.pool.mining;

import org.adit.accounting.journal.ShareRecord;
import org.adit.hasher.Hash256;
import org.adit.pool.work.FrozenList;
import org.jspecify.annotations.Nullable;

/**
 * A header that meets the network's target, with all that is needed to submit the block and to book
 * it, also by a process that starts after this one died.
 *
 * @param hash of the header
 * @param height of the block
 * @param block the whole block, serialised with witnesses; treat as immutable
 * @param netBits compact network target
 * @param subsidySat what the coinbase pays beyond the fees
 * @param feesSat transaction fees the coinbase pays
 * @param transactions number of transactions, the coinbase included
 * @param account whose share it is
 * @param worker the worker's name
 * @param share what goes into the share journal for it: the credited share, or a marker without
 *     work where the share was refused but the block may still be good
 * @param frozen whom the coinbase pays by their work; null where it does not
 */
@SuppressWarnings("ArrayRecordComponent") // a block has megabytes; it is not copied about
public record BlockCandidate(
    Hash256 hash,
    int height,
    byte[] block,
    int netBits,
    long subsidySat,
    long feesSat,
    int transactions,
    String account,
    String worker,
    ShareRecord share,
    @Nullable FrozenList frozen) {}
