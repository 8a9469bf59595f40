package org.adit.accounting.store;

import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.UnfilledPolicy;

/**
 * Settings that change pay, in force from a journal sequence on.
 *
 * @param id 0 while it is not stored
 * @param fromSequence first winning share the rule applies to
 * @param windowUnits size of the unit window
 */
public record PayRule(
    long id, long fromSequence, Rational windowUnits, UnfilledPolicy unfilled, FeePpm fee) {

  /** Whether both say the same about pay. */
  public boolean paysLike(PayRule other) {
    return windowUnits.equals(other.windowUnits)
        && unfilled == other.unfilled
        && fee.equals(other.fee);
  }
}
