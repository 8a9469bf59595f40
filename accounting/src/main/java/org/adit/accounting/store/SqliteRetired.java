package org.adit.accounting.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

/** What is kept of shares whose records are gone, on one connection. */
final class SqliteRetired {
  private final Connection connection;

  SqliteRetired(Connection connection) {
    this.connection = connection;
  }

  long through() {
    return Sql.first(
            connection, row -> row.getLong(1), "SELECT through_sequence FROM retired WHERE id = 1")
        .orElseThrow();
  }

  List<WorkerSum> workers() {
    return Sql.list(
        connection,
        row ->
            new WorkerSum(
                row.getInt("worker_id"),
                row.getLong("shares"),
                Sql.sum(row, "work"),
                BigInteger.ZERO),
        "SELECT * FROM retired_worker ORDER BY worker_id");
  }

  Map<String, BigInteger> pps(long epochId) {
    Map<String, BigInteger> work = new HashMap<>();
    Sql.each(
        connection,
        row -> {
          work.put(row.getString("name"), Sql.sum(row, "work"));
          return true;
        },
        """
        SELECT a.name, w.work FROM retired_pps w JOIN account a ON a.id = w.account_id
        WHERE w.epoch_id = ?
        """,
        epochId);
    return work;
  }

  Optional<byte[]> digest(Hash256 block) {
    return Sql.first(
        connection,
        row -> row.getBytes(1),
        """
        SELECT r.digest FROM retired_block r JOIN block b ON b.id = r.block_id WHERE b.hash = ?
        """,
        block.toWire());
  }

  void setThrough(long sequence) {
    Sql.update(connection, "UPDATE retired SET through_sequence = ? WHERE id = 1", sequence);
  }

  void addWorkers(Collection<WorkerSum> growth) {
    Map<Integer, BigInteger> known = new HashMap<>();
    workers().forEach(sum -> known.put(sum.workerId(), sum.work()));
    List<@Nullable Object[]> rows = new ArrayList<>(growth.size());
    for (WorkerSum sum : growth) {
      BigInteger work = sum.work().add(known.getOrDefault(sum.workerId(), BigInteger.ZERO));
      rows.add(new @Nullable Object[] {sum.workerId(), sum.shares(), work});
    }
    Sql.batch(
        connection,
        """
        INSERT INTO retired_worker (worker_id, shares, work) VALUES (?, ?, ?)
        ON CONFLICT (worker_id) DO UPDATE SET shares = retired_worker.shares + excluded.shares,
          work = excluded.work
        """,
        rows);
  }

  void setPps(long epochId, Map<String, BigInteger> work) {
    List<@Nullable Object[]> rows = new ArrayList<>(work.size());
    work.forEach((account, sum) -> rows.add(new @Nullable Object[] {epochId, sum, account}));
    Sql.batch(
        connection,
        """
        INSERT INTO retired_pps (epoch_id, account_id, work)
        SELECT ?, id, ? FROM account WHERE name = ?
        ON CONFLICT (epoch_id, account_id) DO UPDATE SET work = excluded.work
        """,
        rows);
  }

  void addBlock(Hash256 block, byte[] digest, boolean prorata) {
    Sql.update(
        connection,
        "INSERT INTO retired_block (block_id, digest) SELECT id, ? FROM block WHERE hash = ?",
        digest,
        block.toWire());
    if (prorata) {
      Sql.update(connection, "UPDATE block SET edge = 'prorata' WHERE hash = ?", block.toWire());
    }
  }
}
