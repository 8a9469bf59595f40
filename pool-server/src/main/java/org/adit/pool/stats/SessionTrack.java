package org.adit.pool.stats;

import org.adit.pool.mining.ChannelMeter;

/** One connection's figures over time. Written by the sampler. */
final class SessionTrack {
  private final History history;
  private long shares;
  private double work;

  SessionTrack(Coverage coverage) {
    this.history = new History(coverage);
  }

  History history() {
    return history;
  }

  void sample(ChannelMeter.Figures now, long atMillis) {
    if (now.shares() > shares) {
      double more = now.work() - work;
      long count = now.shares() - shares;
      history.add(atMillis, new Sum(count, more, more * more / count, 0));
      shares = now.shares();
      work = now.work();
    }
  }
}
