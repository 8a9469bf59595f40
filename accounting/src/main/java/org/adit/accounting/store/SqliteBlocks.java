package org.adit.accounting.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.adit.accounting.proof.SumNode;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.hasher.Hash256;

/** Queries of blocks and what each was worth to whom. */
final class SqliteBlocks {
  static final String BLOCKS =
      """
      SELECT b.*, w.name AS finder_name, a.name AS finder_account
      FROM block b
      JOIN worker w ON w.id = b.finder_worker_id
      JOIN account a ON a.id = w.account_id
      """;

  private final Connection connection;

  SqliteBlocks(Connection connection) {
    this.connection = connection;
  }

  List<BlockRow> newest(int limit) {
    return Sql.list(connection, SqliteBlocks::block, BLOCKS + "ORDER BY b.id DESC LIMIT ?", limit);
  }

  Optional<BlockRow> find(Hash256 hash) {
    return Sql.first(connection, SqliteBlocks::block, BLOCKS + "WHERE b.hash = ?", hash.toWire());
  }

  void forEach(Consumer<BlockRow> consumer) {
    Sql.each(
        connection,
        row -> {
          consumer.accept(block(row));
          return true;
        },
        BLOCKS + "ORDER BY b.id");
  }

  List<BlockRow> from(int height) {
    return Sql.list(
        connection,
        SqliteBlocks::block,
        BLOCKS + "WHERE b.height >= ? OR b.state = 'IMMATURE' ORDER BY b.id DESC",
        height);
  }

  void forEachAfter(long id, ObjLongConsumer<BlockRow> consumer) {
    Sql.each(
        connection,
        row -> {
          consumer.accept(block(row), row.getLong("id"));
          return true;
        },
        BLOCKS + "WHERE b.id > ? ORDER BY b.id",
        id);
  }

  Optional<ProofRow> proof(Hash256 hash) {
    return Sql.first(
        connection,
        row ->
            new ProofRow(
                row.getBytes("seed"),
                new SumNode(
                    row.getBytes("root_hash"),
                    Sql.sum(row, "root_weight"),
                    row.getLong("root_sat"))),
        "SELECT p.* FROM block_proof p JOIN block b ON b.id = p.block_id WHERE b.hash = ?",
        hash.toWire());
  }

  List<CreditRow> credits(Hash256 hash) {
    return Sql.list(
        connection,
        row ->
            new CreditRow(
                row.getInt("id"),
                new WorkerKey(row.getString("account"), row.getString("name")),
                Rational.parseStored(row.getString("weight")),
                new Amounts(row.getLong("subsidy_sat"), row.getLong("fees_sat"))),
        """
        SELECT w.id, a.name AS account, w.name, c.weight, c.subsidy_sat, c.fees_sat
        FROM block b
        JOIN block_credit c ON c.block_id = b.id
        JOIN worker w ON w.id = c.worker_id
        JOIN account a ON a.id = w.account_id
        WHERE b.hash = ?
        ORDER BY a.name, w.name
        """,
        hash.toWire());
  }

  SortedMap<String, Long> directlyPaid(Hash256 hash) {
    SortedMap<String, Long> paid = new TreeMap<>();
    Sql.each(
        connection,
        row -> {
          paid.put(row.getString(1), row.getLong(2));
          return true;
        },
        """
        SELECT a.name, d.paid_sat
        FROM block b JOIN block_direct d ON d.block_id = b.id JOIN account a ON a.id = d.account_id
        WHERE b.hash = ?
        """,
        hash.toWire());
    return paid;
  }

  long roundStart(long winnerSequence) {
    return Sql.first(
            connection,
            row -> row.getLong(1),
            """
            SELECT coalesce(max(winner_sequence), 1) FROM block
            WHERE winner_sequence < ? AND state <> 'ORPHANED'
            """,
            winnerSequence)
        .orElse(1L);
  }

  static BlockRow block(ResultSet row) throws SQLException {
    BlockRow.WindowRow window = null;
    if (row.getString("window_size") != null) {
      window =
          new BlockRow.WindowRow(
              row.getLong("end_sequence"),
              row.getLong("first_sequence"),
              Rational.parseStored(row.getString("window_size")),
              Rational.parseStored(row.getString("window_filled")),
              Rational.parseStored(row.getString("edge_taken")),
              Rational.parseStored(row.getString("edge_of")));
    }
    return new BlockRow(
        Hash256.ofWire(row.getBytes("hash")),
        row.getInt("height"),
        row.getInt("net_bits"),
        new Amounts(row.getLong("subsidy_sat"), row.getLong("fees_sat")),
        new Amounts(row.getLong("pool_fee_subsidy_sat"), row.getLong("pool_fee_fees_sat")),
        row.getInt("transactions"),
        SchemeKind.valueOf(row.getString("scheme")),
        row.getInt("direct") == 1,
        row.getLong("winner_sequence"),
        row.getInt("finder_worker_id"),
        new WorkerKey(row.getString("finder_account"), row.getString("finder_name")),
        row.getLong("pay_rule_id"),
        Instant.ofEpochMilli(row.getLong("found_ms")),
        BlockState.valueOf(row.getString("state")),
        row.getInt("transitions"),
        window);
  }
}
