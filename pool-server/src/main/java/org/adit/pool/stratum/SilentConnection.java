package org.adit.pool.stratum;

import io.netty.channel.Channel;
import org.adit.pool.work.Work;

/** A connection that has not said anything yet; closed when that lasts too long. */
final class SilentConnection implements Session {
  private final Channel channel;
  private final SessionContext context;
  private final long sinceMillis;

  SilentConnection(Channel channel, SessionContext context, long sinceMillis) {
    this.channel = channel;
    this.context = context;
    this.sinceMillis = sinceMillis;
  }

  @Override
  public void onWork(Work work) {}

  @Override
  public void onTick(long nowMillis) {
    boolean spoke = channel.pipeline().get(FirstBytes.class) == null;
    if (spoke || !channel.isOpen()) {
      context.sessions().remove(this);
    } else if (nowMillis - sinceMillis > context.limits().subscribeMillis()) {
      close("said nothing");
    }
  }

  @Override
  public void show(String text) {
    // It has not said yet what it understands.
  }

  @Override
  public void sendAway() {
    // Nothing keeps it here.
  }

  @Override
  public void close(String reason) {
    if (channel.pipeline().get(FirstBytes.class) != null) {
      var _ = channel.close();
    }
    context.sessions().remove(this);
  }
}
