package org.adit.load;

import java.net.InetSocketAddress;
import java.util.OptionalLong;

/**
 * What a load run does.
 *
 * @param target the pool's port, resolved
 * @param mode what connections do
 * @param connections open at once
 * @param rate shares or sessions per second of all connections together; 0 sends the next one as
 *     soon as an earlier one was answered
 * @param warmUpSeconds at the begin, not counted
 * @param seconds measured
 * @param user as authorised
 * @param password as authorised
 * @param window unanswered shares of one connection when {@code rate} is 0
 * @param connectsPerSecond pace of opening them; 0 as fast as it goes
 * @param eventLoops threads that read and write
 * @param searchers threads that look for shares
 * @param sources local addresses the connections come from, on a loopback target only
 * @param pid process whose processor time and memory are read from {@code /proc}
 * @param blockEverySeconds time between two blocks asked of the block source
 * @param workers names the connections share among them, {@code user} up to its first dot and then
 *     {@code .w1}, {@code .w2} and so on; 0 when all are {@code user}
 */
public record LoadOptions(
    InetSocketAddress target,
    LoadMode mode,
    int connections,
    double rate,
    int warmUpSeconds,
    int seconds,
    String user,
    String password,
    int window,
    int connectsPerSecond,
    int eventLoops,
    int searchers,
    int sources,
    OptionalLong pid,
    int blockEverySeconds,
    int workers) {

  /** Checks the ranges. */
  public LoadOptions {
    check("connections", connections, 1, 1_000_000);
    check("seconds", seconds, 1, 86_400);
    check("warm-up", warmUpSeconds, 0, 600);
    check("window", window, 1, 1_024);
    check("threads", eventLoops, 1, 256);
    check("searchers", searchers, 1, 256);
    check("sources", sources, 1, 60_000);
    check("connects per second", connectsPerSecond, 0, 1_000_000);
    check("seconds between blocks", blockEverySeconds, 1, 86_400);
    check("workers", workers, 0, 1_000_000);
    if (!(rate >= 0 && rate <= 10_000_000)) {
      throw new IllegalArgumentException("rate is " + rate + " (expected: 0 to 10000000)");
    }
    if (target.isUnresolved()) {
      throw new IllegalArgumentException("no such host: " + target.getHostString());
    }
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  /**
   * Whom a connection authorises as.
   *
   * @param index of the connection, from 0
   */
  String user(int index) {
    if (workers == 0) {
      return user;
    }
    int dot = user.indexOf('.');
    return (dot < 0 ? user : user.substring(0, dot)) + ".w" + (1 + index % workers);
  }

  /** Whether the next share waits for an answer instead of its time. */
  boolean closedLoop() {
    return rate == 0;
  }
}
