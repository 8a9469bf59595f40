package org.adit.accounting.store;

import java.time.Instant;

/** When a ledger entry was posted. */
public record EntryTime(String key, Instant at) {}
