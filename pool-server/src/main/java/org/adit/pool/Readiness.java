package org.adit.pool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.adit.pool.bitcoind.NodeState;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.stratum.StratumServer;
import org.adit.pool.web.PoolReadiness;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether miners are let in. A pool that has nothing true to mine closes its ports, so that
 * miners go to their next pool instead of working for nothing (Stratum V1 specification 6.8).
 */
final class Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
  // A node that restarts is back within this; until then the last job is as good as any.
  private static final long NODE_AWAY_MILLIS = 120_000;
  // Work on an old tip is worth nothing; but a node may take some seconds to make the new work.
  private static final long TIP_MOVED_MILLIS = 10_000;
  private static final long TIP_MAY_MOVE_MILLIS = 2_000;
  private static final Duration REFRESH_MAY_TAKE = Duration.ofSeconds(30);

  private final JobBook jobs;
  private final StratumServer server;
  private final List<ListenerSettings> listeners;
  private final Clock clock;
  private final Supplier<@Nullable String> hold;
  private final List<InetSocketAddress> addresses = new ArrayList<>();
  private final BooleanSupplier tipMoved;
  private final Duration freshFor;
  private boolean open;
  private String whyClosed = "no node has given a template yet";
  private long lastReadyMillis;
  private long tipMovedSinceMillis = Long.MAX_VALUE;

  /**
   * Begins closed.
   *
   * @param hold why miners must not be let in although the node is ready, null when they may
   * @param tipMoved whether the tip is known to have moved on from what is mined
   * @param refresh how often a template is fetched when all is well
   */
  Readiness(
      JobBook jobs,
      StratumServer server,
      List<ListenerSettings> listeners,
      Clock clock,
      Supplier<@Nullable String> hold,
      BooleanSupplier tipMoved,
      Duration refresh) {
    this.jobs = jobs;
    this.server = server;
    this.listeners = new ArrayList<>(listeners);
    this.clock = clock;
    this.hold = hold;
    this.tipMoved = tipMoved;
    this.freshFor = refresh.plus(REFRESH_MAY_TAKE);
    this.lastReadyMillis = clock.millis();
  }

  synchronized List<InetSocketAddress> addresses() {
    return List.copyOf(addresses);
  }

  /** What is wrong now, if anything. */
  synchronized PoolReadiness report(NodeState state) {
    Work work = jobs.current();
    List<String> reasons = new ArrayList<>();
    String held = hold.get();
    if (held != null) {
      reasons.add(held);
    } else if (!open) {
      reasons.add(whyClosed);
    }
    if (!state.isReady() && !reasons.contains(state.text())) {
      reasons.add(state.text());
    }
    if (work != null) {
      long ageSeconds = Duration.between(work.template().receivedAt(), clock.instant()).toSeconds();
      if (ageSeconds > freshFor.toSeconds()) {
        reasons.add(
            "the work is "
                + ageSeconds
                + " s old (expected: at most "
                + freshFor.toSeconds()
                + " s)");
      }
      if (clock.millis() - TIP_MAY_MOVE_MILLIS > tipMovedSinceMillis) {
        reasons.add("the chain has a newer tip than the one that is mined");
      }
    }
    return new PoolReadiness(
        reasons.isEmpty(),
        open,
        reasons,
        Optional.ofNullable(work).map(now -> now.template().receivedAt()));
  }

  synchronized void onState(NodeState state) {
    tick(state);
  }

  /** Looks at the node's state; called on each change and about once a second. */
  synchronized void tick(NodeState state) {
    long now = clock.millis();
    boolean moved = tipMoved.getAsBoolean();
    tipMovedSinceMillis = moved ? Math.min(tipMovedSinceMillis, now) : Long.MAX_VALUE;
    String held = hold.get();
    if (held != null) {
      if (open) {
        close(held);
      }
    } else if (open && moved && now - tipMovedSinceMillis > TIP_MOVED_MILLIS) {
      close("the chain has a newer tip than the one that is mined, and no node gives work on it");
    } else if (state.isReady()) {
      lastReadyMillis = now;
      if (!open && !moved && jobs.current() != null) {
        open();
      }
    } else if (open && (isHopeless(state) || now - lastReadyMillis > NODE_AWAY_MILLIS)) {
      close(state.text());
    }
  }

  /** States in which the last job is known to be wrong, or nobody should mine. */
  private static boolean isHopeless(NodeState state) {
    return switch (state.kind()) {
      case WRONG_CHAIN, UNSUPPORTED_FORK, REFUSED_TEMPLATE, CLOCK_WRONG -> true;
      case STARTING, WARMING_UP, INITIAL_DOWNLOAD, NO_PEERS, UNREACHABLE, LOGIN_REFUSED, READY ->
          false;
    };
  }

  private void open() {
    try {
      for (int i = addresses.size(); i < listeners.size(); i++) {
        ListenerSettings wanted = listeners.get(i);
        InetSocketAddress address = server.listen(wanted);
        addresses.add(address);
        // A free port chosen once is kept, so that miners find the pool again.
        listeners.set(i, wanted.withPort(address.getPort()));
        LOG.info("miners connect to {}:{}", address.getHostString(), address.getPort());
      }
      open = true;
    } catch (IOException e) {
      LOG.error("{}; trying again", e.getMessage());
    }
  }

  private void close(String why) {
    if (why.isEmpty()) {
      throw new IllegalArgumentException("ports are closed without a reason");
    }
    LOG.error("nothing true to mine: {}. Closing the ports until that has changed", why);
    open = false;
    whyClosed = why;
    jobs.withdraw();
    server.stopListening();
    addresses.clear();
    server.disconnectAll("nothing to mine");
  }
}
