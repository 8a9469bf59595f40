package org.adit.accounting.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.adit.accounting.Shares;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.journal.JournalSettings;
import org.adit.accounting.journal.ShareJournal;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.journal.ShareWriter;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.store.BucketRow;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.SqliteStore;
import org.adit.accounting.store.StoreException;
import org.adit.accounting.store.WorkerRow;
import org.adit.accounting.store.WorkerSum;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where buckets end, and why. */
class BucketFolderTest {
  /** Network work 256. */
  private static final int BITS = 0x2000ffff;

  private static final int OTHER_BITS = 0x2000c0ff;
  private static final BucketSettings SETTINGS = new BucketSettings(Duration.ofSeconds(60), 4, 3);

  @TempDir Path dir;
  private SqliteStore store;
  private ShareWriter writer;
  private Shares miner;
  private int alice;
  private int bob;

  @BeforeEach
  void open() throws Exception {
    store = SqliteStore.open(dir.resolve("accounting.db"));
    alice = store.write(tx -> tx.registerWorker("alice", "rig", 1));
    bob = store.write(tx -> tx.registerWorker("bob", "rig", 1));
    JournalSettings settings = JournalSettings.DEFAULT.withSegmentShares(64);
    writer =
        new ShareWriter(
            ShareJournal.open(dir.resolve("journal"), settings, JournalDisk.SYSTEM),
            settings,
            System::nanoTime);
    miner = new Shares(writer);
  }

  @AfterEach
  void close() throws Exception {
    writer.close();
    store.close();
  }

  private long mine(int worker, int bits, long work, long second) throws Exception {
    return miner.submit(Shares.share(worker, bits, work, second * 1_000));
  }

  private long fold() throws Exception {
    return folding(folder -> folder.foldThrough(writer.lastDurableSequence()));
  }

  /** Work of a folder on the journal as it is. */
  private interface Folding {
    long with(BucketFolder folder);
  }

  private long folding(Folding work) throws Exception {
    try (JournalReader journal =
        new JournalReader(
            dir.resolve("journal"), JournalDisk.SYSTEM, writer::lastDurableSequence)) {
      return work.with(new BucketFolder(store, journal, SETTINGS, new NetworkWork()));
    }
  }

  private List<BucketRow> buckets() {
    List<BucketRow> buckets = new ArrayList<>();
    store.read(reader -> {
      reader.bucketsUp(buckets::add);
      return true;
    });
    return buckets;
  }

  @Test
  void aBucketEndsAtItsSpanInBothDirectionsOfTheClock() throws Exception {
    mine(alice, BITS, 1, 1_000);
    mine(alice, BITS, 1, 1_059);
    mine(alice, BITS, 1, 1_060);
    mine(alice, BITS, 1, 1_001);
    mine(alice, BITS, 1, 1_000);
    assertThat(fold()).isEqualTo(5);
    assertThat(buckets())
        .extracting(BucketRow::firstSequence, BucketRow::lastSequence, BucketRow::closedBy)
        .containsExactly(tuple(1L, 2L, "time"), tuple(3L, 4L, "time"), tuple(5L, 5L, null));
    assertThat(buckets().getFirst().firstMillis()).isEqualTo(1_000_000);
    assertThat(buckets().getFirst().lastMillis()).isEqualTo(1_059_000);
  }

