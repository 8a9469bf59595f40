package org.adit.accounting.shadow;

import java.util.List;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Rational;

/**
 * The same shares and blocks under every scheme.
 *
 * @param firstSequence first share of the span
 * @param lastSequence last share of the span
 * @param units expected blocks of its work
 * @param blocks blocks found in it that are not orphaned
 * @param reward what they brought
 * @param schemes one row per scheme; empty while there is no block
 */
public record SchemeComparison(
    long firstSequence,
    long lastSequence,
    Rational units,
    int blocks,
    Amounts reward,
    List<SchemeEarnings> schemes) {

  public SchemeComparison {
    schemes = List.copyOf(schemes);
  }
}
