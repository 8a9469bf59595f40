package org.adit.pool.payouts;

import java.util.List;
import org.adit.accounting.store.PayoutRow.Item;

/**
 * What a payout would do now.
 *
 * @param items who is paid, in the order of the outputs; empty when nobody is due
 * @param left accounts that are not paid, with the reason
 * @param feeRateSat satoshi per virtual byte
 * @param feeSat planned network fee
 * @param minersPay whether the payees give it
 * @param inputs coins that will be spent
 * @param walletSat what the wallet can spend
 */
public record PayoutPlan(
    List<Item> items,
    List<Left> left,
    long feeRateSat,
    long feeSat,
    boolean minersPay,
    int inputs,
    long walletSat) {

  /** An account that is not paid. */
  public record Left(String account, long payableSat, String reason) {}

  public PayoutPlan {
    items = List.copyOf(items);
    left = List.copyOf(left);
  }

  /** What leaves the payable balances. */
  public long amountSat() {
    return items.stream().mapToLong(Item::amountSat).sum();
  }

  /** What the payees receive. */
  public long outputSat() {
    return items.stream().mapToLong(Item::outputSat).sum();
  }
}
