package org.adit.miner;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Where the newest work hangs. One thread puts it up, the searching ones look. */
final class WorkBoard {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile @Nullable MinerWork current;
  private volatile boolean closed;

  /** Hangs up new work; null takes the old one down. */
  void publish(@Nullable MinerWork work) {
    lock.lock();
    try {
      current = work;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether this is still the newest work. Cheap: scanners ask all the time. */
  boolean isCurrent(MinerWork work) {
    return current == work && !closed;
  }

  @Nullable MinerWork current() {
    return current;
  }

  /** Sends everybody home. */
  void close() {
    closed = true;
    publish(null);
  }

  /**
   * Waits for work other than what the thread has used up.
   *
   * @return null when the board was closed
   */
  @Nullable MinerWork await(@Nullable MinerWork usedUp) throws InterruptedException {
    lock.lock();
    try {
      while (!closed && (current == null || current == usedUp)) {
        changed.await();
      }
      return closed ? null : current;
    } finally {
      lock.unlock();
    }
  }
}
