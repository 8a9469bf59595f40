package org.adit.accounting;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

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
 * @param direct what its coinbase pays to miners by a window; null when it pays none
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
    Instant foundAt,
    @Nullable DirectPayments direct) {

  /** A block whose coinbase pays the pool, or with SOLO the finder. */
  public FoundBlock(
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
    this(
        hash,
        height,
        netBits,
        subsidySat,
        feesSat,
        transactions,
        winnerSequence,
        finderWorkerId,
        scheme,
        foundAt,
        null);
  }

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
    if (direct != null && direct.endSequence() >= winnerSequence) {
      throw new IllegalArgumentException(
          "the window ends at share "
              + direct.endSequence()
              + " (expected: before the winning share "
              + winnerSequence
              + ")");
    }
  }

  /** Newest share of the window. */
  public long endSequence() {
    return direct == null ? winnerSequence - 1 : direct.endSequence();
  }

  /** What the coinbase pays to each miner by a window. */
  public SortedMap<String, Long> paidSat() {
    return direct == null ? Collections.emptySortedMap() : direct.paidSat();
  }

  private static Amounts reward(long subsidySat, long feesSat) {
    return new Amounts(subsidySat, feesSat);
  }

  /** What the coinbase paid out. */
  public Amounts reward() {
    return reward(subsidySat, feesSat);
  }
}
