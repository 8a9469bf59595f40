package org.adit.pool.work;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whom a coinbase pays, as it was fixed when its job was made; a block of that job is booked by it,
 * whatever came since.
 *
 * @param endSequence newest share it was made from
 * @param paidSat satoshi per account, each positive
 */
public record FrozenList(long endSequence, SortedMap<String, Long> paidSat) {

  /** Copies the map. */
  public FrozenList {
    paidSat = Collections.unmodifiableSortedMap(new TreeMap<>(paidSat));
  }
}
