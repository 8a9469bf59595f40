package org.adit.accounting.store;

import org.adit.accounting.scheme.Amounts;

/**
 * One account's money.
 *
 * @param balance what it is owed and what coinbases paid it
 * @param inFlightSat in payouts whose transaction is not confirmed
 * @param paidSat in confirmed payouts
 */
public record AccountMoney(BalanceRow balance, long inFlightSat, long paidSat) {

  /** The money of an account nobody has heard of. */
  public static AccountMoney none(String account) {
    return new AccountMoney(new BalanceRow(account, Amounts.ZERO, 0, Amounts.ZERO), 0, 0);
  }
}
