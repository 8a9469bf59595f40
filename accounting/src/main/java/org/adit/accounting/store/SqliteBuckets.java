package org.adit.accounting.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes one bucket of several. */
final class SqliteBuckets {
  private final SqliteWriter sql;

  SqliteBuckets(SqliteWriter sql) {
    this.sql = sql;
  }

  void merge(List<Long> ids) {
    List<BucketRow> rows = new ArrayList<>();
    Map<Integer, WorkerSum> workers = new HashMap<>();
    for (long id : ids) {
      rows.add(
          Sql.first(sql.connection, SqliteReader::bucket, "SELECT * FROM bucket WHERE id = ?", id)
              .orElseThrow(() -> new StoreException("no bucket " + id + " in the database")));
      sql.sumBuckets(id, id, (netBits, sum) -> workers.merge(sum.workerId(), sum, WorkerSum::plus));
    }
    BucketRow whole = whole(rows);
    for (long id : ids) {
      Sql.update(sql.connection, "DELETE FROM bucket_worker WHERE bucket_id = ?", id);
      if (id != whole.id()) {
        Sql.update(sql.connection, "DELETE FROM bucket WHERE id = ?", id);
      }
    }
    sql.updateBucket(whole);
    sql.addToBucket(whole.id(), workers.values());
  }

  private static BucketRow whole(List<BucketRow> rows) {
    BucketRow sum = rows.getFirst();
    for (BucketRow next : rows.subList(1, rows.size())) {
      if (next.firstSequence() != sum.lastSequence() + 1 || next.netBits() != sum.netBits()) {
        throw new StoreException(
            "bucket " + next.id() + " does not follow bucket " + sum.id() + " of one target");
      }
      sum =
          new BucketRow(
              sum.id(),
              sum.firstSequence(),
              next.lastSequence(),
              sum.firstMillis(),
              next.lastMillis(),
              sum.netBits(),
              sum.shares() + next.shares(),
              sum.work().add(next.work()),
              sum.scoreWork().add(next.scoreWork()),
              "merged");
    }
    return sum;
  }
}
