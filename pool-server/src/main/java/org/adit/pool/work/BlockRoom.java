package org.adit.pool.work;

import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.TemplateTransaction;

/**
 * What a template's transactions leave of a block to its coinbase (Stratum V1 specification 5.7). A
 * node that has more transactions than fit leaves what its {@code -blockreservedweight} says, 8 000
 * by default, which is a coinbase of 1 900 bytes or some 55 outputs.
 *
 * @param coinbaseBytes longest coinbase, without witness
 * @param sigops most its outputs may cost of the block's signature checks
 */
public record BlockRoom(int coinbaseBytes, int sigops) {
  private static final int MAX_WEIGHT = 4_000_000;
  private static final int MAX_SIGOPS = 80_000;
  private static final int HEADER_WEIGHT = 4 * 80;
  private static final int COUNT_WEIGHT = 4 * 3;

  /** The room there is; never negative. */
  public static BlockRoom of(BlockTemplate template) {
    long weight = HEADER_WEIGHT + COUNT_WEIGHT + CoinbaseParts.WITNESS_WEIGHT;
    long sigops = 0;
    for (TemplateTransaction transaction : template.transactions()) {
      weight += transaction.weight();
      sigops += transaction.sigops();
    }
    return new BlockRoom(
        (int) Math.max(0, (MAX_WEIGHT - weight) / 4), (int) Math.max(0, MAX_SIGOPS - sigops));
  }
}
