package org.adit.accounting.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.adit.accounting.ledger.Entry;
import org.adit.accounting.ledger.LedgerBook;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's book within one transaction. Entries of many lines (a block over a hundred thousand
 * accounts) resolve all their accounts with one query, and their place in the chain is hashed while
 * their lines are written.
 */
final class SqliteBook implements LedgerBook {
  /** Above so many accounts one query for all of them is faster than one for each. */
  private static final int FEW = 1_000;

  private static final int CHAIN_BYTES = 32;

  private final SqliteReader sql;
  private final long nowMillis;

  /** All accounts, read when an entry has many lines; null when not, and after an append. */
  private @Nullable Map<String, Account> known;

  private record Account(long id, long balanceSat) {}

  SqliteBook(SqliteReader sql, long nowMillis) {
    this.sql = sql;
    this.nowMillis = nowMillis;
  }

  @Override
  public @Nullable Entry entry(String key) {
    return Sql.first(
            sql.connection,
            row -> new Entry(key, new SqliteLedger(sql.connection).lines(row.getLong(1))),
            "SELECT id FROM ledger_entry WHERE key = ?",
            key)
        .orElse(null);
  }

  @Override
  public long balance(String account) {
    return sql.ledgerBalance(account);
  }

  @Override
  public Map<String, Long> balances(Collection<String> accounts) {
    if (accounts.size() <= FEW) {
      return LedgerBook.super.balances(accounts);
    }
    Map<String, Account> all = known();
    Map<String, Long> balances = new HashMap<>(2 * accounts.size());
    for (String account : accounts) {
      Account one = all.get(account);
      balances.put(account, one == null ? 0L : one.balanceSat());
    }
    return balances;
  }

  private Map<String, Account> known() {
    Map<String, Account> all = known;
    if (all == null) {
      Map<String, Account> read = new HashMap<>();
      Sql.each(
          sql.connection,
          row -> {
            read.put(row.getString(2), new Account(row.getLong(1), row.getLong(3)));
            return true;
          },
          "SELECT id, name, balance_sat FROM ledger_account");
      all = read;
      known = read;
    }
    return all;
  }

  @Override
  public void append(Entry entry) {
    byte[] previous =
        Sql.first(
                sql.connection,
                row -> row.getBytes(1),
                "SELECT chain FROM ledger_entry ORDER BY id DESC LIMIT 1")
            .orElseGet(EntryChain::start);
    if (entry.lines().size() <= FEW) {
      appendFew(insert(entry, EntryChain.next(previous, entry)), entry);
    } else {
      CompletableFuture<byte[]> chain =
          CompletableFuture.supplyAsync(() -> EntryChain.next(previous, entry));
      long id = insert(entry, new byte[CHAIN_BYTES]);
      appendMany(id, entry);
      Sql.update(
          sql.connection, "UPDATE ledger_entry SET chain = ? WHERE id = ?", chain.join(), id);
    }
    known = null;
  }

  private long insert(Entry entry, byte[] chain) {
    return Sql.insert(
        sql.connection,
        "INSERT INTO ledger_entry (key, posted_ms, chain) VALUES (?, ?, ?) RETURNING id",
        entry.key(),
        nowMillis,
        chain);
  }

  private void appendFew(long id, Entry entry) {
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
        ON CONFLICT (name) DO UPDATE SET balance_sat = ledger_account.balance_sat + excluded.balance_sat
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

  /** Ids are known or given here; rows are written in the order of their keys. */
  private void appendMany(long id, Entry entry) {
    Map<String, Account> all = known();
    long last = all.values().stream().mapToLong(Account::id).max().orElse(0);
    List<@Nullable Object[]> added = new ArrayList<>();
    List<@Nullable Object[]> moved = new ArrayList<>();
    List<@Nullable Object[]> lines = new ArrayList<>(entry.lines().size());
    for (Map.Entry<String, Long> line : entry.lines().entrySet()) {
      Account account = all.get(line.getKey());
      long accountId;
      if (account == null) {
        accountId = ++last;
        added.add(new @Nullable Object[] {accountId, line.getKey(), line.getValue()});
      } else {
        accountId = account.id();
        long balance = Math.addExact(account.balanceSat(), line.getValue());
        moved.add(new @Nullable Object[] {balance, accountId});
      }
      lines.add(new @Nullable Object[] {id, accountId, line.getValue()});
    }
    Sql.insertAll(sql.connection, "INSERT INTO ledger_account (id, name, balance_sat)", added);
    moved.sort(byNumber());
    Sql.batch(sql.connection, "UPDATE ledger_account SET balance_sat = ? WHERE id = ?", moved);
    lines.sort(byNumber());
    Sql.insertAll(
        sql.connection, "INSERT INTO ledger_line (entry_id, account_id, amount_sat)", lines);
  }

  private static Comparator<@Nullable Object[]> byNumber() {
    return Comparator.comparingLong(row -> (Long) Objects.requireNonNull(row[1]));
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
