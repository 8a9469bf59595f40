package org.adit.accounting.store;

/**
 * The newest entry of a ledger.
 *
 * @param id its number, at least 1
 * @param chainHex the hash chain up to and including it
 */
public record LedgerHead(long id, String chainHex) {}
