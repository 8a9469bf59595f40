package org.adit.accounting.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Rational;

/**
 * Questions about one account. Each begins at the account's row and reaches everything else by an
 * index, so that its cost is what the account itself has, however many others there are.
 */
final class SqliteAccount {
  /** What blocks paid it directly: as the finder of SOLO, or as one of several. */
  static final String PAID_BY_COINBASE =
      """
      SELECT coalesce(sum(subsidy_sat), 0), coalesce(sum(fees_sat), 0) FROM (
        SELECT c.subsidy_sat, c.fees_sat
        FROM account a
        JOIN worker w ON w.account_id = a.id
        JOIN block b ON b.finder_worker_id = w.id
        JOIN block_credit c ON c.block_id = b.id AND c.worker_id = w.id
        WHERE a.name = ? AND b.direct = 1 AND b.state <> 'ORPHANED'
        UNION ALL
        SELECT c.subsidy_sat, c.fees_sat
        FROM account a
        JOIN block_direct d ON d.account_id = a.id
        JOIN block b ON b.id = d.block_id
        JOIN worker w ON w.account_id = a.id
        JOIN block_credit c ON c.block_id = b.id AND c.worker_id = w.id
        WHERE a.name = ? AND b.direct = 0 AND b.state <> 'ORPHANED')
      """;

  static final String PAYOUT_SUMS =
      """
      SELECT CASE WHEN p.state IN ('CONFIRMED', 'FINAL') THEN 1 ELSE 0 END, sum(i.amount_sat)
      FROM account a
      JOIN payout_item i ON i.account_id = a.id
      JOIN payout_batch p ON p.number = i.batch
      WHERE a.name = ? AND p.state <> 'FAILED'
      GROUP BY 1
      """;

  static final String PAYOUTS =
      """
      SELECT p.id, p.state, p.created_ms, p.updated_ms, i.address, i.amount_sat, i.fee_share_sat,
        (SELECT t.txid FROM payout_attempt t
         WHERE t.batch = p.number AND t.state NOT IN ('DEAD', 'WITHDRAWN')
         ORDER BY CASE t.state WHEN 'CONFIRMED' THEN 0 ELSE 1 END, t.number DESC LIMIT 1) AS txid
      FROM account a
      JOIN payout_item i ON i.account_id = a.id
      JOIN payout_batch p ON p.number = i.batch
      WHERE a.name = ?
      ORDER BY p.number DESC LIMIT ? OFFSET ?
      """;

  static final String COUNT_PAYOUTS =
      """
      SELECT count(*)
      FROM account a JOIN payout_item i ON i.account_id = a.id
      WHERE a.name = ?
      """;

  /** Orphaned blocks are few: what they credited is taken off the sum of all. */
  static final String WORKERS =
      """
      SELECT w.id, a.name AS account, w.name, coalesce(t.shares, 0) AS shares, t.work,
        coalesce(t.last_share_ms, 0) AS last_share_ms,
        coalesce((SELECT sum(count) FROM worker_reject r WHERE r.worker_id = w.id), 0) AS rejected,
        coalesce((SELECT sum(c.subsidy_sat) FROM block_credit c WHERE c.worker_id = w.id), 0)
          - coalesce((SELECT sum(c.subsidy_sat) FROM block_credit c
              WHERE c.worker_id = w.id
                AND c.block_id IN (SELECT id FROM block WHERE state = 'ORPHANED')), 0) AS subsidy,
        coalesce((SELECT sum(c.fees_sat) FROM block_credit c WHERE c.worker_id = w.id), 0)
          - coalesce((SELECT sum(c.fees_sat) FROM block_credit c
              WHERE c.worker_id = w.id
                AND c.block_id IN (SELECT id FROM block WHERE state = 'ORPHANED')), 0) AS fees
      FROM account a
      JOIN worker w ON w.account_id = a.id
      LEFT JOIN worker_total t ON t.worker_id = w.id
      WHERE a.name = ? AND w.id > 0
      ORDER BY w.name
      """;

  static final String COUNT_CREDITS =
      """
      SELECT count(DISTINCT c.block_id)
      FROM account a
      JOIN worker w ON w.account_id = a.id
      JOIN block_credit c ON c.worker_id = w.id
      WHERE a.name = ?
      """;

  static final String COUNT_CREDITS_BETWEEN =
      """
      SELECT count(DISTINCT c.block_id)
      FROM account a
      JOIN worker w ON w.account_id = a.id
      JOIN block_credit c ON c.worker_id = w.id
      JOIN block b ON b.id = c.block_id
      WHERE a.name = ? AND b.found_ms >= ? AND b.found_ms < ?
      """;

  static final String WORKER_IDS =
      """
      SELECT w.id FROM account a JOIN worker w ON w.account_id = a.id WHERE a.name = ?
      """;

  /** In the order of the index, so that it ends after the limit. */
  static final String NEWEST =
      """
      SELECT block_id FROM block_credit WHERE worker_id = ? ORDER BY block_id DESC LIMIT ?
      """;

  static final String NEWEST_BETWEEN =
      """
      SELECT c.block_id FROM block_credit c JOIN block b ON b.id = c.block_id
      WHERE c.worker_id = ? AND b.found_ms >= ? AND b.found_ms < ?
      ORDER BY c.block_id DESC LIMIT ?
      """;

