package org.adit.accounting.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.hasher.Hash256;

/** Queries on one connection. */
class SqliteReader implements StoreReader {
  /** Both names by their bytes, which is the order of UTF-8 and of the indexes. */
  static final String WORKER_KEYS =
      """
      SELECT w.id, a.name, w.name
      FROM account a %s worker w ON w.account_id = a.id
      ORDER BY a.name, w.name
      """
          .formatted(SqliteDialect.JOIN_IN_ORDER);

  private static final String BUCKETS = "SELECT * FROM bucket ";

  final Connection connection;

  SqliteReader(Connection connection) {
    this.connection = connection;
  }

  @Override
  public List<WorkerRow> workers() {
    return Sql.list(
        connection,
        SqliteReader::worker,
        """
        SELECT w.id, a.name AS account, w.name, coalesce(t.shares, 0) AS shares, t.work,
          coalesce(t.last_share_ms, 0) AS last_share_ms,
          coalesce((SELECT sum(count) FROM worker_reject r WHERE r.worker_id = w.id), 0)
            AS rejected,
          coalesce(c.subsidy, 0) - coalesce(o.subsidy, 0) AS subsidy,
          coalesce(c.fees, 0) - coalesce(o.fees, 0) AS fees
        FROM worker w
        JOIN account a ON a.id = w.account_id
        LEFT JOIN worker_total t ON t.worker_id = w.id
        LEFT JOIN (
          SELECT worker_id, sum(subsidy_sat) AS subsidy, sum(fees_sat) AS fees
          FROM block_credit GROUP BY worker_id) c ON c.worker_id = w.id
        LEFT JOIN (
          SELECT bc.worker_id, sum(bc.subsidy_sat) AS subsidy, sum(bc.fees_sat) AS fees
          FROM block b JOIN block_credit bc ON bc.block_id = b.id
          WHERE b.state = 'ORPHANED' GROUP BY bc.worker_id) o ON o.worker_id = w.id
        WHERE w.id > 0
        ORDER BY a.name, w.name
        """);
  }

  static WorkerRow worker(ResultSet row) throws SQLException {
    return new WorkerRow(
        row.getInt("id"),
        row.getString("account"),
        row.getString("name"),
        row.getLong("shares"),
        row.getLong("rejected"),
        Sql.sum(row, "work"),
        row.getLong("shares") == 0 ? null : Instant.ofEpochMilli(row.getLong("last_share_ms")),
        new Amounts(row.getLong("subsidy"), row.getLong("fees")));
  }

  @Override
  public List<RejectRow> rejects() {
    return Sql.list(
        connection,
        row -> new RejectRow(row.getInt(1), row.getString(2), row.getLong(3)),
        "SELECT worker_id, reason, count FROM worker_reject ORDER BY worker_id, reason");
  }

  @Override
  public Map<Integer, WorkerKey> workerKeys() {
    Map<Integer, WorkerKey> keys = new LinkedHashMap<>();
    Sql.each(
        connection,
        row -> {
          keys.put(row.getInt(1), new WorkerKey(row.getString(2), row.getString(3)));
          return true;
        },
        WORKER_KEYS);
    return keys;
  }

  @Override
  public Optional<WorkerKey> workerKey(int workerId) {
    return Sql.first(
        connection,
        row -> new WorkerKey(row.getString(1), row.getString(2)),
        "SELECT a.name, w.name FROM worker w JOIN account a ON a.id = w.account_id WHERE w.id = ?",
        workerId);
  }

  @Override
  public List<BlockRow> blocks(int limit) {
    return new SqliteBlocks(connection).newest(limit);
  }

  @Override
  public Optional<BlockRow> block(Hash256 hash) {
    return new SqliteBlocks(connection).find(hash);
  }

  @Override
  public void forEachBlock(Consumer<BlockRow> consumer) {
    new SqliteBlocks(connection).forEach(consumer);
  }

  @Override
  public Optional<ProofRow> proof(Hash256 hash) {
    return new SqliteBlocks(connection).proof(hash);
  }

  @Override
  public List<CreditRow> credits(Hash256 hash) {
    return new SqliteBlocks(connection).credits(hash);
  }

  @Override
  public SortedMap<String, Long> directlyPaid(Hash256 hash) {
    return new SqliteBlocks(connection).directlyPaid(hash);
  }

  @Override
  public List<BalanceRow> balances() {
    return new SqliteLedger(connection).minerBalances();
  }

