package org.adit.accounting.store;

/** The table of what coinbases paid to miners themselves; a step of {@link Schema}. */
final class SchemaDirect {
  static final String SQL =
      """
      CREATE TABLE block_direct (
        block_id INTEGER NOT NULL REFERENCES block (id),
        account_id INTEGER NOT NULL REFERENCES account (id),
        paid_sat INTEGER NOT NULL CHECK (paid_sat > 0),
        PRIMARY KEY (block_id, account_id)
      ) STRICT, WITHOUT ROWID
      """;

  private SchemaDirect() {}
}
