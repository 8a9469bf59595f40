package org.adit.pool.bitcoind;

import java.time.Instant;
import java.util.Optional;
import org.adit.hasher.Hash256;

/**
 * The end of a submission.
 *
 * @param hash the block
 * @param verdict final, or {@link SubmitVerdict.Retry} when the node stayed undecided too long
 * @param attempts calls of submitblock, 1 when all went well
 * @param firstSentAt when the block was first sent
 * @param verdictAt when the verdict arrived
 * @param standing where the block stood right after, when it was found and the node told
 */
public record SubmitReport(
    Hash256 hash,
    SubmitVerdict verdict,
    int attempts,
    Instant firstSentAt,
    Instant verdictAt,
    Optional<BlockStanding> standing) {}
