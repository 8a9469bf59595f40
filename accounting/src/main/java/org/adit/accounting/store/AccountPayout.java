package org.adit.accounting.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payout as one of its payees sees it.
 *
 * @param id of the payout
 * @param address where the money goes
 * @param amountSat what left the payable balance
 * @param feeShareSat the part of that which goes to the network
 * @param txid the transaction that counts: the confirmed one, else the newest that may still
 *     confirm; null when there is none
 */
public record AccountPayout(
    String id,
    PayoutState state,
    Instant createdAt,
    Instant updatedAt,
    String address,
    long amountSat,
    long feeShareSat,
    @Nullable String txid) {

  /** What the payee receives. */
  public long outputSat() {
    return amountSat - feeShareSat;
  }
}
