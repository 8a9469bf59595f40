package org.adit.load;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends the shares of one event loop's connections when they are due. A share's time is the time it
 * was due by plan, not the time a late loop came to send it: a slow answer then also counts against
 * the shares that waited behind it, which is what "free of coordinated omission" means.
 */
final class Pacer {
  private static final long TICK_NANOS = 1_000_000;

  private final LoadRun run;
  private final EventLoop loop;
  private final List<LoadConnection> connections;
  private final double perTick;
  private final List<LoadConnection> touched = new ArrayList<>();
  private long nextTickNanos;
  private double owed;
  private int next;

  /**
   * @param perSecond shares of all these connections together
   */
  Pacer(LoadRun run, EventLoop loop, List<LoadConnection> connections, double perSecond) {
    this.run = run;
    this.loop = loop;
    this.connections = connections;
    this.perTick = perSecond * TICK_NANOS / 1e9;
  }

  /** Begins; to be called once, on any thread. */
  void start() {
    nextTickNanos = System.nanoTime() + TICK_NANOS;
    loop.execute(this::tick);
  }

  private void tick() {
    long now = System.nanoTime();
    while (now - nextTickNanos >= 0) {
      send(nextTickNanos);
      nextTickNanos += TICK_NANOS;
    }
    touched.forEach(LoadConnection::flush);
    touched.clear();
    if (run.sending()) {
      long wait = Math.max(0, nextTickNanos - System.nanoTime());
      var _ = loop.schedule(this::tick, wait, TimeUnit.NANOSECONDS);
    }
  }

  private void send(long dueNanos) {
    owed += perTick;
    while (owed >= 1) {
      owed--;
      LoadConnection connection = connections.get(next);
      next = (next + 1) % connections.size();
      if (!connection.maySend()) {
        // The pool owes it a thousand answers; what is not sent now is an answer that never comes.
        run.tally().sent(dueNanos);
        run.tally().unanswered(dueNanos);
      } else if (connection.send(dueNanos)) {
        touched.add(connection);
      } else {
        run.tally().starved(dueNanos);
      }
    }
  }
}
