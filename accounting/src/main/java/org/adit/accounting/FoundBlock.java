package org.adit.accounting;

import java.time.Instant;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.hasher.Hash256;

/**
 * A block of the pool that the node accepted, as read back from the block itself.
 *
 * @param hash block hash
 * @param height at least 1
 * @param netBits compact target of its header
 * @param subsidySat newly created coins
 * @param feesSat coinbase outputs minus the subsidy
 * @param transactions how many it holds, the coinbase included
 * @param winnerSequence journal sequence of the winning share; the window ends one before it
 * @param finderWorkerId worker that found it
 * @param scheme how it is divided
 * @param foundAt when the pool saw it
 */
public record FoundBlock(
    Hash256 hash,
    int height,
    int netBits,
    long subsidySat,
    long feesSat,
    int transactions,
    long winnerSequence,
    int finderWorkerId,
    SchemeKind scheme,
    Instant foundAt) {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when an amount, the height or the sequence is out of range
   */
  public FoundBlock {
    if (height < 1 || transactions < 1 || winnerSequence < 1) {
      throw new IllegalArgumentException(
          "height %d, transactions %d, winnerSequence %d (expected: each >= 1)"
              .formatted(height, transactions, winnerSequence));
    }
    reward(subsidySat, feesSat);
  }

  private static Amounts reward(long subsidySat, long feesSat) {
    return new Amounts(subsidySat, feesSat);
  }

  /** What the coinbase paid out. */
  public Amounts reward() {
    return reward(subsidySat, feesSat);
  }
}
