package org.adit.pool.web;

/** What an operator may have the pool do. Thread-safe; all of it returns at once. */
public interface PoolActions {
  /**
   * Shows every miner a line, if it can show one.
   *
   * @throws IllegalArgumentException when it is not one line of printable ASCII of bounded length,
   *     saying the bound
   */
  void show(String text);

  /**
   * Asks every miner to connect anew, spread over some time.
   *
   * @param overSeconds 0 to 3 600
   * @throws IllegalArgumentException when it is anything else
   */
  void sendAway(int overSeconds);
}
