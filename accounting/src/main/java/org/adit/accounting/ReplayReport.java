package org.adit.accounting;

import java.util.ArrayList;
import java.util.List;

/**
 * What a replay compared and found.
 *
 * @param shares shares read from the journal
 * @param blocks blocks settled again
 * @param entries ledger entries posted again
 * @param differences one sentence each; empty when everything agrees. At most 1000 are kept
 * @param omitted differences beyond those
 */
public record ReplayReport(
    long shares, int blocks, int entries, List<String> differences, long omitted) {

  public ReplayReport {
    differences = List.copyOf(differences);
  }

  /** The same with one more difference. */
  ReplayReport with(String difference) {
    List<String> more = new ArrayList<>(differences);
    more.add(difference);
    return new ReplayReport(shares, blocks, entries, more, omitted);
  }

  /** Whether everything agrees. */
  public boolean agrees() {
    return differences.isEmpty();
  }
}
