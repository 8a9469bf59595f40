package org.adit.accounting.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adit.accounting.ledger.Entry;
import org.adit.accounting.ledger.LedgerBook;
import org.jspecify.annotations.Nullable;

/** The ledger's book within one transaction. */
final class SqliteBook implements LedgerBook {
  private final SqliteReader sql;
  private final long nowMillis;

  SqliteBook(SqliteReader sql, long nowMillis) {
    this.sql = sql;
    this.nowMillis = nowMillis;
  }

  @Override
  public @Nullable Entry entry(String key) {
    return Sql.first(
            sql.connection,
            row -> new Entry(key, sql.lines(row.getLong(1))),
            "SELECT id FROM ledger_entry WHERE key = ?",
            key)
        .orElse(null);
  }

  @Override
  public long balance(String account) {
    return Sql.first(
            sql.connection,
            row -> row.getLong(1),
            "SELECT balance_sat FROM ledger_account WHERE name = ?",
            account)
        .orElse(0L);
  }

  @Override
  public void append(Entry entry) {
    byte[] previous =
        Sql.first(
                sql.connection,
                row -> row.getBytes(1),
                "SELECT chain FROM ledger_entry ORDER BY id DESC LIMIT 1")
            .orElseGet(EntryChain::start);
    long id =
        Sql.insert(
            sql.connection,
            "INSERT INTO ledger_entry (key, posted_ms, chain) VALUES (?, ?, ?) RETURNING id",
            entry.key(),
            nowMillis,
            EntryChain.next(previous, entry));
    List<@Nullable Object[]> balances = new ArrayList<>();
    List<@Nullable Object[]> lines = new ArrayList<>();
    for (Map.Entry<String, Long> line : entry.lines().entrySet()) {
      balances.add(new @Nullable Object[] {line.getKey(), line.getValue()});
      lines.add(new @Nullable Object[] {id, line.getValue(), line.getKey()});
    }
    Sql.batch(
        sql.connection,
        """
        INSERT INTO ledger_account (name, balance_sat) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET balance_sat = balance_sat + excluded.balance_sat
        """,
        balances);
    Sql.batch(
        sql.connection,
        """
        INSERT INTO ledger_line (entry_id, account_id, amount_sat)
        SELECT ?, id, ? FROM ledger_account WHERE name = ?
        """,
        lines);
  }

  @Override
  public long total() {
    return Sql.first(
            sql.connection,
            row -> row.getLong(1),
            "SELECT coalesce(sum(balance_sat), 0) FROM ledger_account")
        .orElseThrow();
  }
}
