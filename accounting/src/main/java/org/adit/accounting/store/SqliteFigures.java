package org.adit.accounting.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;

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
