package org.adit.accounting.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adit.accounting.scheme.Rational;
import org.jspecify.annotations.Nullable;

/** What belongs to paying by the share, on one connection. */
final class SqlitePps {
  private final Connection connection;

  SqlitePps(Connection connection) {
    this.connection = connection;
  }

  List<PpsRate> rates() {
    return Sql.list(
        connection,
        row ->
            new PpsRate(
                row.getLong("id"),
                row.getLong("from_sequence"),
                row.getLong("subsidy_sat"),
                Rational.parseStored(row.getString("expected_fees")),
                row.getString("inputs"),
                row.getLong("set_ms")),
        "SELECT * FROM pps_rate ORDER BY id");
  }

  List<PpsEpoch> epochs() {
    return Sql.list(
        connection,
        row ->
            new PpsEpoch(
                row.getLong("id"),
                row.getLong("pay_rule_id"),
                row.getLong("rate_id"),
                row.getInt("net_bits")),
        "SELECT * FROM pps_epoch ORDER BY id");
  }

  Map<String, BigInteger> work(long epochId) {
    Map<String, BigInteger> work = new HashMap<>();
    Sql.each(
        connection,
        row -> {
          work.put(row.getString("name"), Sql.sum(row, "work"));
          return true;
        },
        """
        SELECT a.name, w.work FROM pps_work w JOIN account a ON a.id = w.account_id
        WHERE w.epoch_id = ?
        """,
        epochId);
    return work;
  }

  long accruedThrough() {
    return Sql.first(
            connection, row -> row.getLong(1), "SELECT sequence FROM pps_offset WHERE id = 1")
        .orElseThrow();
  }

  void addRate(PpsRate rate) {
    Sql.update(
        connection,
        """
        INSERT INTO pps_rate (from_sequence, subsidy_sat, expected_fees, inputs, set_ms)
        VALUES (?, ?, ?, ?, ?)
        """,
        rate.fromSequence(),
        rate.subsidySat(),
        rate.expectedFeesSat().toString(),
        rate.inputs(),
        rate.setMillis());
  }

  long epochId(long payRuleId, long rateId, int netBits) {
    Sql.update(
        connection,
        """
        INSERT INTO pps_epoch (pay_rule_id, rate_id, net_bits) VALUES (?, ?, ?)
        ON CONFLICT (pay_rule_id, rate_id, net_bits) DO NOTHING
        """,
        payRuleId,
        rateId,
        netBits);
    return Sql.first(
            connection,
            row -> row.getLong(1),
            "SELECT id FROM pps_epoch WHERE pay_rule_id = ? AND rate_id = ? AND net_bits = ?",
            payRuleId,
            rateId,
            netBits)
        .orElseThrow();
  }

  void setWork(long epochId, Map<String, BigInteger> work) {
    List<@Nullable Object[]> rows = new ArrayList<>(work.size());
    work.forEach((account, sum) -> rows.add(new @Nullable Object[] {epochId, sum, account}));
    Sql.batch(
        connection,
        """
        INSERT INTO pps_work (epoch_id, account_id, work)
        SELECT ?, id, ? FROM account WHERE name = ?
        ON CONFLICT (epoch_id, account_id) DO UPDATE SET work = excluded.work
        """,
        rows);
  }

  void setAccruedThrough(long sequence) {
    Sql.update(connection, "UPDATE pps_offset SET sequence = ? WHERE id = 1", sequence);
  }
}
