package org.adit.pool.mining;

import java.net.InetAddress;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who is kept out for a while after a flood of invalid shares: an account at an address for 60 s,
 * then 5 min, then 30 min. A whole address only when three accounts on it behave so: farms and
 * proxies share one (Stratum V1 specification 12). Bounded; thread-safe.
 */
public final class BanList {
  private static final long[] BAN_MILLIS = {60_000, 300_000, 1_800_000};
  private static final long FORGIVEN_MILLIS = 24 * 3_600_000L;
  private static final int ACCOUNTS_FOR_ADDRESS = 3;
  private static final int KEPT = 65_536;

  private record Offender(InetAddress address, String account) {}

  private record Ban(int strikes, long atMillis, long untilMillis) {}

  private final Clock clock;
  private final Map<Offender, Ban> bans =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Offender, Ban> eldest) {
          return size() > KEPT;
        }
      };
  // Kept apart, because nothing that an event loop does may walk through all bans.
  private final Map<InetAddress, Map<String, Long>> accounts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Map<String, Long>> eldest) {
          return size() > KEPT;
        }
      };
  private final Map<InetAddress, Long> addresses =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
          return size() > KEPT;
        }
      };

  /** An empty list. */
  public BanList(Clock clock) {
    this.clock = clock;
  }

  /**
   * Keeps an account at an address out.
   *
   * @return for how long, in milliseconds
   */
  public synchronized long ban(InetAddress address, String account) {
    long now = clock.millis();
    Offender offender = new Offender(address, account);
    Ban before = bans.remove(offender);
    int strikes =
        before == null || now - before.atMillis() > FORGIVEN_MILLIS ? 0 : before.strikes();
    long length = BAN_MILLIS[Math.min(strikes, BAN_MILLIS.length - 1)];
    bans.put(offender, new Ban(strikes + 1, now, now + length));
    if (reachesBound(address, account, now + length)) {
      addresses.put(address, now + length);
    }
    return length;
  }

  /** How long an account is still kept out at an address, in milliseconds; 0 when it is not. */
  public synchronized long remainingMillis(InetAddress address, String account) {
    Ban ban = bans.get(new Offender(address, account));
    return ban == null ? 0 : Math.max(0, ban.untilMillis() - clock.millis());
  }

  /** Whether a whole address is kept out. */
  public synchronized boolean isBanned(InetAddress address) {
    Long until = addresses.get(address);
    if (until == null) {
      return false;
    }
    if (until <= clock.millis()) {
      addresses.remove(address);
      return false;
    }
    return true;
  }

  /** Whether so many accounts are kept out at an address that it is the address's doing. */
  private boolean reachesBound(InetAddress address, String account, long untilMillis) {
    long now = clock.millis();
    Map<String, Long> there = accounts.computeIfAbsent(address, key -> new HashMap<>(4));
    there.values().removeIf(until -> until <= now);
    // More than the bound says nothing more, so more are not kept.
    if (there.size() < ACCOUNTS_FOR_ADDRESS || there.containsKey(account)) {
      there.put(account, untilMillis);
    }
    return there.size() >= ACCOUNTS_FOR_ADDRESS;
  }
}
