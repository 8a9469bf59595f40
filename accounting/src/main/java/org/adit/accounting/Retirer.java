package org.adit.accounting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.journal.JournalRetention;
import org.adit.accounting.journal.JournalRetention.Range;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.AccountingStore;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.BucketRow;
import org.adit.accounting.store.PpsEpoch;
import org.adit.accounting.store.StoreReader;
import org.adit.accounting.store.WorkerSum;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes raw shares nobody needs any more: older than they are to be kept <em>and</em> behind
 * every reward window. Before a segment goes, its blocks are settled from its shares one last time,
 * its sums and their digests are stored in one transaction, and only then its file is deleted; the
 * audit begins with these sums. Whatever dies in between, the next start deletes the file. Not
 * thread-safe.
 */
final class Retirer {
  private static final Logger log = LoggerFactory.getLogger(Retirer.class);

  /** A larger window, set tomorrow, should still find its edge among raw shares. */
  private static final int WINDOWS_KEPT = 2;

  /** Rounds kept for PROP: an orphan makes the round before it the current one. */
  private static final int ROUNDS_KEPT = 3;

  private final AccountingStore store;
  private final JournalDisk disk;
  private final Path folder;
  private final NetworkWork networkWork;
  private final SchemeKind scheme;
  private final Rational window;
  private final Duration keep;

  /**
   * Makes a retirer.
   *
   * @param folder of the journal
   * @param scheme in force
   * @param window its size
   * @param keep how long shares are kept at least
   */
  Retirer(
      AccountingStore store,
      JournalDisk disk,
      Path folder,
      NetworkWork networkWork,
      SchemeKind scheme,
      Rational window,
      Duration keep) {
    this.store = store;
    this.disk = disk;
    this.folder = folder;
    this.networkWork = networkWork;
    this.scheme = scheme;
    this.window = window;
    this.keep = keep;
  }

  /** Deletes what an earlier run has retired and not deleted. */
  void clean() throws IOException {
    JournalRetention.delete(disk, folder, store.<Long>read(StoreReader::retiredThrough));
  }

  /**
   * Retires at most one segment.
   *
   * @return whether one was retired
   * @throws IOException when the journal cannot be read or deleted
   */
  boolean retireOne(long nowMillis) throws IOException {
    long boundary = store.<Long>read(reader -> boundary(reader, nowMillis));
    long through = store.<Long>read(StoreReader::retiredThrough);
    List<Range> old =
        JournalRetention.through(disk, folder, boundary).stream()
            .filter(range -> range.last() > through)
            .toList();
    if (old.isEmpty()) {
      return false;
    }
    Range range = old.getFirst();
    Gathered gathered = store.read(reader -> gather(reader, range, through));
    if (!gathered.differences.isEmpty()) {
      log.error(
          "shares {} to {} are kept although their time is over, because the audit of their blocks"
              + " does not agree: {}",
          range.first(),
          range.last(),
          gathered.differences);
      return false;
    }
    store.write(tx -> {
      tx.retire(range.last(), gathered.sums());
      gathered.pps.forEach(tx::setRetiredPpsWork);
      for (BlockRow block : gathered.blocks) {
        tx.addRetiredBlock(
            block.hash(),
            BlockAudit.digest(block, tx.credits(block.hash()), tx.directlyPaid(block.hash())),
            false);
      }
      return true;
    });
    clean();
    log.info("shares {} to {} are retired; their sums are kept", range.first(), range.last());
    return true;
  }

  /** Newest share that nothing needs raw, 0 when there is none. */
  private long boundary(StoreReader reader, long nowMillis) {
    PpsTimeline timeline = new PpsTimeline(reader.payRules(), reader.ppsRates());
    long most = timeline.nextPaid(reader.ppsAccruedThrough() + 1) - 1;
    if (scheme == SchemeKind.PROP) {
      most = Math.min(most, roundsKept(reader) - 1);
    }
    boolean hasWindow = scheme.dividesBlocksByWindow() && scheme != SchemeKind.PROP;
    Rational wanted =
        hasWindow || scheme == SchemeKind.PPS_PLUS
            ? window.times(Rational.of(WINDOWS_KEPT))
            : Rational.ZERO;
    long cutoff = nowMillis - keep.toMillis();
    long[] boundary = {0};
    Rational[] filled = {Rational.ZERO, Rational.ZERO};
    BigInteger[] network = new BigInteger[1];
    reader.bucketsDown(
        Long.MAX_VALUE,
        bucket -> {
          if (network[0] == null) {
            network[0] = networkWork.of(bucket.netBits());
          }
          if (isBehind(bucket, filled, wanted, cutoff)) {
            boundary[0] = bucket.lastSequence();
            return false;
          }
          // Both measures: at the difficulty of its time, and at today's for windows of work.
          filled[0] =
              filled[0].plus(Rational.of(bucket.scoreWork(), networkWork.of(bucket.netBits())));
          filled[1] = filled[1].plus(Rational.of(bucket.work(), network[0]));
          return true;
        });
    return Math.min(boundary[0], most);
  }

