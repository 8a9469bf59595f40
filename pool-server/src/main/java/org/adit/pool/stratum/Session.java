package org.adit.pool.stratum;

import org.adit.pool.work.Work;

/** An open connection, whatever protocol it speaks. Methods run on its event loop. */
public interface Session {
  /** Longest message shown, in characters. */
  int MAX_MESSAGE = 120;

  /** There is new work; a session that mines sends it on. */
  void onWork(Work work);

  /** Looks at the clock; called about once a second. */
  void onTick(long nowMillis);

  /**
   * Shows the people at the miner a line, where the protocol and the miner can.
   *
   * @param text printable ASCII, at most {@link #MAX_MESSAGE} characters
   */
  void show(String text);

  /**
   * Asks the miner to connect anew: an operator's act only, because nobody on the way can be told
   * from the pool on a plain connection. Miners that do not know the request stay.
   */
  void sendAway();

  /**
   * Ends the connection.
   *
   * @param reason for the log, without anything received
   */
  void close(String reason);
}
