package org.adit.accounting.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.adit.accounting.ledger.LedgerBook;
import org.adit.accounting.store.BlockRow.WindowRow;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

/** Changes on one connection. */
final class SqliteWriter extends SqliteReader implements StoreWriter {

  /** Above so many rows one query for all of them is faster than one for each. */
  private static final int FEW = 1_000;

  SqliteWriter(Connection connection) {
    super(connection);
  }

  @Override
  public int registerWorker(String account, String worker, long nowMillis) {
    Sql.update(
        connection,
        "INSERT INTO account (name, created_ms) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
        account,
        nowMillis);
    Sql.update(
        connection,
        """
        INSERT INTO worker (account_id, name, created_ms)
        SELECT id, ?, ? FROM account WHERE name = ?
        ON CONFLICT (account_id, name) DO NOTHING
        """,
        worker,
        nowMillis,
        account);
    return Sql.first(
            connection,
            row -> row.getInt(1),
            """
            SELECT w.id FROM worker w JOIN account a ON a.id = w.account_id
            WHERE a.name = ? AND w.name = ?
            """,
            account,
            worker)
        .orElseThrow();
  }

  @Override
  public void addRejects(Collection<RejectRow> growth) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (RejectRow row : growth) {
      rows.add(new @Nullable Object[] {row.workerId(), row.reason(), row.count(), row.workerId()});
    }
    Sql.batch(
        connection,
        """
        INSERT INTO worker_reject (worker_id, reason, count)
        SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM worker WHERE id = ?)
        ON CONFLICT (worker_id, reason) DO UPDATE SET count = worker_reject.count + excluded.count
        """,
        rows);
  }

  @Override
  public PayRule addPayRule(PayRule rule, long nowMillis) {
    long id =
        Sql.insert(
            connection,
            """
            INSERT INTO pay_rule
              (from_sequence, scheme, window_units, unfilled, fee_subsidy_ppm, fee_fees_ppm, set_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id
            """,
            rule.fromSequence(),
            rule.scheme().name(),
            rule.window().toString(),
            rule.unfilled().name(),
            rule.fee().subsidyPpm(),
            rule.fee().feesPpm(),
            nowMillis);
    return rule.withId(id);
  }

  @Override
  public long insertBucket(BucketRow bucket) {
    return Sql.insert(
        connection,
        """
        INSERT INTO bucket (first_sequence, last_sequence, first_ms, last_ms, net_bits, shares,
          work, score_work, closed_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
        """,
        bucket.firstSequence(),
        bucket.lastSequence(),
        bucket.firstMillis(),
        bucket.lastMillis(),
        bucket.netBits(),
        bucket.shares(),
        bucket.work(),
        bucket.scoreWork(),
        bucket.closedBy());
  }

  @Override
  public void updateBucket(BucketRow bucket) {
    Sql.update(
        connection,
        """
        UPDATE bucket SET last_sequence = ?, last_ms = ?, shares = ?, work = ?, score_work = ?,
          closed_by = ?
        WHERE id = ?
        """,
        bucket.lastSequence(),
        bucket.lastMillis(),
        bucket.shares(),
        bucket.work(),
        bucket.scoreWork(),
        bucket.closedBy(),
        bucket.id());
  }

  @Override
  public void addToBucket(long bucketId, Collection<WorkerSum> growth) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    Map<Integer, WorkerSum> known = bucketWorkers(bucketId, growth);
    for (WorkerSum add : growth) {
      WorkerSum before = known.get(add.workerId());
      WorkerSum sum = before == null ? add : add.plus(before);
      rows.add(
          new @Nullable Object[] {
            bucketId, sum.workerId(), sum.shares(), sum.work(), sum.scoreWork()
          });
    }
    Sql.batch(
        connection,
        """
        INSERT INTO bucket_worker (bucket_id, worker_id, shares, work, score_work)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (bucket_id, worker_id) DO UPDATE SET shares = excluded.shares,
          work = excluded.work, score_work = excluded.score_work
        """,
        rows);
  }

  /** Parts the growth adds to: one by one while they are few, else all of the bucket at once. */
  private Map<Integer, WorkerSum> bucketWorkers(long bucketId, Collection<WorkerSum> growth) {
    Map<Integer, WorkerSum> known = new HashMap<>();
    String all = "SELECT * FROM bucket_worker WHERE bucket_id = ?";
    if (growth.size() > FEW) {
      Sql.list(connection, SqliteReader::workerSum, all, bucketId)
          .forEach(sum -> known.put(sum.workerId(), sum));
      return known;
    }
    for (WorkerSum add : growth) {
      Sql.first(
              connection,
              SqliteReader::workerSum,
              all + " AND worker_id = ?",
              bucketId,
              add.workerId())
          .ifPresent(sum -> known.put(sum.workerId(), sum));
    }
    return known;
  }

  private Map<Integer, BigInteger> workerTotals(Collection<WorkerSum> growth) {
    Map<Integer, BigInteger> known = new HashMap<>();
    String all = "SELECT worker_id, work FROM worker_total";
    if (growth.size() > FEW) {
      Sql.each(
          connection,
          row -> {
            known.put(row.getInt("worker_id"), Sql.sum(row, "work"));
            return true;
          },
          all);
      return known;
    }
    for (WorkerSum add : growth) {
      Sql.first(
              connection, row -> Sql.sum(row, "work"), all + " WHERE worker_id = ?", add.workerId())
          .ifPresent(work -> known.put(add.workerId(), work));
    }
    return known;
  }

  @Override
  public void addToWorkers(Collection<WorkerSum> growth, Map<Integer, Long> lastShareMillis) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    Map<Integer, BigInteger> known = workerTotals(growth);
    for (WorkerSum add : growth) {
      BigInteger work = add.work().add(known.getOrDefault(add.workerId(), BigInteger.ZERO));
      rows.add(
          new @Nullable Object[] {
            add.workerId(), add.shares(), work, lastShareMillis.getOrDefault(add.workerId(), 0L)
          });
    }
    Sql.batch(
        connection,
        """
        INSERT INTO worker_total (worker_id, shares, work, last_share_ms) VALUES (?, ?, ?, ?)
        ON CONFLICT (worker_id) DO UPDATE SET shares = worker_total.shares + excluded.shares,
          work = excluded.work, last_share_ms = excluded.last_share_ms
        """,
        rows);
  }

  @Override
  public void mergeBuckets(List<Long> ids) {
    new SqliteBuckets(this).merge(ids);
  }

  @Override
  public void setFoldedSequence(long sequence) {
    Sql.update(connection, "UPDATE journal_offset SET sequence = ? WHERE id = 1", sequence);
  }

  @Override
  public void insertBlock(BlockRow block, List<CreditRow> credits) {
    WindowRow window = block.window();
    long id =
        Sql.insert(
            connection,
            """
            INSERT INTO block (hash, height, net_bits, subsidy_sat, fees_sat, pool_fee_subsidy_sat,
              pool_fee_fees_sat, transactions, scheme, direct, winner_sequence, finder_worker_id,
              pay_rule_id, found_ms, state, transitions, end_sequence, first_sequence, window_size,
              window_filled, edge_taken, edge_of)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
            """,
            block.hash().toWire(),
            block.height(),
            block.netBits(),
            block.reward().subsidySat(),
            block.reward().feesSat(),
            block.poolFee().subsidySat(),
            block.poolFee().feesSat(),
            block.transactions(),
            block.scheme().name(),
            block.direct() ? 1 : 0,
            block.winnerSequence(),
            block.finderWorkerId(),
            block.payRuleId(),
            block.foundAt().toEpochMilli(),
            block.state().name(),
            block.transitions(),
            window == null ? null : window.endSequence(),
            window == null ? null : window.firstSequence(),
            window == null ? null : window.size().toString(),
            window == null ? null : window.filled().toString(),
            window == null ? null : window.edgeTaken().toString(),
            window == null ? null : window.edgeOf().toString());
    List<@Nullable Object[]> rows = new ArrayList<>(credits.size());
    for (CreditRow credit : credits) {
      rows.add(
          new @Nullable Object[] {
            id,
            credit.workerId(),
            credit.weight().toString(),
            credit.amounts().subsidySat(),
            credit.amounts().feesSat()
          });
    }
    // In key order, so that the table grows at its end.
    rows.sort(Comparator.comparingInt(row -> (Integer) Objects.requireNonNull(row[1])));
    Sql.insertAll(
        connection,
        "INSERT INTO block_credit (block_id, worker_id, weight, subsidy_sat, fees_sat)",
        rows);
  }

  @Override
  public void insertDirect(Hash256 hash, SortedMap<String, Long> paidSat) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    paidSat.forEach(
        (account, sat) -> rows.add(new @Nullable Object[] {sat, hash.toWire(), account}));
    Sql.batch(
        connection,
        """
        INSERT INTO block_direct (block_id, account_id, paid_sat)
        SELECT b.id, a.id, ? FROM block b, account a WHERE b.hash = ? AND a.name = ?
        """,
        rows);
  }

  @Override
  public void insertProof(Hash256 hash, ProofRow proof) {
    Sql.update(
        connection,
        """
        INSERT INTO block_proof (block_id, seed, root_hash, root_weight, root_sat)
        SELECT id, ?, ?, ?, ? FROM block WHERE hash = ?
        """,
        proof.seed(),
        proof.root().hash(),
        proof.root().weight(),
        proof.root().amountSat(),
        hash.toWire());
  }

  @Override
  public void setBlockState(Hash256 hash, BlockState state, int transitions) {
    int changed =
        Sql.update(
            connection,
            "UPDATE block SET state = ?, transitions = ? WHERE hash = ?",
            state.name(),
            transitions,
            hash.toWire());
    if (changed != 1) {
      throw new StoreException("no block " + hash.toDisplayHex() + " in the database");
    }
  }

  @Override
  public void addPpsRate(PpsRate rate) {
    new SqlitePps(connection).addRate(rate);
  }

  @Override
  public long ppsEpochId(long payRuleId, long rateId, int netBits) {
    return new SqlitePps(connection).epochId(payRuleId, rateId, netBits);
  }

  @Override
  public void setPpsWork(long epochId, Map<String, BigInteger> work) {
    new SqlitePps(connection).setWork(epochId, work);
  }

  @Override
  public void setPpsAccruedThrough(long sequence) {
    new SqlitePps(connection).setAccruedThrough(sequence);
  }

  @Override
  public void retire(long throughSequence, Collection<WorkerSum> growth) {
    SqliteRetired retired = new SqliteRetired(connection);
    retired.addWorkers(growth);
    retired.setThrough(throughSequence);
  }

  @Override
  public void setRetiredPpsWork(long epochId, Map<String, BigInteger> work) {
    new SqliteRetired(connection).setPps(epochId, work);
  }

  @Override
  public void addRetiredBlock(Hash256 hash, byte[] digest, boolean prorata) {
    new SqliteRetired(connection).addBlock(hash, digest, prorata);
  }

  @Override
  public LedgerBook book(long nowMillis) {
    return new SqliteBook(this, nowMillis);
  }

  @Override
  public void addAccountChange(AccountChange change) {
    new SqlitePayouts(connection).addChange(change);
  }

  @Override
  public void insertPayout(PayoutRow payout) {
    new SqlitePayouts(connection).insert(payout);
  }

  @Override
  public void setPayoutState(String id, PayoutState state, String note, long nowMillis) {
    new SqlitePayouts(connection).setState(id, state, note, nowMillis);
  }

  @Override
  public void addAttempt(String id, PayoutRow.Attempt attempt) {
    new SqlitePayouts(connection).addAttempt(id, attempt);
  }

  @Override
  public void setAttempt(String id, PayoutRow.Attempt attempt) {
    new SqlitePayouts(connection).setAttempt(id, attempt);
  }
}
