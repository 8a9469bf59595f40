package org.adit.pool.mining;

/**
 * A share as received, already in numbers.
 *
 * @param worker who sends it
 * @param extranonce2 the miner's part of the extranonce, {@link MiningChannel#EXTRANONCE2_BYTES}
 * @param ntime seconds since 1970, unsigned 32 bits
 * @param nonce as a number
 * @param hasVersionBits whether {@code versionBits} was sent
 * @param versionBits rolled bits, 0 when not sent
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one check on one thread
public record Submission(
    Worker worker,
    byte[] extranonce2,
    int ntime,
    int nonce,
    boolean hasVersionBits,
    int versionBits) {}
