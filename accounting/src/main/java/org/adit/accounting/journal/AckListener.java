package org.adit.accounting.journal;

import java.io.IOException;
import java.util.List;

/**
 * Hears what became of a lane's shares. Called on the writer thread, once per group and lane, in
 * the order the shares were offered; it must not block, and hands the list on to its own thread.
 * Every share taken by {@link ShareLane#offer} is reported exactly once, by one method or the
 * other.
 */
public interface AckListener {

  /** These shares are on disk and will be paid whatever dies next. */
  void durable(List<Ack> acks);

  /**
   * These shares are not stored and never will be; the miner must not be told they were accepted.
   *
   * @param cause why: disk full, failed force, or the writer is closed
   */
  void refused(List<Ack> shares, IOException cause);
}
