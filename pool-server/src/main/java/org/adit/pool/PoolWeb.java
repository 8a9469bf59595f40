package org.adit.pool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.adit.accounting.PoolAccounting;
import org.adit.config.AlertsConfig;
import org.adit.config.PoolConfig;
import org.adit.pool.bitcoind.NodeState;
import org.adit.pool.bitcoind.NodeStatus;
import org.adit.pool.mining.PoolCounters;
import org.adit.pool.payouts.PayoutStatus;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.web.GuardFigures;
import org.adit.pool.web.PoolActions;
import org.adit.pool.web.PoolReadiness;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.Tokens;
import org.adit.pool.web.Web;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The web, wired to a pool. */
final class PoolWeb implements AutoCloseable {
  private final Web web;

  PoolWeb(PoolNode pool, Clock clock, SecureRandom random) throws IOException {
    PoolConfig config = pool.config();
    Tokens tokens = Tokens.open(config.web().tokenFile(), config.dataDir(), random);
    this.web = new Web(new View(pool), new Actions(pool), tokens, clock);
  }

  /** Whether there is a page to serve or an alert to send. */
  static boolean wanted(PoolConfig config) {
    AlertsConfig alerts = config.alerts();
    return config.web().enabled()
        || alerts.webhook().isPresent()
        || alerts.ntfy().isPresent()
        || alerts.mail().isPresent();
  }

  void start() {
    web.start();
  }

  void onWork(Work work) {
    web.onWork(work);
  }

  void onBlock() {
    web.onBlock();
  }

  void lookForAlerts() {
    web.lookForAlerts();
  }

  Optional<InetSocketAddress> address() {
    return web.address();
  }

  @Override
  public void close() {
    web.close();
  }

  /** What operators may have the pool do. */
  private record Actions(PoolNode pool) implements PoolActions {
    @Override
    public void show(String text) {
      pool.show(text);
    }

    @Override
    public void sendAway(int overSeconds) {
      pool.sendAway(overSeconds);
    }
  }

  /** What the web may see of the pool. */
  private record View(PoolNode pool) implements PoolView {
    @Override
    public String version() {
      return Version.text();
    }

    @Override
    public PoolConfig config() {
      return pool.config();
    }

    @Override
    public PoolAccounting accounting() {
      return pool.accounting();
    }

    @Override
    public PoolCounters counters() {
      return pool.counters();
    }

    @Override
    public FleetStats stats() {
      return pool.stats();
    }

    @Override
    public @Nullable Work work() {
      return pool.jobs().current();
    }

    @Override
    public NodeState nodeState() {
      return pool.nodeState();
    }

    @Override
    public PoolReadiness readiness() {
      return pool.readiness();
    }

    @Override
    public GuardFigures guard() {
      return pool.guardFigures();
    }

    @Override
    public List<NodeStatus> nodes() {
      return pool.nodes();
    }

    @Override
    public List<InetSocketAddress> addresses() {
      return pool.addresses();
    }

    @Override
    public PayoutStatus payoutStatus() {
      return pool.payoutStatus();
    }

    @Override
    public int openBlocks() {
      return pool.openBlocks();
    }

    @Override
    public List<JsonNode> rejects(@Nullable String account, @Nullable String worker, int most) {
      return pool.rejects().newest(account, worker, most);
    }
  }
}
