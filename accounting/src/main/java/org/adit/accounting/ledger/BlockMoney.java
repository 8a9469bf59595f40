package org.adit.accounting.ledger;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.scheme.Amounts;

/**
 * What the pool holds of a block.
 *
 * @param block block hash as in keys
 * @param poolFee the operator's part
 * @param credits owed per account; empty when the coinbase paid the miner itself
 * @param incomeSat what is the operator's because its shares were paid when they came (PPS family)
 */
public record BlockMoney(
    String block, Amounts poolFee, SortedMap<String, Amounts> credits, long incomeSat) {

  /** A block whose shares are paid by it. */
  public BlockMoney(String block, Amounts poolFee, SortedMap<String, Amounts> credits) {
    this(block, poolFee, credits, 0);
  }

  public BlockMoney {
    credits = Collections.unmodifiableSortedMap(new TreeMap<>(credits));
  }

  /** Value of the coinbase outputs to the pool. */
  public long heldSat() {
    long sum = Math.addExact(poolFee.totalSat(), incomeSat);
    for (Amounts amounts : credits.values()) {
      sum = Math.addExact(sum, amounts.totalSat());
    }
    return sum;
  }
}
