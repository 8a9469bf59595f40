package org.adit.accounting;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.BucketRow;
import org.adit.accounting.store.StoreReader;

/**
 * Work of the pool, from its bucket sums.
 *
 * @param netBits compact network target of the newest share, 0 when there is none
 * @param span sums of the buckets in the span, newest first
 * @param firstMillis oldest share of the span, milliseconds since the epoch; 0 when there is none
 * @param expectedBlocks of the work of all time
 * @param foundBlocks of all time that are not orphaned
 */
public record PoolWork(
    int netBits, List<Sum> span, long firstMillis, Rational expectedBlocks, long foundBlocks) {

  /** Shares and their work. */
  public record Sum(long shares, BigInteger work) {}

  public PoolWork {
    span = List.copyOf(span);
  }

  static PoolWork read(StoreReader reader, long sinceMillis) {
    NetworkWork networkWork = new NetworkWork();
    List<Sum> span = new ArrayList<>();
    int[] netBits = {0};
    long[] first = {0};
    Rational[] expected = {Rational.ZERO};
    reader.bucketsDown(
        Long.MAX_VALUE,
        bucket -> {
          netBits[0] = netBits[0] == 0 ? bucket.netBits() : netBits[0];
          expected[0] =
              expected[0].plus(Rational.of(bucket.scoreWork(), networkWork.of(bucket.netBits())));
          if (bucket.lastMillis() >= sinceMillis && bucket.shares() > 0) {
            span.add(new Sum(bucket.shares(), bucket.work()));
            first[0] = firstMillis(bucket, first[0]);
          }
          return true;
        });
    long[] found = {0};
    reader.forEachBlock(block -> found[0] += block.state() == BlockState.ORPHANED ? 0 : 1);
    return new PoolWork(netBits[0], span, first[0], expected[0], found[0]);
  }

  private static long firstMillis(BucketRow bucket, long known) {
    return known == 0 ? bucket.firstMillis() : Math.min(known, bucket.firstMillis());
  }
}
