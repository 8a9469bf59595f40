package org.adit.accounting.store;

import java.time.Instant;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * A block of the pool with the snapshot its credits were computed from.
 *
 * @param reward what the coinbase paid out: subsidy and transaction fees
 * @param poolFee the operator's part
 * @param direct the coinbase paid the miner itself; only the pool fee is in the ledger
 * @param winnerSequence journal sequence of the winning share
 * @param payRuleId the rule in force at that sequence
 * @param transitions how often the block left or rejoined the active chain
 * @param window what the window was and held; null for SOLO
 */
public record BlockRow(
    Hash256 hash,
    int height,
    int netBits,
    Amounts reward,
    Amounts poolFee,
    int transactions,
    SchemeKind scheme,
    boolean direct,
    long winnerSequence,
    int finderWorkerId,
    WorkerKey finder,
    long payRuleId,
    Instant foundAt,
    BlockState state,
    int transitions,
    @Nullable WindowRow window) {

  /**
   * The window of a block.
   *
   * @param endSequence newest share in the window
   * @param firstSequence oldest share in the window, 0 when there was none
   * @param size units or work it should hold
   * @param filled what it held
   * @param edgeTaken how much of the oldest share lies inside
   * @param edgeOf the oldest share as a whole
   */
  public record WindowRow(
      long endSequence,
      long firstSequence,
      Rational size,
      Rational filled,
      Rational edgeTaken,
      Rational edgeOf) {}
}
