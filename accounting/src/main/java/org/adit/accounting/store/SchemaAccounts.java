package org.adit.accounting.store;

/**
 * Indexes for questions about one account, so that none of them reads what others earned; a step of
 * {@link Schema}. The one on credits holds the amounts, so that they are summed without the rows.
 */
final class SchemaAccounts {
  static final String SQL =
      """
      DROP INDEX block_credit_by_worker;
      CREATE INDEX block_credit_by_worker
        ON block_credit (worker_id, block_id, subsidy_sat, fees_sat);
      CREATE INDEX block_direct_by_account ON block_direct (account_id);
      CREATE INDEX block_by_finder ON block (finder_worker_id);
      CREATE INDEX block_orphaned ON block (state) WHERE state = 'ORPHANED';
      CREATE INDEX payout_attempt_withdrawn
        ON payout_attempt (state, batch) WHERE state = 'WITHDRAWN'
      """;

  private SchemaAccounts() {}
}
