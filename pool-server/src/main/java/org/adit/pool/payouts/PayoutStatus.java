package org.adit.pool.payouts;

import org.adit.accounting.InvariantReport;
import org.jspecify.annotations.Nullable;

/**
 * How paying out is doing, for status pages.
 *
 * @param invariants the last check of the ledger, null before the first
 * @param wallet wallet against books at the last look, null while no wallet is set or reachable
 * @param problem what stands in the way, null while nothing does
 */
public record PayoutStatus(
    @Nullable InvariantReport invariants, @Nullable WalletState wallet, @Nullable String problem) {

  /** Whether payouts may go on. */
  public boolean isGood() {
    return problem == null && (invariants == null || invariants.holds());
  }
}