  @Override
  public SortedMap<String, Long> ledgerBalances() {
    return new SqliteLedger(connection).balances();
  }

  @Override
  public SortedMap<String, Long> ledgerSums() {
    return new SqliteLedger(connection).sums();
  }

  @Override
  public void forEachEntry(Consumer<StoredEntry> consumer) {
    forEachEntryAfter(0, consumer);
  }

  @Override
  public void forEachEntryAfter(long afterId, Consumer<StoredEntry> consumer) {
    new SqliteLedger(connection).forEachEntryAfter(afterId, consumer);
  }

  @Override
  public long foldedSequence() {
    return Sql.first(
            connection, row -> row.getLong(1), "SELECT sequence FROM journal_offset WHERE id = 1")
        .orElseThrow();
  }

  @Override
  public long roundStart(long winnerSequence) {
    return new SqliteBlocks(connection).roundStart(winnerSequence);
  }

  @Override
  public List<PayRule> payRules() {
    return Sql.list(
        connection,
        row ->
            new PayRule(
                row.getLong("id"),
                row.getLong("from_sequence"),
                SchemeKind.valueOf(row.getString("scheme")),
                Rational.parseStored(row.getString("window_units")),
                UnfilledPolicy.valueOf(row.getString("unfilled")),
                new FeePpm(row.getInt("fee_subsidy_ppm"), row.getInt("fee_fees_ppm"))),
        "SELECT * FROM pay_rule ORDER BY id");
  }

  @Override
  public Optional<BucketRow> openBucket() {
    return Sql.first(
        connection,
        SqliteReader::bucket,
        BUCKETS + "WHERE closed_by IS NULL ORDER BY first_sequence DESC LIMIT 1");
  }

  @Override
  public void bucketsDown(long fromSequence, Predicate<BucketRow> consumer) {
    Sql.each(
        connection,
        row -> consumer.test(bucket(row)),
        BUCKETS + "WHERE first_sequence <= ? ORDER BY first_sequence DESC",
        fromSequence);
  }

  @Override
  public void bucketsUp(Predicate<BucketRow> consumer) {
    Sql.each(connection, row -> consumer.test(bucket(row)), BUCKETS + "ORDER BY first_sequence");
  }

  @Override
  public void bucketsUpFrom(long firstSequence, Predicate<BucketRow> consumer) {
    Sql.each(
        connection,
        row -> consumer.test(bucket(row)),
        BUCKETS + "WHERE first_sequence >= ? ORDER BY first_sequence",
        firstSequence);
  }

  @Override
  public List<Long> boundariesAfter(long sequence) {
    return Sql.list(
        connection,
        row -> row.getLong(1),
        """
        SELECT from_sequence FROM pay_rule WHERE from_sequence > ?
        UNION SELECT from_sequence FROM pps_rate WHERE from_sequence > ?
        ORDER BY 1
        """,
        sequence,
        sequence);
  }

  static BucketRow bucket(ResultSet row) throws SQLException {
    return new BucketRow(
        row.getLong("id"),
        row.getLong("first_sequence"),
        row.getLong("last_sequence"),
        row.getLong("first_ms"),
        row.getLong("last_ms"),
        row.getInt("net_bits"),
        row.getLong("shares"),
        Sql.sum(row, "work"),
        Sql.sum(row, "score_work"),
        row.getString("closed_by"));
  }

  @Override
  public void bucketParts(long firstId, long lastId, boolean score, PartConsumer consumer) {
    Sql.each(
        connection,
        row -> {
          consumer.accept(row.getInt(1), row.getInt(2), row.getBytes(3));
          return true;
        },
        """
        SELECT b.net_bits, w.worker_id, w.%s
        FROM bucket b %s bucket_worker w ON w.bucket_id = b.id
        WHERE b.id BETWEEN ? AND ?
        """
            .formatted(score ? "score_work" : "work", SqliteDialect.JOIN_IN_ORDER),
        firstId,
        lastId);
  }

  @Override
  public void sumBuckets(long firstId, long lastId, BiConsumer<Integer, WorkerSum> netBitsAndSum) {
    Sql.each(
        connection,
        row -> {
          netBitsAndSum.accept(row.getInt("net_bits"), workerSum(row));
          return true;
        },
        """
        SELECT b.net_bits, w.worker_id, w.shares, w.work, w.score_work
        FROM bucket b JOIN bucket_worker w ON w.bucket_id = b.id
        WHERE b.id BETWEEN ? AND ?
        """,
        firstId,
        lastId);
  }

