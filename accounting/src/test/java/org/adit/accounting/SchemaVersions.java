package org.adit.accounting;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** Takes a database back to an earlier schema, as that version of the program left it. */
public final class SchemaVersions {
  /** What each step from version 1 on added, undone. */
  private static final List<List<String>> UNDO =
      List.of(
          List.of("ALTER TABLE pay_rule DROP COLUMN scheme"),
          List.of("DROP TABLE block_proof"),
          Stream.of(
                  "retired_worker",
                  "retired",
                  "payout_input",
                  "payout_attempt",
                  "payout_item",
                  "payout_batch",
                  "account_change")
              .map("DROP TABLE "::concat)
              .toList(),
          Stream.of("pps_offset", "pps_work", "pps_epoch", "pps_rate")
              .map("DROP TABLE "::concat)
              .toList(),
          List.of("DROP TABLE retired_pps", "DROP TABLE retired_block"),
          List.of("DROP TABLE block_direct"),
          List.of(
              "DROP INDEX payout_attempt_withdrawn",
              "DROP INDEX block_orphaned",
              "DROP INDEX block_by_finder",
              "DROP INDEX block_direct_by_account",
              "DROP INDEX block_credit_by_worker",
              "CREATE INDEX block_credit_by_worker ON block_credit (worker_id)"));

  private SchemaVersions() {}

  /** Undoes every step after a version. */
  public static void backTo(Path database, int version) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      for (int step = UNDO.size(); step >= version; step--) {
        for (String sql : UNDO.get(step - 1)) {
          statement.executeUpdate(sql);
        }
      }
      statement.executeUpdate("PRAGMA user_version = " + version);
    }
  }
}