  private static boolean isBehind(
      BucketRow bucket, Rational[] filled, Rational wanted, long cutoff) {
    return bucket.closedBy() != null
        && bucket.lastMillis() < cutoff
        && filled[0].compareTo(wanted) >= 0
        && filled[1].compareTo(wanted) >= 0;
  }

  private static long roundsKept(StoreReader reader) {
    List<Long> winners = new ArrayList<>();
    reader.forEachBlock(block -> {
      if (block.state() == BlockState.MATURE) {
        winners.add(block.winnerSequence());
      }
    });
    winners.sort(null);
    return winners.size() < ROUNDS_KEPT ? 1 : winners.get(winners.size() - ROUNDS_KEPT);
  }

  /** What is kept of a segment. */
  private static final class Gathered {
    final Map<Integer, WorkerSum> workers = new HashMap<>();
    final Map<Long, Map<String, BigInteger>> pps = new HashMap<>();
    final List<BlockRow> blocks = new ArrayList<>();
    final List<String> differences = new ArrayList<>();

    List<WorkerSum> sums() {
      return List.copyOf(workers.values());
    }
  }

  private Gathered gather(StoreReader reader, Range range, long through) {
    Gathered gathered = new Gathered();
    try (JournalReader journal = new JournalReader(folder, disk, () -> reader.foldedSequence())) {
      blocks(reader, journal, range.last(), gathered);
      shares(reader, journal, Math.max(range.first(), through + 1), range.last(), gathered);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return gathered;
  }

  /** Blocks that cannot be settled again without the segment are settled now. */
  private void blocks(StoreReader reader, JournalReader journal, long last, Gathered gathered) {
    BlockAudit audit =
        new BlockAudit(
            reader,
            journal,
            networkWork,
            (what, expected, actual) -> {
              if (!Objects.equals(expected, actual)) {
                gathered.differences.add(what);
              }
            });
    reader.forEachBlock(block -> {
      BlockRow.@Nullable WindowRow row = block.window();
      boolean needs = row != null && row.firstSequence() > 0 && row.firstSequence() <= last;
      if (needs && reader.retiredDigest(block.hash()).isEmpty()) {
        audit.check(block);
        gathered.blocks.add(block);
      } else {
        audit.pass(block);
      }
    });
  }

  private void shares(
      StoreReader reader, JournalReader journal, long first, long last, Gathered gathered)
      throws IOException {
    PpsTimeline timeline = new PpsTimeline(reader.payRules(), reader.ppsRates());
    List<PpsEpoch> epochs = timeline.isUsed() ? reader.ppsEpochs() : List.of();
    Map<Integer, WorkerKey> keys = reader.workerKeys();
    for (long at = first; at <= last && journal.seek(at); at++) {
      if (journal.work() > 0) {
        BigInteger work = BigInteger.valueOf(journal.work());
        gathered.workers.merge(
            journal.workerId(),
            new WorkerSum(journal.workerId(), 1, work, BigInteger.ZERO),
            WorkerSum::plus);
        PpsEpoch epoch = epochs.isEmpty() ? null : timeline.epochOf(epochs, at, journal.netBits());
        WorkerKey key = keys.get(journal.workerId());
        if (epoch != null && key != null) {
          gathered
              .pps
              .computeIfAbsent(epoch.id(), id -> new HashMap<>(reader.retiredPpsWork(id)))
              .merge(key.account(), work.min(networkWork.of(journal.netBits())), BigInteger::add);
        }
      }
    }
  }
}
