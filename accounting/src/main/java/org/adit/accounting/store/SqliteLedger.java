package org.adit.accounting.store;

import java.sql.Connection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.adit.accounting.ledger.Entry;
import org.adit.accounting.ledger.LedgerAccounts;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.LargestRemainder;

/** Queries of the ledger: entries, their chain, balances. */
final class SqliteLedger {
  static final String BALANCE = "SELECT balance_sat FROM ledger_account WHERE name = ?";

  private final Connection connection;

  SqliteLedger(Connection connection) {
    this.connection = connection;
  }

  List<BalanceRow> minerBalances() {
    SortedMap<String, Long> ledger = balances();
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

  SortedMap<String, Long> balances() {
    return amounts("SELECT name, balance_sat FROM ledger_account WHERE balance_sat <> 0");
  }

  SortedMap<String, Long> sums() {
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

  void forEachEntryAfter(long afterId, Consumer<StoredEntry> consumer) {
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

  List<String> unbalancedEntries(long afterId) {
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

  Optional<LedgerHead> head() {
    return Sql.first(
        connection,
        row -> new LedgerHead(row.getLong("id"), HexFormat.of().formatHex(row.getBytes("chain"))),
        "SELECT id, chain FROM ledger_entry ORDER BY id DESC LIMIT 1");
  }

  Optional<String> chainAt(long entryId) {
    return Sql.first(
        connection,
        row -> HexFormat.of().formatHex(row.getBytes(1)),
        "SELECT chain FROM ledger_entry WHERE id = ?",
        entryId);
  }

  long sum(String prefix) {
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

  long balance(String account) {
    return Sql.first(connection, row -> row.getLong(1), BALANCE, account).orElse(0L);
  }
}
