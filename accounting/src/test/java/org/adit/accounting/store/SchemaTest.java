package org.adit.accounting.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaTest {
  @TempDir Path dir;

  static IntStream earlierVersions() {
    return IntStream.range(0, Schema.version());
  }

  private static List<String> tables(Path file) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT coalesce(sql, name) FROM sqlite_master ORDER BY type, name")) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("earlierVersions")
  void aDatabaseOfAnEarlierVersionIsBroughtForward(int version) throws Exception {
    Path file = dir.resolve("old.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      Schema.migrate(connection, version);
      if (version > 0) {
        statement.executeUpdate("INSERT INTO account VALUES (1, 'alice', 5)");
        statement.executeUpdate("INSERT INTO worker VALUES (1, 1, 'rig', 5)");
        statement.executeUpdate("UPDATE journal_offset SET sequence = 77");
      }
    }
    Path fresh = dir.resolve("fresh.db");
    SqliteStore.open(fresh).close();

    try (SqliteStore store = SqliteStore.open(file)) {
      boolean kept = version > 0;
      assertThat(store.<Long>read(reader -> reader.foldedSequence())).isEqualTo(kept ? 77 : 0);
      List<WorkerRow> workers = store.read(reader -> reader.workers());
      assertThat(workers).hasSize(kept ? 1 : 0);
      List<PayoutRow> payouts = store.read(reader -> reader.allPayouts());
      assertThat(payouts).isEmpty();
    }
    assertThat(tables(file)).isEqualTo(tables(fresh));
    try (SqliteStore again = SqliteStore.open(file)) {
      List<AccountChange> changes = again.read(reader -> reader.accountChanges());
      assertThat(changes).isEmpty();
    }
  }
}
