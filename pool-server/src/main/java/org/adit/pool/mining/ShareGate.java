package org.adit.pool.mining;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.adit.accounting.journal.Ack;
import org.adit.accounting.journal.AckListener;
import org.adit.accounting.journal.ShareLane;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.journal.ShareWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's way into the share journal. Shares go in on the loop; what became of them comes
 * back on the loop, in order, after the journal was forced to disk.
 *
 * <p>When the journal is slow the gate fills. It never drops: sessions look at {@link #hasRoom}
 * before they read on, and are woken when there is room again.
 */
public final class ShareGate {
  /** A share on its way to disk. Both methods run on the event loop. */
  public interface Pending {
    /** The share is on disk under this sequence. */
    void durable(long sequence);

    /** The disk did not take the share. */
    void refused();
  }

  private static final Logger LOG = LoggerFactory.getLogger(ShareGate.class);

  /** Room kept so that a burst already read can always be finished. */
  private static final int RESERVE = 1_024;

  private record Deferred(ShareRecord share, Pending pending) {}

  private final ShareLane lane;
  private final ArrayDeque<Deferred> deferred = new ArrayDeque<>();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

  /**
   * Opens a lane.
   *
   * @param writer the journal's writer
   * @param capacity shares under way at most, more than 1 024
   * @param loop runs tasks on the event loop this gate belongs to
   */
  public ShareGate(ShareWriter writer, int capacity, Executor loop) {
    if (capacity <= RESERVE) {
      throw new IllegalArgumentException(
          "capacity is " + capacity + " shares (expected: > " + RESERVE + ")");
    }
    this.lane =
        writer.openLane(
            capacity,
            new AckListener() {
              @Override
              public void durable(List<Ack> acks) {
                onLoop(loop, () -> complete(acks, true));
              }

              @Override
              public void refused(List<Ack> shares, IOException cause) {
                onLoop(loop, () -> complete(shares, false));
              }
            });
  }

  // When the pool stops its loops end before the journal does. The shares are safe; only their
  // miners, who are gone, do not hear of it.
  private static void onLoop(Executor loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("acknowledgements came after the event loop had ended", e);
    }
  }

  /** Whether another share may be taken. */
  public boolean hasRoom() {
    return deferred.isEmpty() && lane.free() > RESERVE;
  }

  /** Runs a task once when there is room again. */
  public void whenRoom(Runnable task) {
    waiting.add(task);
  }

  /** Puts a share on its way. Callers checked {@link #hasRoom} or carry a block candidate. */
  public void offer(ShareRecord share, Pending pending) {
    if (!deferred.isEmpty() || !lane.offer(share, pending)) {
      deferred.add(new Deferred(share, pending));
    }
  }

  private void complete(List<Ack> acks, boolean durable) {
    for (Ack ack : acks) {
      Pending pending = (Pending) Objects.requireNonNull(ack.attachment());
      if (durable) {
        pending.durable(ack.sequence());
      } else {
        pending.refused();
      }
    }
    while (!deferred.isEmpty()
        && lane.offer(deferred.element().share(), deferred.element().pending())) {
      deferred.remove();
    }
    for (int left = waiting.size(); left > 0 && hasRoom(); left--) {
      waiting.remove().run();
    }
  }
}
