package org.adit.accounting.store;

import org.adit.accounting.scheme.Rational;

/**
 * What a block is taken to be worth by schemes that pay by the share, in force from a journal
 * sequence on. The first one counts for earlier shares too.
 *
 * @param id 0 while it is not stored
 * @param fromSequence first share it applies to
 * @param subsidySat block subsidy
 * @param expectedFeesSat expected transaction fees of a block; zero where only the subsidy is paid
 *     by the share
 * @param inputs what the expectation was made of, for publication; empty when there is none
 * @param setMillis when it was set, milliseconds since the epoch
 */
public record PpsRate(
    long id,
    long fromSequence,
    long subsidySat,
    Rational expectedFeesSat,
    String inputs,
    long setMillis) {

  /** Whether shares are worth the same under both. */
  public boolean paysLike(PpsRate other) {
    return subsidySat == other.subsidySat && expectedFeesSat.equals(other.expectedFeesSat);
  }
}
