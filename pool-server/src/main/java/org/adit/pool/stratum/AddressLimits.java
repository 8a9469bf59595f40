package org.adit.pool.stratum;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds how many connections one address holds and how fast it opens them. Remembers addresses
 * with open connections, and others until their rate has recovered. Thread-safe.
 */
final class AddressLimits {
  /** What is remembered at most; beyond it the idle ones are forgotten early. */
  private static final int ADDRESSES = 65_536;

  private static final class Visitor {
    final TokenBucket rate;
    int open;
    long lastMillis;

    Visitor(TokenBucket rate) {
      this.rate = rate;
    }
  }

  private final int connections;
  private final int perSecond;
  private final Map<InetAddress, Visitor> visitors = new HashMap<>();

  AddressLimits(int connections, int perSecond) {
    this.connections = connections;
    this.perSecond = perSecond;
  }

  /** Lets a connection in, which is then given back by {@link #leave}; false refuses it. */
  synchronized boolean enter(InetAddress address, long nowMillis) {
    if (visitors.size() >= ADDRESSES) {
      forgetIdle(nowMillis, 0);
    }
    Visitor visitor =
        visitors.computeIfAbsent(
            address, key -> new Visitor(new TokenBucket(perSecond, perSecond, nowMillis)));
    visitor.lastMillis = nowMillis;
    if (visitor.open >= connections || !visitor.rate.take(nowMillis)) {
      return false;
    }
    visitor.open++;
    return true;
  }

  /** A connection that was let in has ended. */
  synchronized void leave(InetAddress address) {
    Visitor visitor = visitors.get(address);
    if (visitor != null) {
      visitor.open--;
    }
  }

  /** Forgets addresses that have been quiet long enough for their rate to have recovered. */
  synchronized void forgetIdle(long nowMillis, long quietMillis) {
    visitors
        .values()
        .removeIf(visitor -> visitor.open == 0 && nowMillis - visitor.lastMillis >= quietMillis);
  }
}
