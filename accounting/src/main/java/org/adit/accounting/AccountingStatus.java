package org.adit.accounting;

import org.adit.accounting.journal.WriterStatus;
import org.jspecify.annotations.Nullable;

/**
 * How the accounting is doing.
 *
 * @param writer the share writer
 * @param foldedSequence newest share whose sums are in the database
 * @param foldError why the database does not take sums at the moment, null while it does
 */
public record AccountingStatus(
    WriterStatus writer, long foldedSequence, @Nullable String foldError) {}
