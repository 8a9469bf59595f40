package org.adit.pool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.adit.pool.bitcoind.NodeState;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.stratum.StratumServer;
import org.adit.pool.work.JobBook;
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

  private final JobBook jobs;
  private final StratumServer server;
  private final List<ListenerSettings> listeners;
  private final Clock clock;
  private final Supplier<@Nullable String> hold;
  private final List<InetSocketAddress> addresses = new ArrayList<>();
  private boolean open;
  private long lastReadyMillis;

  /**
   * Begins closed.
   *
   * @param hold why miners must not be let in although the node is ready, null when they may
   */
  Readiness(
      JobBook jobs,
      StratumServer server,
      List<ListenerSettings> listeners,
      Clock clock,
      Supplier<@Nullable String> hold) {
    this.jobs = jobs;
    this.server = server;
    this.listeners = new ArrayList<>(listeners);
    this.clock = clock;
    this.hold = hold;
    this.lastReadyMillis = clock.millis();
  }

  synchronized List<InetSocketAddress> addresses() {
    return List.copyOf(addresses);
  }

  synchronized void onState(NodeState state) {
    tick(state);
  }

  /** Looks at the node's state; called on each change and about once a second. */
  synchronized void tick(NodeState state) {
    long now = clock.millis();
    String held = hold.get();
    if (held != null) {
      if (open) {
        close(held);
      }
    } else if (state.isReady()) {
      lastReadyMillis = now;
      if (!open && jobs.current() != null) {
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
    LOG.error("nothing true to mine: {}. Closing the ports until that has changed", why);
    open = false;
    jobs.withdraw();
    server.stopListening();
    addresses.clear();
    server.disconnectAll("nothing to mine");
  }
}
