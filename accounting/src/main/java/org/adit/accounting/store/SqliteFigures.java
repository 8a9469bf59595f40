package org.adit.accounting.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Rational;

/** Questions that only people ask. */
final class SqliteFigures {
  private final Connection connection;

  SqliteFigures(Connection connection) {
    this.connection = connection;
  }

  void partsDown(long sinceMillis, StoreReader.TimedPart consumer) {
    Sql.each(
        connection,
        row ->
            consumer.accept(
                row.getInt(1), row.getLong(2), row.getLong(3), new BigInteger(1, row.getBytes(4))),
        """
        SELECT p.worker_id, b.last_ms, p.shares, p.work
        FROM bucket b
        JOIN bucket_worker p ON p.bucket_id = b.id
        WHERE b.last_ms >= ?
        ORDER BY b.id DESC
        """,
        sinceMillis);
  }

  long countCredits(String account, long fromMillis, long toMillis) {
    return Sql.first(
            connection,
            row -> row.getLong(1),
            """
            SELECT count(DISTINCT c.block_id)
            FROM account a
            JOIN worker w ON w.account_id = a.id
            JOIN block_credit c ON c.worker_id = w.id
            JOIN block b ON b.id = c.block_id
            WHERE a.name = ? AND b.found_ms >= ? AND b.found_ms < ?
            """,
            account,
            fromMillis,
            toMillis)
        .orElse(0L);
  }

  List<AccountCredit> credits(
      String account, long fromMillis, long toMillis, int offset, int limit) {
    List<Long> blocks =
        Sql.list(
            connection,
            row -> row.getLong(1),
            """
            SELECT DISTINCT b.id
            FROM account a
            JOIN worker w ON w.account_id = a.id
            JOIN block_credit c ON c.worker_id = w.id
            JOIN block b ON b.id = c.block_id
            WHERE a.name = ? AND b.found_ms >= ? AND b.found_ms < ?
            ORDER BY b.id DESC LIMIT ? OFFSET ?
            """,
            account,
            fromMillis,
            toMillis,
            limit,
            offset);
    return blocks.stream().map(block -> credit(block, account)).toList();
  }

  private AccountCredit credit(long blockId, String account) {
    Rational[] weight = {Rational.ZERO};
    Amounts[] amounts = {Amounts.ZERO};
    Sql.each(
        connection,
        row -> {
          weight[0] = weight[0].plus(Rational.parseStored(row.getString(1)));
          amounts[0] = amounts[0].plus(new Amounts(row.getLong(2), row.getLong(3)));
          return true;
        },
        """
        SELECT c.weight, c.subsidy_sat, c.fees_sat
        FROM block_credit c
        JOIN worker w ON w.id = c.worker_id
        JOIN account a ON a.id = w.account_id
        WHERE c.block_id = ? AND a.name = ?
        """,
        blockId,
        account);
    BlockRow block =
        Sql.first(connection, SqliteReader::block, SqliteReader.BLOCKS + "WHERE b.id = ?", blockId)
            .orElseThrow(() -> new StoreException("no block " + blockId + " in the database"));
    return new AccountCredit(block, weight[0], amounts[0]);
  }

  /** Keys hold hex digits and colons only, so the end of the range is the next letter's. */
  List<EntryTime> entryTimes(String prefix) {
    return Sql.list(
        connection,
        row -> new EntryTime(row.getString(1), Instant.ofEpochMilli(row.getLong(2))),
        "SELECT key, posted_ms FROM ledger_entry WHERE key >= ? AND key < ? ORDER BY id",
        prefix,
        prefix + "~");
  }
}