  @Test
  void aBucketEndsAtItsSizeAtANewTargetAndBeforeAWinner() throws Exception {
    for (int i = 0; i < 5; i++) {
      mine(i % 2 == 0 ? alice : bob, BITS, 10, 5);
    }
    mine(bob, OTHER_BITS, 400, 5);
    miner.submit(Shares.winner(alice, OTHER_BITS, 7, 5_000));
    mine(alice, OTHER_BITS, 1, 5);
    miner.submit(new ShareRecord(5_000, bob, OTHER_BITS, 0, ShareRecord.MARKER, 1, new byte[80]));
    mine(alice, OTHER_BITS, 2, 5);
    assertThat(fold()).isEqualTo(10);
    assertThat(buckets())
        .extracting(
            BucketRow::firstSequence,
            BucketRow::lastSequence,
            BucketRow::shares,
            BucketRow::closedBy)
        .containsExactly(
            tuple(1L, 4L, 4L, "size"),
            tuple(5L, 5L, 1L, "retarget"),
            tuple(6L, 6L, 1L, "winner"),
            tuple(7L, 8L, 2L, "winner"),
            tuple(9L, 10L, 1L, null));
    BigInteger network = new NetworkWork().of(OTHER_BITS);
    BucketRow capped = buckets().get(2);
    assertThat(capped.work()).isEqualTo(BigInteger.valueOf(400));
    assertThat(capped.scoreWork()).isEqualTo(network).isLessThan(capped.work());
    List<WorkerRow> workers = store.read(reader -> reader.workers());
    assertThat(workers)
        .extracting(
            WorkerRow::account, WorkerRow::sharesAccepted, row -> row.work().longValueExact())
        .containsExactly(tuple("alice", 6L, 40L), tuple("bob", 3L, 420L));
    List<WorkerSum> parts = new ArrayList<>();
    long first = buckets().getFirst().id();
    store.read(reader -> {
      reader.sumBuckets(first, first, (bits, sum) -> parts.add(sum));
      return true;
    });
    assertThat(parts)
        .extracting(WorkerSum::workerId, WorkerSum::shares)
        .containsExactlyInAnyOrder(tuple(alice, 2L), tuple(bob, 2L));
  }

  @Test
  void aBucketEndsWhereARuleOfPayBegins() throws Exception {
    for (int i = 0; i < 4; i++) {
      mine(alice, BITS, 1, 5);
    }
    PayRule rule =
        new PayRule(
            0, 3, SchemeKind.PPLNS_UNITS, Rational.of(8), UnfilledPolicy.SCALE, FeePpm.NONE);
    store.write(tx -> tx.addPayRule(rule, 1));
    assertThat(fold()).isEqualTo(4);
    assertThat(buckets())
        .extracting(BucketRow::firstSequence, BucketRow::lastSequence, BucketRow::closedBy)
        .containsExactly(tuple(1L, 2L, "settings"), tuple(3L, 4L, null));
  }

  @Test
  void aBucketNobodyAddsToEndsWhenItsSpanIsOver() throws Exception {
    mine(alice, BITS, 1, 100);
    mine(alice, BITS, 1, 110);
    fold();
    folding(folder -> {
      folder.closeIdle(169_999);
      return 0;
    });
    assertThat(buckets().getFirst().closedBy()).isNull();
    folding(folder -> {
      folder.closeIdle(170_000);
      folder.closeIdle(170_000);
      return 0;
    });
    assertThat(buckets()).singleElement().extracting(BucketRow::closedBy).isEqualTo("idle");
    assertThat(buckets().getFirst().shares()).isEqualTo(2);
    mine(bob, BITS, 1, 111);
    fold();
    assertThat(buckets()).hasSize(2);
    assertThat(buckets().getLast().firstSequence()).isEqualTo(3);
  }

  @Test
  void whatIsFoldedIsNotFoldedAgainAndWhatIsNotThereIsSaid() throws Exception {
    mine(alice, BITS, 1, 100);
    assertThat(fold()).isEqualTo(1);
    assertThat(fold()).isEqualTo(1);
    assertThat(folding(folder -> folder.foldThrough(0))).isEqualTo(1);
    assertThatThrownBy(() -> folding(folder -> folder.foldThrough(2)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("share 2 is not in the journal, which ends at 1");
    List<WorkerRow> workers = store.read(reader -> reader.workers());
    assertThat(workers.getFirst().sharesAccepted()).isEqualTo(1);
  }
}
