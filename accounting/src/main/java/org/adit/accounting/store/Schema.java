package org.adit.accounting.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Tables by version. A step is never changed once it was released; a new version appends a step.
 * Sums that can pass 63 bits are 16-byte big-endian blobs, which compare like numbers.
 */
final class Schema {
  private static final String V1 =
      """
      CREATE TABLE account (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        created_ms INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE worker (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES account (id),
        name TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        UNIQUE (account_id, name)
      ) STRICT;
      INSERT INTO account (id, name, created_ms) VALUES (0, '~reserve', 0);
      INSERT INTO worker (id, account_id, name, created_ms) VALUES (0, 0, '', 0);
      CREATE TABLE worker_total (
        worker_id INTEGER PRIMARY KEY REFERENCES worker (id),
        shares INTEGER NOT NULL,
        work BLOB NOT NULL CHECK (length(work) = 16),
        last_share_ms INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE worker_reject (
        worker_id INTEGER NOT NULL REFERENCES worker (id),
        reason TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (worker_id, reason)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE journal_offset (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        sequence INTEGER NOT NULL
      ) STRICT;
      INSERT INTO journal_offset (id, sequence) VALUES (1, 0);
      CREATE TABLE bucket (
        id INTEGER PRIMARY KEY,
        first_sequence INTEGER NOT NULL UNIQUE,
        last_sequence INTEGER NOT NULL UNIQUE,
        first_ms INTEGER NOT NULL,
        last_ms INTEGER NOT NULL,
        net_bits INTEGER NOT NULL,
        shares INTEGER NOT NULL,
        work BLOB NOT NULL CHECK (length(work) = 16),
        score_work BLOB NOT NULL CHECK (length(score_work) = 16),
        closed_by TEXT,
        CHECK (last_sequence >= first_sequence)
      ) STRICT;
      CREATE TABLE bucket_worker (
        bucket_id INTEGER NOT NULL REFERENCES bucket (id),
        worker_id INTEGER NOT NULL REFERENCES worker (id),
        shares INTEGER NOT NULL,
        work BLOB NOT NULL CHECK (length(work) = 16),
        score_work BLOB NOT NULL CHECK (length(score_work) = 16),
        PRIMARY KEY (bucket_id, worker_id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE pay_rule (
        id INTEGER PRIMARY KEY,
        from_sequence INTEGER NOT NULL,
        window_units TEXT NOT NULL,
        unfilled TEXT NOT NULL,
        fee_subsidy_ppm INTEGER NOT NULL,
        fee_fees_ppm INTEGER NOT NULL,
        set_ms INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE block (
        id INTEGER PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
        height INTEGER NOT NULL,
        net_bits INTEGER NOT NULL,
        subsidy_sat INTEGER NOT NULL,
        fees_sat INTEGER NOT NULL,
        pool_fee_subsidy_sat INTEGER NOT NULL,
        pool_fee_fees_sat INTEGER NOT NULL,
        transactions INTEGER NOT NULL,
        scheme TEXT NOT NULL,
        direct INTEGER NOT NULL,
        winner_sequence INTEGER NOT NULL,
        finder_worker_id INTEGER NOT NULL REFERENCES worker (id),
        pay_rule_id INTEGER NOT NULL REFERENCES pay_rule (id),
        found_ms INTEGER NOT NULL,
        state TEXT NOT NULL,
        transitions INTEGER NOT NULL,
        end_sequence INTEGER,
        first_sequence INTEGER,
        window_size TEXT,
        window_filled TEXT,
        edge_taken TEXT,
        edge_of TEXT,
        edge TEXT NOT NULL DEFAULT 'raw'
      ) STRICT;
      CREATE INDEX block_by_height ON block (height);
      CREATE TABLE block_credit (
        block_id INTEGER NOT NULL REFERENCES block (id),
        worker_id INTEGER NOT NULL REFERENCES worker (id),
        weight TEXT NOT NULL,
        subsidy_sat INTEGER NOT NULL CHECK (subsidy_sat >= 0),
        fees_sat INTEGER NOT NULL CHECK (fees_sat >= 0),
        PRIMARY KEY (block_id, worker_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX block_credit_by_worker ON block_credit (worker_id);
      CREATE TABLE ledger_account (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        balance_sat INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE ledger_entry (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        posted_ms INTEGER NOT NULL,
        chain BLOB NOT NULL CHECK (length(chain) = 32)
      ) STRICT;
      CREATE TABLE ledger_line (
        entry_id INTEGER NOT NULL REFERENCES ledger_entry (id),
        account_id INTEGER NOT NULL REFERENCES ledger_account (id),
        amount_sat INTEGER NOT NULL,
        PRIMARY KEY (entry_id, account_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX ledger_line_by_account ON ledger_line (account_id)
      """;

  /** Rules of before settled unit windows, whatever else a block was. */
  private static final String SCHEME_IN_RULES =
      """
      ALTER TABLE pay_rule ADD COLUMN scheme TEXT NOT NULL DEFAULT 'PPLNS_UNITS'
      """;

  /** Blocks of before have no root. */
  private static final String BLOCK_PROOF =
      """
      CREATE TABLE block_proof (
        block_id INTEGER PRIMARY KEY REFERENCES block (id),
        seed BLOB NOT NULL CHECK (length(seed) = 32),
        root_hash BLOB NOT NULL CHECK (length(root_hash) = 32),
        root_weight BLOB NOT NULL CHECK (length(root_weight) = 16),
        root_sat INTEGER NOT NULL
      ) STRICT
      """;

  private static final List<String> STEPS =
      List.of(
          V1,
          SCHEME_IN_RULES,
          BLOCK_PROOF,
          SchemaPayouts.SQL,
          SchemaPps.SQL,
          SchemaRetired.SQL,
          SchemaDirect.SQL,
          SchemaAccounts.SQL);

  private Schema() {}

  static int version() {
    return STEPS.size();
  }

  /**
   * Brings the tables to this program's version inside the caller's transaction.
   *
   * @throws StoreException when the file is newer than the program
   */
  static void migrate(Connection connection) throws SQLException {
    migrate(connection, STEPS.size());
  }

  /** The same up to a version; tests make the databases of earlier programs by it. */
  static void migrate(Connection connection, int version) throws SQLException {
    int current = current(connection);
    check(current);
    try (Statement statement = connection.createStatement()) {
      for (int step = current; step < version; step++) {
        for (String sql : STEPS.get(step).split(";\n", -1)) {
          statement.executeUpdate(sql);
        }
      }
      if (current < version) {
        statement.executeUpdate(SqliteDialect.setSchemaVersion(version));
      }
    }
  }

  static int current(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(SqliteDialect.SCHEMA_VERSION)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  static void check(int current) {
    if (current > STEPS.size()) {
      throw new StoreException(
          "the accounting database has schema version "
              + current
              + ", this program knows up to "
              + STEPS.size()
              + "; use the newer program or restore an older backup");
    }
  }
}
