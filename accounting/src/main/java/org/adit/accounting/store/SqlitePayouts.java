package org.adit.accounting.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutRow.Input;
import org.adit.accounting.store.PayoutRow.Item;

/** Account settings and payouts on one connection. */
final class SqlitePayouts {
  static final String WITHDRAWN =
      """
      SELECT * FROM payout_batch
      WHERE number IN (SELECT batch FROM payout_attempt WHERE state = 'WITHDRAWN')
      ORDER BY number
      """;

  private static final HexFormat HEX = HexFormat.of();

  private final Connection connection;

  SqlitePayouts(Connection connection) {
    this.connection = connection;
  }

  List<AccountChange> changes() {
    return Sql.list(
        connection,
        SqlitePayouts::change,
        """
        SELECT a.name, c.* FROM account_change c JOIN account a ON a.id = c.account_id
        ORDER BY c.id
        """);
  }

  static AccountChange change(ResultSet row) throws SQLException {
    long threshold = row.getLong("threshold_sat");
    Long kept = row.wasNull() ? null : threshold;
    return new AccountChange(
        row.getLong("id"),
        row.getString("name"),
        row.getLong("from_sequence"),
        row.getString("address"),
        kept,
        row.getString("origin"),
        row.getString("note"),
        Instant.ofEpochMilli(row.getLong("set_ms")));
  }

  void addChange(AccountChange change) {
    Sql.update(
        connection,
        "INSERT INTO account (name, created_ms) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
        change.account(),
        change.at().toEpochMilli());
    Sql.update(
        connection,
        """
        INSERT INTO account_change
          (account_id, from_sequence, address, threshold_sat, origin, note, set_ms)
        SELECT id, ?, ?, ?, ?, ?, ? FROM account WHERE name = ?
        """,
        change.fromSequence(),
        change.address(),
        change.thresholdSat(),
        change.origin(),
        change.note(),
        change.at().toEpochMilli(),
        change.account());
  }

  List<PayoutRow> newest(int limit) {
    return Sql.list(
        connection, this::payout, "SELECT * FROM payout_batch ORDER BY number DESC LIMIT ?", limit);
  }

  List<PayoutRow> open() {
    return Sql.list(
        connection,
        this::payout,
        "SELECT * FROM payout_batch WHERE state NOT IN ('FINAL', 'FAILED') ORDER BY number");
  }

  List<PayoutRow> all() {
    return Sql.list(connection, this::payout, "SELECT * FROM payout_batch ORDER BY number");
  }

  List<PayoutRow> withdrawn() {
    return Sql.list(connection, this::payout, WITHDRAWN);
  }

  Optional<PayoutRow> find(String id) {
    return Sql.first(connection, this::payout, "SELECT * FROM payout_batch WHERE id = ?", id);
  }

  private PayoutRow payout(ResultSet row) throws SQLException {
    long batch = row.getLong("number");
    return new PayoutRow(
        row.getString("id"),
        PayoutState.valueOf(row.getString("state")),
        row.getLong("at_sequence"),
        row.getLong("at_change"),
        row.getInt("miners_pay") == 1,
        row.getLong("fee_rate"),
        Instant.ofEpochMilli(row.getLong("created_ms")),
        Instant.ofEpochMilli(row.getLong("updated_ms")),
        row.getString("note"),
        items(batch),
        attempts(batch));
  }

  private List<Item> items(long batch) {
    return Sql.list(
        connection,
        row ->
            new Item(
                row.getString("name"),
                row.getString("address"),
                row.getBytes("script"),
                row.getLong("amount_sat"),
                row.getLong("fee_share_sat")),
        """
        SELECT a.name, i.* FROM payout_item i JOIN account a ON a.id = i.account_id
        WHERE i.batch = ? ORDER BY i.amount_sat DESC, a.name
        """,
        batch);
  }

