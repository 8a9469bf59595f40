package org.adit.pool.stratum.v1;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Collects the sessions of one event loop that have something to send and lets each write it in one
 * piece at the end of the loop's turn: the answers to a burst of lines, the answers a group of
 * shares gets from the disk, a difficulty with its job. A packet for each line would cost a system
 * call for each. Used on its event loop.
 */
final class Turn {
  private final Executor loop;
  private List<V1Session> waiting = new ArrayList<>();
  private List<V1Session> writing = new ArrayList<>();

  /**
   * @param loop runs tasks on the event loop, after what it is doing now
   */
  Turn(Executor loop) {
    this.loop = loop;
  }

  /** Has a session's {@link V1Session#flush} called at the end of this turn. */
  void add(V1Session session) {
    if (waiting.isEmpty()) {
      loop.execute(this::end);
    }
    waiting.add(session);
  }

  private void end() {
    List<V1Session> now = waiting;
    waiting = writing;
    writing = now;
    now.forEach(V1Session::flush);
    now.clear();
  }
}
