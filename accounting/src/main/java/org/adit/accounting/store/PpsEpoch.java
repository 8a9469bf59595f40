package org.adit.accounting.store;

/**
 * A time in which every unit of work is worth the same: one pay rule, one rate, one network target.
 *
 * @param id as it stands in ledger keys
 */
public record PpsEpoch(long id, long payRuleId, long rateId, int netBits) {}