  static final String CREDITS =
      """
      SELECT b.*, fw.name AS finder_name, fa.name AS finder_account,
        c.weight, c.subsidy_sat AS credit_subsidy, c.fees_sat AS credit_fees
      FROM account a
      JOIN worker w ON w.account_id = a.id
      JOIN block_credit c ON c.worker_id = w.id
      JOIN block b ON b.id = c.block_id
      JOIN worker fw ON fw.id = b.finder_worker_id
      JOIN account fa ON fa.id = fw.account_id
      WHERE a.name = ? AND c.block_id >= ? AND c.block_id <= ?
      ORDER BY b.id DESC
      """;

  static final String CHANGES =
      """
      SELECT a.name, c.* FROM account a JOIN account_change c ON c.account_id = a.id
      WHERE a.name = ? ORDER BY c.id
      """;

  private final Connection connection;

  SqliteAccount(Connection connection) {
    this.connection = connection;
  }

  AccountMoney money(String account) {
    SqliteLedger ledger = new SqliteLedger(connection);
    Amounts pending =
        new Amounts(
            -ledger.balance(LedgerAccounts.pendingSubsidy(account)),
            -ledger.balance(LedgerAccounts.pendingFees(account)));
    Amounts direct =
        Sql.first(
                connection,
                row -> new Amounts(row.getLong(1), row.getLong(2)),
                PAID_BY_COINBASE,
                account,
                account)
            .orElse(Amounts.ZERO);
    long[] sums = new long[2];
    Sql.each(
        connection,
        row -> {
          sums[row.getInt(1)] = row.getLong(2);
          return true;
        },
        PAYOUT_SUMS,
        account);
    return new AccountMoney(
        new BalanceRow(account, pending, -ledger.balance(LedgerAccounts.payable(account)), direct),
        sums[0],
        sums[1]);
  }

  List<WorkerRow> workers(String account) {
    return Sql.list(connection, SqliteReader::worker, WORKERS, account);
  }

  long countPayouts(String account) {
    return Sql.first(connection, row -> row.getLong(1), COUNT_PAYOUTS, account).orElse(0L);
  }

  List<AccountPayout> payouts(String account, int offset, int limit) {
    return Sql.list(connection, SqliteAccount::payout, PAYOUTS, account, limit, offset);
  }

  private static AccountPayout payout(ResultSet row) throws SQLException {
    byte[] txid = row.getBytes("txid");
    return new AccountPayout(
        row.getString("id"),
        PayoutState.valueOf(row.getString("state")),
        Instant.ofEpochMilli(row.getLong("created_ms")),
        Instant.ofEpochMilli(row.getLong("updated_ms")),
        row.getString("address"),
        row.getLong("amount_sat"),
        row.getLong("fee_share_sat"),
        txid == null ? null : HexFormat.of().formatHex(txid));
  }

  long countCredits(String account, long fromMillis, long toMillis) {
    boolean all = isAll(fromMillis, toMillis);
    return (all
            ? Sql.first(connection, row -> row.getLong(1), COUNT_CREDITS, account)
            : Sql.first(
                connection,
                row -> row.getLong(1),
                COUNT_CREDITS_BETWEEN,
                account,
                fromMillis,
                toMillis))
        .orElse(0L);
  }

  /** Blocks are not asked for their time when every time is meant. */
  private static boolean isAll(long fromMillis, long toMillis) {
    return fromMillis <= 0 && toMillis == Long.MAX_VALUE;
  }

  List<AccountCredit> credits(
      String account, long fromMillis, long toMillis, int offset, int limit) {
    List<Long> page =
        newest(account, fromMillis, toMillis, Math.addExact((long) offset, limit)).stream()
            .skip(offset)
            .limit(limit)
            .toList();
    if (page.isEmpty()) {
      return List.of();
    }
    // A block between two of the page may have been found at another time.
    Set<Long> wanted = new HashSet<>(page);
    List<AccountCredit> credits = new ArrayList<>();
    // A row is one worker's part; those of one block follow each other.
    long[] last = {0};
    Sql.each(
        connection,
        row -> {
          long block = row.getLong("id");
          if (wanted.contains(block)) {
            addCredit(credits, row, block == last[0]);
            last[0] = block;
          }
          return true;
        },
        CREDITS,
        account,
        page.getLast(),
        page.getFirst());
    return credits;
  }

  private static void addCredit(List<AccountCredit> credits, ResultSet row, boolean sameBlock)
      throws SQLException {
    Rational weight = Rational.parseStored(row.getString("weight"));
    Amounts amounts = new Amounts(row.getLong("credit_subsidy"), row.getLong("credit_fees"));
    if (sameBlock) {
      AccountCredit before = credits.removeLast();
      credits.add(
          new AccountCredit(
              before.block(), before.weight().plus(weight), before.amounts().plus(amounts)));
    } else {
      credits.add(new AccountCredit(SqliteBlocks.block(row), weight, amounts));
    }
  }

  /** Newest blocks that credited any worker of the account: of each worker so many at most. */
  private SortedSet<Long> newest(String account, long fromMillis, long toMillis, long most) {
    SortedSet<Long> blocks = new TreeSet<>(Comparator.reverseOrder());
    boolean all = isAll(fromMillis, toMillis);
    for (long worker : Sql.list(connection, row -> row.getLong(1), WORKER_IDS, account)) {
      blocks.addAll(
          all
              ? Sql.list(connection, row -> row.getLong(1), NEWEST, worker, most)
              : Sql.list(
                  connection,
                  row -> row.getLong(1),
                  NEWEST_BETWEEN,
                  worker,
                  fromMillis,
                  toMillis,
                  most));
    }
    return blocks;
  }

  List<AccountChange> changes(String account) {
    return Sql.list(connection, SqlitePayouts::change, CHANGES, account);
  }
}
