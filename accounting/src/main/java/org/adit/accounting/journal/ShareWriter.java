package org.adit.accounting.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.adit.accounting.journal.WriterStatus.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the sequence: takes shares from the lanes, appends them to the journal
 * in groups, forces each group once, and only then acknowledges.
 *
 * <p>When the disk fails, the group is refused and so is everything offered until an attempt to
 * repair succeeds; attempts go on by themselves with growing pauses. The sequence has no gap then
 * either: refused shares never had a number.
 */
public final class ShareWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShareWriter.class);
  private static final long IDLE_PARK_NANOS = 100_000_000;

  private final ShareJournal journal;
  private final JournalSettings settings;
  private final LongSupplier nanoTime;
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final Lane.WriterSignal signal = new Lane.WriterSignal();
  private final Thread thread;
  private final List<ShareRecord> group = new ArrayList<>();

  private volatile WriterStatus status;
  private int firstLane;
  private long retryAtNanos;
  private long retryPauseNanos;

  /**
   * Starts the writer thread. The journal belongs to the writer from now on and is closed with it.
   *
   * @param nanoTime monotonic nanoseconds, as a rule {@code System::nanoTime}
   */
  public ShareWriter(ShareJournal journal, JournalSettings settings, LongSupplier nanoTime) {
    this.journal = journal;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.status =
        new WriterStatus(State.RUNNING, null, journal.lastSequence(), 0, 0, 0, 0, 0, 0, 0, 0);
    this.thread = Thread.ofPlatform().name("adit-share-writer").daemon().unstarted(this::run);
    signal.bind(thread);
    thread.start();
  }

  /**
   * Opens a lane for one producer thread.
   *
   * @param capacity most shares waiting, at least 1
   */
  public ShareLane openLane(int capacity, AckListener listener) {
    if (capacity < 1) {
      throw new IllegalArgumentException("lane capacity " + capacity + " (expected: >= 1)");
    }
    Lane lane = new Lane(Math.max(4, capacity), listener, signal);
    lanes.add(lane);
    return lane;
  }

  /** Newest share on disk, 0 when there is none. */
  public long lastDurableSequence() {
    return journal.lastSequence();
  }

  /** What the writer does now, and its counters. */
  public WriterStatus status() {
    return status;
  }

  private void run() {
    boolean finished = false;
    try {
      while (!finished) {
        finished = step();
      }
    } finally {
      if (!finished) {
        // Only an Error comes here. Offers fail from now on, and what was taken is refused.
        signal.closing();
        refusing(new IOException("the share writer died; restart the pool"));
      }
    }
  }

  /** One group, or one look at a broken disk. Returns true when there is nothing more to do. */
  private boolean step() {
    boolean closing = signal.isClosing();
    try {
      if (status.state() == State.REFUSING) {
        refuseAndRetry(closing);
      } else if (!writeGroup() && !closing) {
        park(IDLE_PARK_NANOS);
      }
    } catch (RuntimeException e) {
      log.error("the share writer met a fault of its own", e);
      failed(new IOException("internal fault of the share writer", e));
    }
    return closing && lanes.stream().allMatch(Lane::isEmpty);
  }

  /** Returns false when there was nothing to write. */
  private boolean writeGroup() {
    group.clear();
    int limit = journal.room();
    long deadline = 0;
    Cause cause;
    while (true) {
      int before = group.size();
      collect(limit);
      if (group.isEmpty()) {
        return false;
      }
      long now = nanoTime.getAsLong();
      if (before == 0) {
        deadline = now + settings.groupTime().toNanos();
      }
      if (group.size() == limit) {
        cause = Cause.FULL;
        break;
      }
      if (group.size() == before) {
        cause = Cause.IDLE;
        break;
      }
      if (now - deadline >= 0) {
        cause = Cause.TIMED;
        break;
      }
    }
    commit(cause);
    return true;
  }

  private enum Cause {
    FULL,
    TIMED,
    IDLE
  }

  /** One round over the lanes, beginning with another lane each time so that none starves. */
  private void collect(int limit) {
    int count = lanes.size();
    for (int i = 0; i < count && group.size() < limit; i++) {
      lanes.get((firstLane + i) % count).take(group, limit - group.size());
    }
    if (count > 0) {
      firstLane = (firstLane + 1) % count;
    }
  }

  private void commit(Cause cause) {
    List<ShareRecord> ordered = byLane();
    long start = nanoTime.getAsLong();
    try {
      journal.append(ordered);
    } catch (IOException e) {
      failed(e);
      return;
    }
    long nanos = nanoTime.getAsLong() - start;
    long sequence = journal.lastSequence() - ordered.size() + 1;
    WriterStatus s = status;
    status =
        new WriterStatus(
            State.RUNNING,
            null,
            journal.lastSequence(),
            s.sharesDurable() + ordered.size(),
            s.sharesRefused(),
            s.groupsFull() + (cause == Cause.FULL ? 1 : 0),
            s.groupsTimed() + (cause == Cause.TIMED ? 1 : 0),
            s.groupsIdle() + (cause == Cause.IDLE ? 1 : 0),
            s.failures(),
            s.forceNanos() + nanos,
            Math.max(s.forceNanosMax(), nanos));
    for (Lane lane : lanes) {
      int count = lane.takenCount();
      if (count > 0) {
        lane.acknowledge(sequence);
        sequence += count;
      }
    }
  }

  /** A lane may have given shares in several rounds; in the journal they stand together. */
  private List<ShareRecord> byLane() {
    group.clear();
    for (Lane lane : lanes) {
      lane.appendTaken(group);
    }
    return group;
  }

  private void failed(IOException cause) {
    log.error("cannot store shares, refusing them until the disk recovers: {}", cause.toString());
    refusing(cause);
    retryPauseNanos = settings.retryMin().toNanos();
    retryAtNanos = nanoTime.getAsLong() + retryPauseNanos;
    refuse(cause, false);
  }

  private void refuseAndRetry(boolean closing) {
    IOException cause = status.cause();
    if (cause == null) {
      cause = new IOException("the journal is not writable");
    }
    refuse(cause, true);
    long wait = retryAtNanos - nanoTime.getAsLong();
    if (closing || wait > 0) {
      if (!closing) {
        park(wait);
      }
      return;
    }
    try {
      journal.repair();
    } catch (IOException e) {
      refusing(e);
      retryPauseNanos = Math.min(retryPauseNanos * 2, settings.retryMax().toNanos());
      retryAtNanos = nanoTime.getAsLong() + retryPauseNanos;
      return;
    }
    log.info("the disk takes shares again, from share {}", journal.lastSequence() + 1);
    WriterStatus s = status;
    status = with(s, State.RUNNING, null, s.sharesRefused(), s.failures());
  }

  private void refusing(IOException cause) {
    WriterStatus s = status;
    status = with(s, State.REFUSING, cause, s.sharesRefused(), s.failures() + 1);
  }

  private void refuse(IOException cause, boolean queued) {
    int count = 0;
    for (Lane lane : lanes) {
      count += queued ? lane.refuseQueued(cause) : lane.refuseTaken(cause);
    }
    if (count > 0) {
      WriterStatus s = status;
      status = with(s, s.state(), s.cause(), s.sharesRefused() + count, s.failures());
    }
  }

  private WriterStatus with(
      WriterStatus s, State state, @Nullable IOException cause, long refused, long failures) {
    return new WriterStatus(
        state,
        cause,
        journal.lastSequence(),
        s.sharesDurable(),
        refused,
        s.groupsFull(),
        s.groupsTimed(),
        s.groupsIdle(),
        failures,
        s.forceNanos(),
        s.forceNanosMax());
  }

  private void park(long nanos) {
    signal.parking(true);
    try {
      if (!signal.isClosing() && lanes.stream().allMatch(Lane::isEmpty)) {
        LockSupport.parkNanos(this, nanos);
      }
    } finally {
      signal.parking(false);
    }
  }

  /**
   * Stores and acknowledges what was taken, then closes the journal. Producers should have stopped;
   * a share offered meanwhile is refused, never lost without a word.
   */
  @Override
  public void close() throws IOException {
    signal.closing();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    signal.ended();
    IOException closed = new IOException("the share writer is closed");
    for (Lane lane : lanes) {
      lane.refuseQueued(closed);
    }
    WriterStatus s = status;
    status = with(s, State.CLOSED, closed, s.sharesRefused(), s.failures());
    journal.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
