package org.adit.pool.bitcoind;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * Decides which of several nodes the pool works with: the first that is well and whose tip has the
 * most work behind it. It stays with the one it has while that is so, except that a node before it
 * in the order is taken back after it has been well for a while. Knows no clock and no node; used
 * by one thread at a time.
 */
final class NodeChoice {
  /** How long nodes that are asked for the first time may keep those after them waiting. */
  static final long START_PATIENCE_MILLIS = 1_000;

  /**
   * How long the tip of a node that went away still counts. It may have been invalid for the
   * others, and it is no use to wait for it forever.
   */
  static final long TIP_REMEMBERED_MILLIS = 60_000;

  /** A node may hear of a block this much later than another and still count as well. */
  static final long LATE_MILLIS = 2_000;

  private static final long NEVER = Long.MAX_VALUE;

  /**
   * What is known of one node.
   *
   * @param undecided nothing is known of it yet
   * @param well it serves templates, and answers in time
   * @param lastWellMillis when it was well last
   * @param work expected hashes behind the tip it served last; zero before
   */
  record Health(boolean undecided, boolean well, long lastWellMillis, BigInteger work) {}

  private final long comebackMillis;
  private final long beganMillis;
  private final long[] wellSinceMillis;
  private final long[] behindSinceMillis;
  private int current = -1;

  /**
   * @param nodes how many there are
   * @param comebackMillis how long a node before the current one must have been well and at the
   *     best tip
   * @param nowMillis on the same clock as later
   */
  NodeChoice(int nodes, long comebackMillis, long nowMillis) {
    this.comebackMillis = comebackMillis;
    this.beganMillis = nowMillis;
    this.wellSinceMillis = new long[nodes];
    this.behindSinceMillis = new long[nodes];
    Arrays.fill(wellSinceMillis, NEVER);
    Arrays.fill(behindSinceMillis, NEVER);
  }

  /** The most work behind a tip that nodes have, or had a short while ago. */
  static BigInteger bestWork(List<Health> nodes, long nowMillis) {
    BigInteger best = BigInteger.ZERO;
    for (Health node : nodes) {
      if (node.well() || nowMillis - node.lastWellMillis() <= TIP_REMEMBERED_MILLIS) {
        best = best.max(node.work());
      }
    }
    return best;
  }

  /**
   * Looks at the nodes, in order of preference.
   *
   * @return the index of the node to work with; -1 as long as there never was one
   */
  int choose(List<Health> nodes, long nowMillis) {
    BigInteger best = bestWork(nodes, nowMillis);
    for (int i = 0; i < nodes.size(); i++) {
      note(i, nodes.get(i), best, nowMillis);
    }
    if (current < 0 || !isGood(nodes.get(current), best)) {
      current = firstGood(nodes, best, nowMillis);
      return current;
    }
    for (int i = 0; i < current; i++) {
      if (isGood(nodes.get(i), best)
          && wellSinceMillis[i] != NEVER
          && nowMillis - wellSinceMillis[i] >= comebackMillis) {
        current = i;
      }
    }
    return current;
  }

  private void note(int i, Health node, BigInteger best, long nowMillis) {
    boolean behind = node.work().compareTo(best) < 0;
    behindSinceMillis[i] = behind ? Math.min(behindSinceMillis[i], nowMillis) : NEVER;
    boolean lateOnly = !behind || nowMillis - behindSinceMillis[i] <= LATE_MILLIS;
    wellSinceMillis[i] = node.well() && lateOnly ? Math.min(wellSinceMillis[i], nowMillis) : NEVER;
  }

  private static boolean isGood(Health node, BigInteger best) {
    return node.well() && node.work().compareTo(best) >= 0;
  }

  private int firstGood(List<Health> nodes, BigInteger best, long nowMillis) {
    for (int i = 0; i < nodes.size(); i++) {
      if (isGood(nodes.get(i), best)) {
        return i;
      }
      if (current < 0
          && nodes.get(i).undecided()
          && nowMillis - beganMillis < START_PATIENCE_MILLIS) {
        return -1;
      }
    }
    return current;
  }
}