  static WorkerSum workerSum(ResultSet row) throws SQLException {
    return new WorkerSum(
        row.getInt("worker_id"),
        row.getLong("shares"),
        Sql.sum(row, "work"),
        Sql.sum(row, "score_work"));
  }

  @Override
  public List<AccountChange> accountChanges() {
    return new SqlitePayouts(connection).changes();
  }

  @Override
  public List<PayoutRow> payouts(int limit) {
    return new SqlitePayouts(connection).newest(limit);
  }

  @Override
  public List<PayoutRow> openPayouts() {
    return new SqlitePayouts(connection).open();
  }

  @Override
  public List<PayoutRow> allPayouts() {
    return new SqlitePayouts(connection).all();
  }

  @Override
  public List<PayoutRow> withdrawnPayouts() {
    return new SqlitePayouts(connection).withdrawn();
  }

  @Override
  public Optional<PayoutRow> payout(String id) {
    return new SqlitePayouts(connection).find(id);
  }

  @Override
  public List<BlockRow> blocksFrom(int height) {
    return new SqliteBlocks(connection).from(height);
  }

  @Override
  public void forEachBlockAfter(long id, ObjLongConsumer<BlockRow> consumer) {
    new SqliteBlocks(connection).forEachAfter(id, consumer);
  }

  @Override
  public List<String> unbalancedEntries(long afterId) {
    return new SqliteLedger(connection).unbalancedEntries(afterId);
  }

  @Override
  public Optional<LedgerHead> ledgerHead() {
    return new SqliteLedger(connection).head();
  }

  @Override
  public Optional<String> chainAt(long entryId) {
    return new SqliteLedger(connection).chainAt(entryId);
  }

  @Override
  public List<PpsRate> ppsRates() {
    return new SqlitePps(connection).rates();
  }

  @Override
  public List<PpsEpoch> ppsEpochs() {
    return new SqlitePps(connection).epochs();
  }

  @Override
  public Map<String, BigInteger> ppsWork(long epochId) {
    return new SqlitePps(connection).work(epochId);
  }

  @Override
  public long ppsAccruedThrough() {
    return new SqlitePps(connection).accruedThrough();
  }

  @Override
  public long retiredThrough() {
    return new SqliteRetired(connection).through();
  }

  @Override
  public List<WorkerSum> retiredWorkers() {
    return new SqliteRetired(connection).workers();
  }

  @Override
  public Map<String, BigInteger> retiredPpsWork(long epochId) {
    return new SqliteRetired(connection).pps(epochId);
  }

  @Override
  public Optional<byte[]> retiredDigest(Hash256 hash) {
    return new SqliteRetired(connection).digest(hash);
  }

  @Override
  public long ledgerSum(String prefix) {
    return new SqliteLedger(connection).sum(prefix);
  }

  @Override
  public long ledgerBalance(String account) {
    return new SqliteLedger(connection).balance(account);
  }

  @Override
  public void partsDown(long sinceMillis, TimedPart consumer) {
    new SqliteFigures(connection).partsDown(sinceMillis, consumer);
  }

  @Override
  public long countCredits(String account, long fromMillis, long toMillis) {
    return new SqliteAccount(connection).countCredits(account, fromMillis, toMillis);
  }

  @Override
  public List<AccountCredit> accountCredits(
      String account, long fromMillis, long toMillis, int offset, int limit) {
    return new SqliteAccount(connection).credits(account, fromMillis, toMillis, offset, limit);
  }

  @Override
  public AccountMoney money(String account) {
    return new SqliteAccount(connection).money(account);
  }

  @Override
  public List<WorkerRow> workers(String account) {
    return new SqliteAccount(connection).workers(account);
  }

  @Override
  public long countPayouts(String account) {
    return new SqliteAccount(connection).countPayouts(account);
  }

  @Override
  public List<AccountPayout> accountPayouts(String account, int offset, int limit) {
    return new SqliteAccount(connection).payouts(account, offset, limit);
  }

  @Override
  public List<AccountChange> accountChanges(String account) {
    return new SqliteAccount(connection).changes(account);
  }

  @Override
  public List<EntryTime> entryTimes(String prefix) {
    return new SqliteFigures(connection).entryTimes(prefix);
  }
}
