package org.adit.accounting.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lane as the writer sees it: the queue, and the acks of the group being written. */
final class Lane implements ShareLane {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  private record Offered(ShareRecord share, @Nullable Object attachment) {}

  // The atomic flavour: the plain one rests on sun.misc.Unsafe, which JDK 25 warns about.
  private final SpscAtomicArrayQueue<Offered> queue;
  private final AckListener listener;
  private final WriterSignal signal;

  /** Touched by the consumer only: the writer thread, or the closing thread after it ended. */
  private List<Offered> taken = new ArrayList<>();

  Lane(int capacity, AckListener listener, WriterSignal signal) {
    this.queue = new SpscAtomicArrayQueue<>(capacity);
    this.listener = listener;
    this.signal = signal;
  }

  @Override
  public boolean offer(ShareRecord share, @Nullable Object attachment) {
    if (signal.isClosing() || !queue.offer(new Offered(share, attachment))) {
      return false;
    }
    signal.wake();
    if (signal.isEnded()) {
      refuseQueued(new IOException("the share writer is closed"));
    }
    return true;
  }

  @Override
  public int free() {
    return queue.capacity() - queue.size();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Moves up to {@code max} shares into the group. Writer thread only. */
  int take(List<ShareRecord> group, int max) {
    int count = 0;
    while (count < max) {
      Offered next = queue.poll();
      if (next == null) {
        break;
      }
      taken.add(next);
      group.add(next.share());
      count++;
    }
    return count;
  }

  /** Adds the taken shares to the group in the order they were offered. */
  void appendTaken(List<ShareRecord> group) {
    for (Offered one : taken) {
      group.add(one.share());
    }
  }

  int takenCount() {
    return taken.size();
  }

  /**
   * The taken shares are durable from that sequence on; the group keeps a lane's shares together.
   */
  void acknowledge(long firstSequence) {
    List<Ack> acks = new ArrayList<>(taken.size());
    for (int i = 0; i < taken.size(); i++) {
      acks.add(new Ack(firstSequence + i, taken.get(i).share(), taken.get(i).attachment()));
    }
    taken = new ArrayList<>();
    try {
      listener.durable(acks);
    } catch (RuntimeException e) {
      // One lane's fault must not cost the others their acknowledgements.
      log.error("an acknowledgement listener failed", e);
    }
  }

  /** Refuses what was taken for the failed group. */
  int refuseTaken(IOException cause) {
    if (taken.isEmpty()) {
      return 0;
    }
    List<Ack> acks = new ArrayList<>(taken.size());
    for (Offered one : taken) {
      acks.add(new Ack(0, one.share(), one.attachment()));
    }
    taken = new ArrayList<>();
    try {
      listener.refused(acks, cause);
    } catch (RuntimeException e) {
      log.error("a refusal listener failed", e);
    }
    return acks.size();
  }

  /** Refuses everything queued; safe from any thread once the writer thread has ended. */
  synchronized int refuseQueued(IOException cause) {
    List<ShareRecord> ignored = new ArrayList<>();
    // At most one queue full: a producer as fast as this loop must not keep it here for ever.
    take(ignored, queue.capacity());
    return refuseTaken(cause);
  }

  /** How lanes wake the writer and learn of its end. */
  static final class WriterSignal {
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile boolean parked;
    private volatile @Nullable Thread writer;

    void bind(Thread thread) {
      writer = thread;
    }

    boolean isClosing() {
      return closing;
    }

    boolean isEnded() {
      return ended;
    }

    void closing() {
      closing = true;
      LockSupport.unpark(writer);
    }

    void ended() {
      ended = true;
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(writer);
      }
    }

    /** Declares the intention to park; the caller looks at the lanes once more before it does. */
    void parking(boolean value) {
      parked = value;
    }
  }
}
