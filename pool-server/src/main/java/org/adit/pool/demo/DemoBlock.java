package org.adit.pool.demo;

/**
 * A block of the pool, as the node has it.
 *
 * @param height of the block
 * @param hash in display order
 * @param subsidySat new coins
 * @param feesSat transaction fees
 * @param transactions the coinbase included
 * @param finder {@code account.worker}
 */
public record DemoBlock(
    int height, String hash, long subsidySat, long feesSat, int transactions, String finder) {}
