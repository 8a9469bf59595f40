package org.adit.pool.recall;

import java.util.List;
import org.adit.hasher.Difficulty;

/**
 * What was written down of a connection that is gone.
 *
 * @param sessionId the number behind the session id
 * @param prefix its extranonce prefix
 * @param account whom it mined for
 * @param endedAtMillis when it ended, or was last known to be there
 * @param jobs what it was given, the eldest first
 */
public record PastSeat(
    long sessionId, int prefix, String account, long endedAtMillis, List<Job> jobs) {

  /**
   * One job given.
   *
   * @param id of the job
   * @param sentAtMillis when
   * @param versionMask bits that may be rolled on it
   * @param difficulty announced for it
   */
  public record Job(long id, long sentAtMillis, int versionMask, Difficulty difficulty) {}
}
