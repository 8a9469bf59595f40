package org.adit.accounting.scheme;

import java.math.BigInteger;

/**
 * A share of a miner who chose the transactions of its block.
 *
 * @param work expected hashes, not negative
 * @param jobFeesSat fees of the block it was mined on
 */
public record SliceShare(WorkerKey worker, BigInteger work, long jobFeesSat) {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when one is negative
   */
  public SliceShare {
    if (work.signum() < 0 || jobFeesSat < 0) {
      throw new IllegalArgumentException(
          "work " + work + ", job fees " + jobFeesSat + " (expected: each >= 0)");
    }
  }
}
