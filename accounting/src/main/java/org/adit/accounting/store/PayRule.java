package org.adit.accounting.store;

import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;

/**
 * Settings that change pay, in force from a journal sequence on.
 *
 * @param id 0 while it is not stored
 * @param fromSequence first winning share the rule applies to
 * @param scheme how blocks are divided
 * @param window size of the window: units, or multiples of the network work of the found block for
 *     schemes with a work window; without meaning for schemes that have none
 * @param unfilled what happens while the window is not full
 */
public record PayRule(
    long id,
    long fromSequence,
    SchemeKind scheme,
    Rational window,
    UnfilledPolicy unfilled,
    FeePpm fee) {

  /** Whether both say the same about pay. */
  public boolean paysLike(PayRule other) {
    return scheme == other.scheme
        && window.equals(other.window)
        && unfilled == other.unfilled
        && fee.equals(other.fee);
  }

  /** The same from another share on, not stored yet. */
  public PayRule from(long sequence) {
    return new PayRule(0, sequence, scheme, window, unfilled, fee);
  }

  /** The same with the id it was stored under. */
  public PayRule withId(long newId) {
    return new PayRule(newId, fromSequence, scheme, window, unfilled, fee);
  }
}
