package org.adit.accounting;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a coinbase pays to miners of a scheme that divides blocks over a window, as it was fixed
 * when its job was made.
 *
 * @param endSequence newest share of the window; the winning share comes later
 * @param paidSat satoshi per account, each positive: all of the block that is the account's
 */
public record DirectPayments(long endSequence, SortedMap<String, Long> paidSat) {

  /**
   * Copies the map.
   *
   * @throws IllegalArgumentException when an amount is not positive
   */
  public DirectPayments {
    paidSat = Collections.unmodifiableSortedMap(new TreeMap<>(paidSat));
    if (paidSat.values().stream().anyMatch(sat -> sat <= 0) || endSequence < 0) {
      throw new IllegalArgumentException("direct payments must be positive");
    }
  }
}
