package org.adit.accounting.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.store.BucketRow;
import org.adit.accounting.store.SqliteStore;
import org.adit.accounting.store.WorkerSum;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which buckets become one: the oldest ones, by the hour after ninety days, by the target later.
 */
class MergeRulesTest {
  private static final int BITS = 0x2000ffff;
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long NOW = 20_000 * DAY;

  @TempDir Path dir;
  private SqliteStore store;
  private BucketMerger merger;
  private long sequence;

  @BeforeEach
  void open() {
    store = SqliteStore.open(dir.resolve("accounting.db"));
    merger = new BucketMerger(store, new NetworkWork());
    store.write(tx -> tx.registerWorker("alice", "rig", 1));
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** A bucket of one share worth half a unit. */
  private void bucket(long millis, int netBits, boolean closed) {
    sequence++;
    BigInteger work = new NetworkWork().of(netBits).shiftRight(1);
    store.write(tx -> {
      long id =
          tx.insertBucket(
              new BucketRow(
                  0,
                  sequence,
                  sequence,
                  millis,
                  millis,
                  netBits,
                  1,
                  work,
                  work,
                  closed ? "time" : null));
      tx.addToBucket(id, List.of(new WorkerSum(1, 1, work, work)));
      return true;
    });
  }

  private void closed(long millis) {
    bucket(millis, BITS, true);
  }

  /** The last sequence of each bucket there is. */
  private List<Long> ends() {
    List<Long> ends = new ArrayList<>();
    store.read(reader -> {
      reader.bucketsUp(bucket -> ends.add(bucket.lastSequence()));
      return true;
    });
    return ends;
  }

  /** With the smallest window, so that only age decides. */
  private int merge() {
    return merger.merge(Rational.parse("1/100"), NOW, 1_000);
  }

  /** Something young that closes the row of old ones and keeps every window. */
  private void today() {
    closed(NOW);
    closed(NOW);
  }

  @Test
  void bucketsOfAnHourBecomeOneAfterNinetyDays() {
    long old = NOW - 91 * DAY;
    closed(old);
    closed(old + 1);
    closed(old + HOUR - 1);
    closed(old + HOUR);
    closed(NOW - 90 * DAY);
    closed(NOW - 90 * DAY + 1);
    today();
    assertThat(merge()).isEqualTo(2);
    assertThat(ends()).containsExactly(3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(merge()).isZero();
  }

  @Test
  void bucketsOfATargetBecomeOneAfterAYear() {
    long old = NOW - 400 * DAY;
    closed(old);
    closed(old + DAY);
    bucket(old + 2 * DAY, 0x2000c0ff, true);
    bucket(old + 3 * DAY, 0x2000c0ff, true);
    closed(NOW - 365 * DAY);
    closed(NOW - 365 * DAY + 1);
    closed(NOW - 364 * DAY);
    today();
    assertThat(merge()).isEqualTo(3);
    assertThat(ends()).containsExactly(2L, 4L, 6L, 7L, 8L, 9L);
  }

  @Test
  void whatAWindowOfTwiceTheSizeReachesStaysAsItIs() {
    for (int i = 0; i < 10; i++) {
      closed(NOW - 200 * DAY + i);
    }
    // Twice one unit is four buckets of half a one: six are behind it.
    assertThat(merger.merge(Rational.ONE, NOW, 1_000)).isEqualTo(5);
    assertThat(ends()).containsExactly(6L, 7L, 8L, 9L, 10L);
    assertThat(merger.merge(Rational.of(100), NOW, 1_000)).as("no full window yet").isZero();
  }

  @Test
  void sharesSomebodyNeedsStayAsTheyAre() {
    for (int i = 0; i < 6; i++) {
      closed(NOW - 200 * DAY + i);
    }
    today();
    assertThat(merger.merge(Rational.parse("1/100"), 4, NOW, 1_000)).isEqualTo(2);
    assertThat(ends()).containsExactly(3L, 4L, 5L, 6L, 7L, 8L);
  }

  @Test
  void anOpenBucketIsNotMergedAndWorkIsDoneInPortions() {
    closed(NOW - 200 * DAY);
    closed(NOW - 200 * DAY + 1);
    closed(NOW - 199 * DAY);
    closed(NOW - 199 * DAY + 1);
    today();
    assertThat(merger.merge(Rational.parse("1/100"), NOW, 0)).isZero();
    assertThat(merger.merge(Rational.parse("1/100"), NOW, 1)).isEqualTo(1);
    assertThat(ends()).containsExactly(2L, 3L, 4L, 5L, 6L);
    assertThat(merge()).isEqualTo(1);
    assertThat(ends()).containsExactly(2L, 4L, 5L, 6L);
    bucket(NOW, BITS, false);
    assertThat(merge()).isZero();
  }

  /** Neither of a pair may be younger than the rule says, to the millisecond. */
  @Test
  void bothOfAPairAreOlderThanTheAge() {
    long year = 365 * DAY;
    long[][] apart = {
      {NOW - year - DAY, NOW - year + DAY},
      {NOW - year - DAY, NOW - year},
      // A clock that stepped back between them.
      {NOW - year + DAY, NOW - year - DAY},
      {NOW - year, NOW - year - DAY},
    };
    for (long[] pair : apart) {
      closed(pair[0]);
      closed(pair[1]);
      // Of another target, so that the next pair stands by itself.
      bucket(pair[1], 0x2000c0ff, true);
    }
    today();
    assertThat(merge()).isZero();
    long hourOld = NOW - 90 * DAY - HOUR / 2;
    closed(hourOld - 1);
    closed(hourOld);
    today();
    assertThat(merger.merge(Rational.parse("1/100"), NOW - HOUR / 2, 1_000)).isZero();
    assertThat(merger.merge(Rational.parse("1/100"), NOW - HOUR / 2 + 1, 1_000)).isEqualTo(1);
  }

  /** Only neighbours become one, wherever the clock stood. */
  @Test
  void aClockThatStepsBackMergesNothingOverWhatLiesBetween() {
    long old = NOW - 91 * DAY;
    closed(old);
    closed(old + 1);
    closed(old + HOUR);
    closed(old + 2);
    closed(old + 3);
    today();
    assertThat(merge()).isEqualTo(2);
    assertThat(ends()).containsExactly(2L, 3L, 5L, 6L, 7L);
  }

  @Test
  void oneTransactionTakesTwoThousandBucketsAtMost() {
    store.write(tx -> {
      for (int i = 0; i < 2_100; i++) {
        sequence++;
        tx.insertBucket(
            new BucketRow(
                0,
                sequence,
                sequence,
                NOW - 400 * DAY,
                NOW - 400 * DAY,
                BITS,
                1,
                BigInteger.ONE,
                BigInteger.ONE,
                "time"));
      }
      return true;
    });
    today();
    assertThat(merger.merge(Rational.parse("1/100"), NOW, 1)).isEqualTo(1_999);
    assertThat(merge()).isEqualTo(100);
    assertThat(ends()).containsExactly(2_100L, 2_101L, 2_102L);
  }
}