  private List<Attempt> attempts(long batch) {
    return Sql.list(
        connection,
        row -> {
          byte[] raw = row.getBytes("raw");
          return new Attempt(
              row.getInt("number"),
              AttemptState.valueOf(row.getString("state")),
              HEX.formatHex(row.getBytes("txid")),
              row.getString("psbt"),
              raw == null ? null : HEX.formatHex(raw),
              row.getLong("fee_sat"),
              row.getInt("vsize"),
              Instant.ofEpochMilli(row.getLong("created_ms")),
              inputs(row.getLong("id")));
        },
        "SELECT * FROM payout_attempt WHERE batch = ? ORDER BY number",
        batch);
  }

  private List<Input> inputs(long attempt) {
    return Sql.list(
        connection,
        row -> new Input(HEX.formatHex(row.getBytes("txid")), row.getInt("vout")),
        "SELECT txid, vout FROM payout_input WHERE attempt_id = ? ORDER BY txid, vout",
        attempt);
  }

  void insert(PayoutRow payout) {
    long batch =
        Sql.insert(
            connection,
            """
            INSERT INTO payout_batch
              (id, state, at_sequence, at_change, miners_pay, fee_rate, created_ms, updated_ms, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number
            """,
            payout.id(),
            payout.state().name(),
            payout.atSequence(),
            payout.atChange(),
            payout.minersPay() ? 1 : 0,
            payout.feeRateSat(),
            payout.createdAt().toEpochMilli(),
            payout.updatedAt().toEpochMilli(),
            payout.note());
    for (Item item : payout.items()) {
      int rows =
          Sql.update(
              connection,
              """
              INSERT INTO payout_item
                (batch, account_id, address, script, amount_sat, fee_share_sat)
              SELECT ?, id, ?, ?, ?, ? FROM account WHERE name = ?
              """,
              batch,
              item.address(),
              item.script(),
              item.amountSat(),
              item.feeShareSat(),
              item.account());
      if (rows != 1) {
        throw new StoreException("no account " + item.account() + " in the database");
      }
    }
  }

  void setState(String id, PayoutState state, String note, long nowMillis) {
    changed(
        id,
        Sql.update(
            connection,
            "UPDATE payout_batch SET state = ?, note = ?, updated_ms = ? WHERE id = ?",
            state.name(),
            note,
            nowMillis,
            id));
  }

  void addAttempt(String id, Attempt attempt) {
    long row =
        Sql.insert(
            connection,
            """
            INSERT INTO payout_attempt
              (batch, number, state, txid, psbt, raw, fee_sat, vsize, created_ms)
            VALUES ((SELECT number FROM payout_batch WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)
            RETURNING id
            """,
            id,
            attempt.number(),
            attempt.state().name(),
            HEX.parseHex(attempt.txid()),
            attempt.psbt(),
            raw(attempt),
            attempt.feeSat(),
            attempt.vsize(),
            attempt.createdAt().toEpochMilli());
    for (Input input : attempt.inputs()) {
      Sql.update(
          connection,
          "INSERT INTO payout_input (attempt_id, txid, vout) VALUES (?, ?, ?)",
          row,
          HEX.parseHex(input.txid()),
          input.vout());
    }
  }

  void setAttempt(String id, Attempt attempt) {
    changed(
        id,
        Sql.update(
            connection,
            """
            UPDATE payout_attempt SET state = ?, psbt = ?, raw = ?, vsize = ?
            WHERE txid = ? AND batch = (SELECT number FROM payout_batch WHERE id = ?)
            """,
            attempt.state().name(),
            attempt.psbt(),
            raw(attempt),
            attempt.vsize(),
            HEX.parseHex(attempt.txid()),
            id));
  }

  private static byte @org.jspecify.annotations.Nullable [] raw(Attempt attempt) {
    String raw = attempt.raw();
    return raw == null ? null : HEX.parseHex(raw);
  }

  private static void changed(String id, int rows) {
    if (rows != 1) {
      throw new StoreException("no payout " + id + " in the database");
    }
  }
}
