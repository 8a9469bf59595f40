package org.adit.accounting.store;

import org.adit.accounting.scheme.Amounts;

/**
 * What the pool owes an account and what it has paid.
 *
 * @param account payout identity; {@code ~reserve} holds unfilled windows
 * @param pending owed from immature blocks
 * @param payableSat may be paid out now
 * @param paidByCoinbase credits the coinbase of blocks in the active chain paid directly
 */
public record BalanceRow(
    String account, Amounts pending, long payableSat, Amounts paidByCoinbase) {}
