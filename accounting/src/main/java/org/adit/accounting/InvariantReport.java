package org.adit.accounting;

import java.util.List;

/**
 * What a check of the ledger's invariants found.
 *
 * @param entries ledger entries looked at since the start
 * @param broken one sentence each, beginning with the invariant's number; empty when all hold
 */
public record InvariantReport(long entries, List<String> broken) {
  public InvariantReport {
    broken = List.copyOf(broken);
  }

  /** Whether all hold. */
  public boolean holds() {
    return broken.isEmpty();
  }
}
