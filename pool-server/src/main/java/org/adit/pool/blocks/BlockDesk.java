package org.adit.pool.blocks;

import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.adit.accounting.DirectPayments;
import org.adit.accounting.FoundBlock;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.journal.Ack;
import org.adit.accounting.journal.AckListener;
import org.adit.accounting.journal.ShareLane;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.hasher.Hash256;
import org.adit.pool.mining.BlockCandidate;
import org.adit.pool.mining.BlockCandidates;
import org.adit.pool.work.FrozenList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees each block candidate through: file, node, journal, ledger. Three things have to come
 * together before a block is booked, in any order: the node's verdict, the sequence of its share in
 * the journal, and a ledger that takes the posting. Whatever dies in between, the file in {@code
 * pending} lets the next start finish the work; every step may be repeated without harm.
 */
public final class BlockDesk implements BlockCandidates, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockDesk.class);
  private static final int LANE_CAPACITY = 4_096;
  // On a real chain two are many. It bounds what a chain without work can pile up.
  private static final int MOST_OPEN = 128;
  private static final int FINISHED_REMEMBERED = 4_096;
  private static final long RETRY_MILLIS = 1_000;
  private static final long CLOSE_SECONDS = 5;
  // The share stands near the journal's end: no pool takes more between a block and its own death.
  private static final long SHARES_SEARCHED = 10_000_000;

  private static final class Entry {
    final StoredCandidate stored;
    boolean accepted;
    boolean booking;
    long sequence;

    Entry(StoredCandidate stored) {
      this.stored = stored;
    }

    BlockCandidate candidate() {
      return stored.candidate();
    }
  }

  private final CandidateFiles files;
  private final NodeSubmission node;
  private final PoolAccounting accounting;
  private final SchemeKind scheme;
  private final BlockListener listener;
  private final BlockEvents events;
  private final ShareLane lane;
  private final Map<Hash256, Entry> entries = new ConcurrentHashMap<>();
  private final Set<Hash256> finished =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Hash256, Boolean> eldest) {
                  return size() > FINISHED_REMEMBERED;
                }
              }));
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("block-desk").daemon().factory());

  /**
   * A desk without candidates; call {@link #recover} before miners come.
   *
   * @param files where candidates are kept
   * @param node where blocks go
   * @param accounting journal and ledger
   * @param scheme how rewards of blocks found from now on are shared
   * @param listener hears what became of blocks
   * @param events takes notes of what happens to blocks
   */
  public BlockDesk(
      CandidateFiles files,
      NodeSubmission node,
      PoolAccounting accounting,
      SchemeKind scheme,
      BlockListener listener,
      BlockEvents events) {
    this.events = events;
    this.files = files;
    this.node = node;
    this.accounting = accounting;
    this.scheme = scheme;
    this.listener = listener;
    this.lane = accounting.shares().openLane(LANE_CAPACITY, new LaneListener());
  }

  /**
   * Takes up what an earlier run left: submits again, and finds or writes the journal's record.
   *
   * @return how many candidates were taken up
   */
  public int recover() throws IOException {
    List<StoredCandidate> left = files.pending();
    for (StoredCandidate stored : left) {
      Hash256 hash = stored.candidate().hash();
      Entry entry = new Entry(stored);
      entries.put(hash, entry);
      LOG.info(
          "block {} at height {} was not finished by an earlier run; going on with it",
          hash.toDisplayHex(),
          stored.candidate().height());
      events.note(hash, BlockEvents.Kind.TAKEN_UP, "", "");
      OptionalLong sequence =
          accounting.findWinner(stored.candidate().share().header80(), SHARES_SEARCHED);
      if (sequence.isPresent()) {
        entry.sequence = sequence.getAsLong();
      } else {
        // The share died unacknowledged with the last run, but its block is here: it is credited.
        notJournaled(hash);
      }
      tasks.execute(() -> submit(entry));
    }
    return left.size();
  }

  @Override
  public boolean found(BlockCandidate candidate, Runnable onDisk) {
    Entry entry = new Entry(new StoredCandidate(candidate, scheme));
    if (finished.contains(candidate.hash())
        || entries.putIfAbsent(candidate.hash(), entry) != null) {
      return false;
    }
    String finder = candidate.account() + "." + candidate.worker();
    events.note(
        candidate.hash(),
        BlockEvents.Kind.FOUND,
        "",
        "at height " + candidate.height() + " by " + finder);
    tasks.execute(() -> {
      try {
        files.write(entry.stored);
        events.note(candidate.hash(), BlockEvents.Kind.ON_DISK, "", "");
      } catch (IOException | RuntimeException e) {
        // Never a reason to keep the block from the node.
        LOG.error(
            "block {} could not be written to disk; submitting it all the same",
            candidate.hash().toDisplayHex(),
            e);
      }
      tasks.execute(() -> submit(entry));
      onDisk.run();
    });
    return true;
  }

  @Override
  public boolean hasRoom() {
    return entries.size() < MOST_OPEN;
  }

  @Override
  public void journaled(Hash256 hash, long sequence) {
    Entry entry = entries.get(hash);
    if (entry != null) {
      synchronized (entry) {
        entry.sequence = sequence;
      }
      try {
        tasks.execute(() -> bookWhenComplete(entry));
      } catch (RejectedExecutionException e) {
        LOG.debug("block {} is booked by the next start", hash.toDisplayHex(), e);
      }
    }
  }

  @Override
  public void notJournaled(Hash256 hash) {
    // Only this thread offers to the lane: a lane has one producer.
    retries.execute(() -> journal(hash));
  }

  /** Candidates not yet finished. */
  public int open() {
    return entries.size();
  }

  /**
   * Ends the desk; close the node's side first, so that nothing waits for it. What is not finished
   * is taken up by {@link #recover} of the next run.
   */
  @Override
  public void close() {
    retries.shutdownNow();
    // What is being booked is booked to its end; an interrupt would tear the journal's channel.
    tasks.shutdown();
    try {
      if (!tasks.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        tasks.shutdownNow();
        LOG.warn("a block submission did not end in time; the next start goes on with it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void submit(Entry entry) {
    BlockCandidate candidate = entry.candidate();
    try {
      switch (node.submit(candidate)) {
        case NodeSubmission.Accepted accepted -> {
          LOG.info(
              "block {} at height {} found by {}.{}: node says {}",
              candidate.hash().toDisplayHex(),
              candidate.height(),
              candidate.account(),
              candidate.worker(),
              accepted.answer());
          synchronized (entry) {
            entry.accepted = true;
          }
          bookWhenComplete(entry);
        }
        case NodeSubmission.Rejected rejected -> {
          reject(entry, rejected);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reject(Entry entry, NodeSubmission.Rejected rejected) {
    BlockCandidate candidate = entry.candidate();
    if (rejected.constructionError()) {
      LOG.error(
          "the node refused block {} at height {} as wrongly built: {}. This pool makes bad blocks:"
              + " stop it and report this",
          candidate.hash().toDisplayHex(),
          candidate.height(),
          rejected.reason());
    } else {
      LOG.warn(
          "block {} at height {} is lost: the node says {}",
          candidate.hash().toDisplayHex(),
          candidate.height(),
          rejected.reason());
    }
    try {
      files.reject(candidate.hash());
    } catch (IOException e) {
      LOG.warn("candidate file of {} could not be moved", candidate.hash().toDisplayHex(), e);
    }
    finish(candidate.hash());
    events.note(candidate.hash(), BlockEvents.Kind.LOST, "", rejected.reason());
    listener.rejected(candidate, rejected.reason());
  }

  private void bookWhenComplete(Entry entry) {
    long sequence;
    synchronized (entry) {
      if (!entry.accepted || entry.sequence == 0 || entry.booking) {
        return;
      }
      entry.booking = true;
      sequence = entry.sequence;
    }
    BlockCandidate candidate = entry.candidate();
    try {
      Posting posting = accounting.blockFound(foundBlock(entry, sequence));
      if (posting.isRefused()) {
        LOG.error(
            "the ledger refused block {}: {}. It stays pending, nothing was booked",
            candidate.hash().toDisplayHex(),
            posting.reason());
        return;
      }
      files.settle(candidate.hash());
      finish(candidate.hash());
      events.note(candidate.hash(), BlockEvents.Kind.BOOKED, "", "");
      listener.booked(candidate);
    } catch (IOException | RuntimeException e) {
      LOG.error("block {} could not be booked yet", candidate.hash().toDisplayHex(), e);
      synchronized (entry) {
        entry.booking = false;
      }
      retryLater(() -> tasks.execute(() -> bookWhenComplete(entry)));
    }
  }

  // Remembered, so that a miner that sends an old block again does not start all of this again.
  private void finish(Hash256 hash) {
    finished.add(hash);
    entries.remove(hash);
  }

  private static FoundBlock foundBlock(Entry entry, long sequence) {
    BlockCandidate candidate = entry.candidate();
    FrozenList frozen = candidate.frozen();
    return new FoundBlock(
        candidate.hash(),
        candidate.height(),
        candidate.netBits(),
        candidate.subsidySat(),
        candidate.feesSat(),
        candidate.transactions(),
        sequence,
        candidate.share().workerId(),
        entry.stored.scheme(),
        Instant.ofEpochMilli(candidate.share().timeMillis()),
        frozen == null ? null : new DirectPayments(frozen.endSequence(), frozen.paidSat()));
  }

  private void journal(Hash256 hash) {
    Entry entry = entries.get(hash);
    if (entry != null && !lane.offer(entry.candidate().share(), hash)) {
      retryLater(() -> journal(hash));
    }
  }

  private void retryLater(Runnable task) {
    if (!retries.isShutdown()) {
      var _ = retries.schedule(task, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private final class LaneListener implements AckListener {
    @Override
    public void durable(List<Ack> acks) {
      for (Ack ack : acks) {
        journaled(hashOf(ack.attachment()), ack.sequence());
      }
    }

    @Override
    public void refused(List<Ack> shares, IOException cause) {
      for (Ack ack : shares) {
        Hash256 hash = hashOf(ack.attachment());
        retryLater(() -> journal(hash));
      }
    }

    private Hash256 hashOf(@Nullable Object attachment) {
      return (Hash256) java.util.Objects.requireNonNull(attachment);
    }
  }
}
