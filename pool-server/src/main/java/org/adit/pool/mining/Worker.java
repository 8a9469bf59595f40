package org.adit.pool.mining;

/**
 * A worker that may submit: resolved, and known to accounting.
 *
 * @param account who is paid: an operator's account name or a canonical payout address
 * @param name of the worker within the account
 * @param id accounting's number of (account, name)
 */
public record Worker(String account, String name, int id) {}
