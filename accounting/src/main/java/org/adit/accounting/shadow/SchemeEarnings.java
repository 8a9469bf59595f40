package org.adit.accounting.shadow;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.scheme.LargestRemainder;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;

/**
 * One scheme's side of a comparison.
 *
 * @param window size in units or blocks; zero for schemes without a window
 * @param inForce whether the pool divides its blocks by it now
 * @param poolSat what the operator would have been left with; negative where shares cost more than
 *     the blocks brought
 * @param accounts earnings per account, in key order
 */
public record SchemeEarnings(
    SchemeKind scheme,
    Rational window,
    boolean inForce,
    long poolSat,
    SortedMap<String, Earned> accounts) {

  public SchemeEarnings {
    SortedMap<String, Earned> ordered = new TreeMap<>(LargestRemainder.KEY_ORDER);
    ordered.putAll(accounts);
    accounts = Collections.unmodifiableSortedMap(ordered);
  }
}
