package org.adit.accounting.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.adit.accounting.ledger.Entry;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.proof.SumNode;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.LargestRemainder;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.hasher.Hash256;

/** Queries on one connection. */
class SqliteReader implements StoreReader {
  static final String BLOCKS =
      """
      SELECT b.*, w.name AS finder_name, a.name AS finder_account
      FROM block b
      JOIN worker w ON w.id = b.finder_worker_id
      JOIN account a ON a.id = w.account_id
      """;

  static final String LEDGER_BALANCE = "SELECT balance_sat FROM ledger_account WHERE name = ?";

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
    Map<Integer, WorkerKey> keys = new HashMap<>();
    Sql.each(
        connection,
        row -> {
          keys.put(row.getInt(1), new WorkerKey(row.getString(2), row.getString(3)));
          return true;
        },
        "SELECT w.id, a.name, w.name FROM worker w JOIN account a ON a.id = w.account_id");
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
    return Sql.list(connection, SqliteReader::block, BLOCKS + "ORDER BY b.id DESC LIMIT ?", limit);
  }

  @Override
  public Optional<BlockRow> block(Hash256 hash) {
    return Sql.first(connection, SqliteReader::block, BLOCKS + "WHERE b.hash = ?", hash.toWire());
  }

  @Override
  public void forEachBlock(Consumer<BlockRow> consumer) {
    Sql.each(
        connection,
        row -> {
          consumer.accept(block(row));
          return true;
        },
        BLOCKS + "ORDER BY b.id");
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

  @Override
  public Optional<ProofRow> proof(Hash256 hash) {
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

  @Override
  public List<CreditRow> credits(Hash256 hash) {
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

  @Override
  public SortedMap<String, Long> directlyPaid(Hash256 hash) {
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

  @Override
  public List<BalanceRow> balances() {
    SortedMap<String, Long> ledger = ledgerBalances();
    SortedMap<String, BalanceRow> rows = new TreeMap<>(LargestRemainder.KEY_ORDER);
    Sql.each(
        connection,
        row -> {
          String account = row.getString("name");
          BalanceRow balance =
              new BalanceRow(
                  account,
                  new Amounts(
                      -ledger.getOrDefault(LedgerAccounts.pendingSubsidy(account), 0L),
                      -ledger.getOrDefault(LedgerAccounts.pendingFees(account), 0L)),
                  -ledger.getOrDefault(LedgerAccounts.payable(account), 0L),
                  new Amounts(row.getLong("subsidy"), row.getLong("fees")));
          if (row.getInt("id") != 0
              || balance.payableSat() != 0
              || !balance.pending().equals(Amounts.ZERO)) {
            rows.put(account, balance);
          }
          return true;
        },
        """
        SELECT a.id, a.name, coalesce(sum(d.subsidy_sat), 0) AS subsidy,
          coalesce(sum(d.fees_sat), 0) AS fees
        FROM account a
        JOIN worker w ON w.account_id = a.id
        LEFT JOIN (
          SELECT worker_id, subsidy_sat, fees_sat FROM block_credit
          WHERE block_id IN (SELECT id FROM block WHERE direct = 1 AND state <> 'ORPHANED')
          UNION ALL
          SELECT worker_id, subsidy_sat, fees_sat FROM block_credit
          WHERE (block_id, worker_id) IN (
            SELECT p.block_id, cw.id
            FROM block_direct p
            JOIN block b ON b.id = p.block_id
            JOIN worker cw ON cw.account_id = p.account_id
            WHERE b.direct = 0 AND b.state <> 'ORPHANED')) d ON d.worker_id = w.id
        GROUP BY a.id, a.name
        """);
    return List.copyOf(rows.values());
  }

  @Override
  public SortedMap<String, Long> ledgerBalances() {
    return amounts("SELECT name, balance_sat FROM ledger_account WHERE balance_sat <> 0");
  }

  @Override
  public SortedMap<String, Long> ledgerSums() {
    return amounts(
        """
        SELECT a.name, sum(l.amount_sat) AS total
        FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
        GROUP BY a.id, a.name HAVING total <> 0
        """);
  }

  private SortedMap<String, Long> amounts(String sql) {
    SortedMap<String, Long> amounts = new TreeMap<>();
    Sql.each(
        connection,
        row -> {
          amounts.put(row.getString(1), row.getLong(2));
          return true;
        },
        sql);
    return amounts;
  }

  @Override
  public void forEachEntry(Consumer<StoredEntry> consumer) {
    forEachEntryAfter(0, consumer);
  }

  @Override
  public void forEachEntryAfter(long afterId, Consumer<StoredEntry> consumer) {
    Sql.each(
        connection,
        row -> {
          String key = row.getString("key");
          long id = row.getLong("id");
          consumer.accept(
              new StoredEntry(
                  id, new Entry(key, lines(id)), HexFormat.of().formatHex(row.getBytes("chain"))));
          return true;
        },
        "SELECT id, key, chain FROM ledger_entry WHERE id > ? ORDER BY id",
        afterId);
  }

  SortedMap<String, Long> lines(long entryId) {
    SortedMap<String, Long> lines = new TreeMap<>();
    Sql.each(
        connection,
        row -> {
          lines.put(row.getString(1), row.getLong(2));
          return true;
        },
        """
        SELECT a.name, l.amount_sat
        FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
        WHERE l.entry_id = ?
        """,
        entryId);
    return lines;
  }

  @Override
  public long foldedSequence() {
    return Sql.first(
            connection, row -> row.getLong(1), "SELECT sequence FROM journal_offset WHERE id = 1")
        .orElseThrow();
  }

  @Override
  public long roundStart(long winnerSequence) {
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
    return Sql.list(
        connection,
        SqliteReader::block,
        BLOCKS + "WHERE b.height >= ? OR b.state = 'IMMATURE' ORDER BY b.id DESC",
        height);
  }

  @Override
  public void forEachBlockAfter(long id, ObjLongConsumer<BlockRow> consumer) {
    Sql.each(
        connection,
        row -> {
          consumer.accept(block(row), row.getLong("id"));
          return true;
        },
        BLOCKS + "WHERE b.id > ? ORDER BY b.id",
        id);
  }

  @Override
  public List<String> unbalancedEntries(long afterId) {
    return Sql.list(
        connection,
        row -> row.getString(1),
        """
        SELECT e.key FROM ledger_entry e LEFT JOIN ledger_line l ON l.entry_id = e.id
        WHERE e.id > ? GROUP BY e.id HAVING coalesce(sum(l.amount_sat), 0) <> 0
        UNION SELECT key FROM ledger_entry WHERE id > ? GROUP BY key HAVING count(*) > 1
        """,
        afterId,
        afterId);
  }

  @Override
  public Optional<LedgerHead> ledgerHead() {
    return Sql.first(
        connection,
        row -> new LedgerHead(row.getLong("id"), HexFormat.of().formatHex(row.getBytes("chain"))),
        "SELECT id, chain FROM ledger_entry ORDER BY id DESC LIMIT 1");
  }

  @Override
  public Optional<String> chainAt(long entryId) {
    return Sql.first(
        connection,
        row -> HexFormat.of().formatHex(row.getBytes(1)),
        "SELECT chain FROM ledger_entry WHERE id = ?",
        entryId);
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
    if (!prefix.endsWith(":")) {
      throw new IllegalArgumentException("prefix " + prefix + " (expected: ends in ':')");
    }
    // A range instead of LIKE, so that the index on names serves; ';' follows ':'.
    return Sql.first(
            connection,
            row -> row.getLong(1),
            "SELECT coalesce(sum(balance_sat), 0) FROM ledger_account WHERE name > ? AND name < ?",
            prefix,
            prefix.substring(0, prefix.length() - 1) + ";")
        .orElseThrow();
  }

  @Override
  public long ledgerBalance(String account) {
    return Sql.first(connection, row -> row.getLong(1), LEDGER_BALANCE, account).orElse(0L);
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
