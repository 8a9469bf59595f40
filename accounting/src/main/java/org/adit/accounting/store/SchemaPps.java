package org.adit.accounting.store;

/** The tables of schemes that pay by the share; a step of {@link Schema}. */
final class SchemaPps {
  static final String SQL =
      """
      CREATE TABLE pps_rate (
        id INTEGER PRIMARY KEY,
        from_sequence INTEGER NOT NULL CHECK (from_sequence >= 1),
        subsidy_sat INTEGER NOT NULL CHECK (subsidy_sat >= 0),
        expected_fees TEXT NOT NULL,
        inputs TEXT NOT NULL,
        set_ms INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE pps_epoch (
        id INTEGER PRIMARY KEY,
        pay_rule_id INTEGER NOT NULL REFERENCES pay_rule (id),
        rate_id INTEGER NOT NULL REFERENCES pps_rate (id),
        net_bits INTEGER NOT NULL,
        UNIQUE (pay_rule_id, rate_id, net_bits)
      ) STRICT;
      CREATE TABLE pps_work (
        epoch_id INTEGER NOT NULL REFERENCES pps_epoch (id),
        account_id INTEGER NOT NULL REFERENCES account (id),
        work BLOB NOT NULL CHECK (length(work) = 16),
        PRIMARY KEY (epoch_id, account_id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE pps_offset (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        sequence INTEGER NOT NULL
      ) STRICT;
      INSERT INTO pps_offset (id, sequence) VALUES (1, 0)
      """;

  private SchemaPps() {}
}
