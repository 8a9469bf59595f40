package org.adit.accounting.store;

/** The tables of accounts' settings, payouts and retired shares; a step of {@link Schema}. */
final class SchemaPayouts {
  static final String SQL =
      """
      CREATE TABLE account_change (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES account (id),
        from_sequence INTEGER NOT NULL CHECK (from_sequence >= 1),
        address TEXT,
        threshold_sat INTEGER CHECK (threshold_sat >= -1),
        origin TEXT NOT NULL,
        note TEXT NOT NULL,
        set_ms INTEGER NOT NULL,
        CHECK ((address IS NULL) <> (threshold_sat IS NULL))
      ) STRICT;
      CREATE INDEX account_change_by_account ON account_change (account_id, id);
      CREATE TABLE payout_batch (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        at_sequence INTEGER NOT NULL,
        at_change INTEGER NOT NULL,
        miners_pay INTEGER NOT NULL,
        fee_rate INTEGER NOT NULL CHECK (fee_rate >= 1),
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL,
        note TEXT NOT NULL
      ) STRICT;
      CREATE INDEX payout_batch_by_state ON payout_batch (state);
      CREATE TABLE payout_item (
        batch INTEGER NOT NULL REFERENCES payout_batch (number),
        account_id INTEGER NOT NULL REFERENCES account (id),
        address TEXT NOT NULL,
        script BLOB NOT NULL,
        amount_sat INTEGER NOT NULL CHECK (amount_sat > 0),
        fee_share_sat INTEGER NOT NULL CHECK (fee_share_sat >= 0),
        PRIMARY KEY (batch, account_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX payout_item_by_account ON payout_item (account_id);
      CREATE TABLE payout_attempt (
        id INTEGER PRIMARY KEY,
        batch INTEGER NOT NULL REFERENCES payout_batch (number),
        number INTEGER NOT NULL,
        state TEXT NOT NULL,
        txid BLOB NOT NULL UNIQUE CHECK (length(txid) = 32),
        psbt TEXT,
        raw BLOB,
        fee_sat INTEGER NOT NULL CHECK (fee_sat >= 0),
        vsize INTEGER NOT NULL,
        created_ms INTEGER NOT NULL,
        UNIQUE (batch, number)
      ) STRICT;
      CREATE TABLE payout_input (
        attempt_id INTEGER NOT NULL REFERENCES payout_attempt (id),
        txid BLOB NOT NULL CHECK (length(txid) = 32),
        vout INTEGER NOT NULL,
        PRIMARY KEY (attempt_id, txid, vout)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE retired (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        through_sequence INTEGER NOT NULL
      ) STRICT;
      INSERT INTO retired (id, through_sequence) VALUES (1, 0);
      CREATE TABLE retired_worker (
        worker_id INTEGER PRIMARY KEY REFERENCES worker (id),
        shares INTEGER NOT NULL,
        work BLOB NOT NULL CHECK (length(work) = 16)
      ) STRICT
      """;

  private SchemaPayouts() {}
}
