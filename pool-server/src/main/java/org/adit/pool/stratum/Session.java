package org.adit.pool.stratum;

import org.adit.pool.work.Work;

/** An open connection, whatever protocol it speaks. Methods run on its event loop. */
public interface Session {
  /** There is new work; a session that mines sends it on. */
  void onWork(Work work);

  /** Looks at the clock; called about once a second. */
  void onTick(long nowMillis);

  /**
   * Ends the connection.
   *
   * @param reason for the log, without anything received
   */
  void close(String reason);
}
