package org.adit.accounting;

import org.adit.accounting.journal.WriterStatus;
import org.jspecify.annotations.Nullable;

/**
 * How the accounting is doing.
 *
 * @param writer the share writer
 * @param foldedSequence newest share whose sums are in the database
 * @param foldError why the database does not take sums at the moment, null while it does
 * @param invariants the last check of the ledger, null before the first
 */
public record AccountingStatus(
    WriterStatus writer,
    long foldedSequence,
    @Nullable String foldError,
    @Nullable InvariantReport invariants) {

  /** Whether money may be paid out: every invariant held at the last check. */
  public boolean ledgerHolds() {
    return invariants != null && invariants.holds();
  }
}
