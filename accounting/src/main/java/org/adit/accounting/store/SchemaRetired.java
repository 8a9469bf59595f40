package org.adit.accounting.store;

/** The tables of what can no longer be computed from raw shares; a step of {@link Schema}. */
final class SchemaRetired {
  static final String SQL =
      """
      CREATE TABLE retired_block (
        block_id INTEGER PRIMARY KEY REFERENCES block (id),
        digest BLOB NOT NULL CHECK (length(digest) = 32)
      ) STRICT;
      CREATE TABLE retired_pps (
        epoch_id INTEGER NOT NULL REFERENCES pps_epoch (id),
        account_id INTEGER NOT NULL REFERENCES account (id),
        work BLOB NOT NULL CHECK (length(work) = 16),
        PRIMARY KEY (epoch_id, account_id)
      ) STRICT, WITHOUT ROWID
      """;

  private SchemaRetired() {}
}
