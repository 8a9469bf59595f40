package org.adit.accounting.store;

import org.adit.accounting.ledger.Entry;

/**
 * A ledger entry as stored.
 *
 * @param chainHex hash over the chain up to and including this entry, see {@link EntryChain}
 */
public record StoredEntry(long id, Entry entry, String chainHex) {}
