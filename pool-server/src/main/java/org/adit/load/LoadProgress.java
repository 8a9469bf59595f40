package org.adit.load;

/** Hears how a run goes on; called on one thread. */
public interface LoadProgress {
  /** A part of the run begins or ended. */
  void phase(String text);

  /**
   * A second has passed.
   *
   * @param connected open connections that have work
   * @param done shares or sessions completed since the measurement began
   * @param perSecond the same in the last second
   * @param rejected shares refused since the measurement began
   */
  void second(int connected, long done, long perSecond, long rejected);
}
