package org.adit.pool.web.api;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.adit.accounting.PoolWork;
import org.adit.accounting.economics.Luck;
import org.adit.accounting.economics.Reals;
import org.adit.accounting.store.BlockRow;
import org.adit.config.ListenerConfig;
import org.adit.config.PayoutConfig;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.NodeStatus;
import org.adit.pool.mining.PoolCounters;
import org.adit.pool.mining.WorkerMeter;
import org.adit.pool.stats.Estimate;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.stats.Range;
import org.adit.pool.stats.Sum;
import org.adit.pool.web.PoolView;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The pool's own figures: what {@code /pool} answers and the stream repeats. */
public final class PoolFigures {
  private static final long LUCK_AGE_MILLIS = 30_000;
  private static final double CONFIDENCE = 0.95;

  private final PoolView pool;
  private final Clock clock;
  private final WorkerTable table;
  private final Cached<PoolWork> work;

  PoolFigures(PoolView pool, WorkerTable table, Clock clock) {
    this.pool = pool;
    this.clock = clock;
    this.table = table;
    this.work =
        new Cached<>(
            clock,
            LUCK_AGE_MILLIS,
            () -> pool.accounting().work(clock.instant().minus(Duration.ofDays(1))));
  }

  /** Figures that change all the time: the event {@code pool}. */
  public ObjectNode tick(int alertsActive) throws Exception {
    ObjectNode node = Json.asOf(clock.millis());
    estimates(node);
    PoolCounters counters = pool.counters();
    node.put("accepted_shares", counters.acceptedShares());
    node.put("rejected_shares", counters.rejectedShares());
    node.put("accepted_per_s", sharesPerSecond());
    Json.time(node, "last_accepted_at_ms", lastShareMillis());
    node.put("connections", counters.openConnections());
    table.get().counts().write(node.putObject("workers"));
    Shapes.template(node, pool.work(), nodeName());
    node.put("alerts_active", alertsActive);
    node.put("state", isRunning() ? "running" : "waiting");
    node.put("state_text", stateText());
    return node;
  }

  private void estimates(ObjectNode node) {
    node.set("hashrate_5m", estimate(FleetStats.FIVE_MINUTES));
    node.set("hashrate_10m", estimate(FleetStats.TEN_MINUTES));
    node.set("hashrate_1h", estimate(FleetStats.HOUR));
    node.set("hashrate_24h", estimate(FleetStats.DAY));
  }

  private ObjectNode estimate(long windowMillis) {
    return Shapes.estimate(pool.stats().estimate(windowMillis, clock.millis()));
  }

  /** The whole answer of {@code /pool}. */
  ObjectNode all(int alertsActive, List<BlockRow> blocks, BlockShapes shapes, boolean seesAll)
      throws Exception {
    ObjectNode node = Json.asOf(clock.millis());
    node.put("started_at_ms", pool.stats().startedMillis());
    node.put("version", pool.version());
    node.put("network", pool.config().network().configName());
    node.putObject("state")
        .put("kind", isRunning() ? "running" : "waiting")
        .put("text", stateText());
    estimates(node);
    shares(node.putObject("shares"));
    node.put("connections", pool.counters().openConnections());
    table.get().counts().write(node.putObject("workers"));
    Work now = pool.work();
    Shapes.template(node, now, nodeName());
    Estimate hour = pool.stats().estimate(FleetStats.HOUR, clock.millis());
    Shapes.timeToBlock(
        node, "expected_block", hour.hashesPerSecond(), now == null ? BigInteger.ZERO : work(now));
    Shapes.luck(node, luck());
    best(node);
    node.set("scheme", scheme(pool.config().payout()));
    connect(node.putArray("connect"));
    ArrayNode list = node.putArray("blocks");
    blocks.forEach(block -> list.add(shapes.line(block, seesAll)));
    node.put("alerts_active", alertsActive);
    return node;
  }

  private void shares(ObjectNode node) {
    PoolCounters counters = pool.counters();
    node.put("accepted", counters.acceptedShares());
    node.put("rejected", counters.rejectedShares());
    node.put("accepted_per_s", sharesPerSecond());
    Json.time(node, "last_accepted_at_ms", lastShareMillis());
    node.set("rejects", Shapes.rejects(counters.fleet().workers()));
  }

  private double sharesPerSecond() {
    Sum minute = pool.stats().pool().window(2 * Range.HOUR.slotMillis(), clock.millis());
    long window =
        org.adit.pool.stats.History.windowMillis(2 * Range.HOUR.slotMillis(), clock.millis());
    long running = clock.millis() - pool.stats().startedMillis();
    return minute.shares() / Math.max(1, Shapes.seconds(Math.min(window, running)));
  }

  private long lastShareMillis() {
    return pool.counters().fleet().workers().stream()
        .mapToLong(WorkerMeter::lastShareMillis)
        .max()
        .orElse(0);
  }

  private void best(ObjectNode node) {
    WorkerMeter best = null;
    for (WorkerMeter worker : pool.counters().fleet().workers()) {
      var hash = worker.best();
      var before = best == null ? null : best.best();
      if (hash != null && (before == null || hash.compareTo(before) < 0)) {
        best = worker;
      }
    }
    if (best == null) {
      node.putNull("best_share");
    } else {
      node.putObject("best_share")
          .put("difficulty", Shapes.difficulty(best.best()))
          .put("at_ms", best.bestAtMillis());
    }
  }

  /** A block came or went: the next one to ask gets luck with it. */
  void forget() {
    work.forget();
  }

  /** Luck of all time; null without work. */
  @Nullable Luck luck() throws Exception {
    PoolWork all = work.get();
    return all.expectedBlocks().signum() == 0
        ? null
        : Luck.of(Reals.of(all.expectedBlocks()), all.foundBlocks(), CONFIDENCE);
  }

  static BigInteger work(Work now) {
    return Target.ofCompact(now.template().bits()).work().hashes();
  }

  boolean isRunning() {
    return pool.work() != null && !pool.addresses().isEmpty();
  }

  /** One sentence. */
  String stateText() {
    if (isRunning()) {
      return "Running. Miners are let in and there is work for height " + heightText() + '.';
    }
    return "Waiting: " + pool.nodeState().text();
  }

  private String heightText() {
    Work now = pool.work();
    return now == null ? "?" : String.valueOf(now.template().height());
  }

  String nodeName() {
    return pool.nodes().stream()
        .filter(NodeStatus::inUse)
        .map(NodeStatus::url)
        .findFirst()
        .orElse("");
  }

  static ObjectNode scheme(PayoutConfig payout) {
    ObjectNode node = Json.object();
    node.put("kind", payout.scheme().name().toLowerCase(java.util.Locale.ROOT));
    node.put("fee_subsidy_ppm", payout.feePpmSubsidy());
    node.put("fee_txfees_ppm", payout.feePpmTxFees());
    Json.number(
        node,
        "window_units",
        payout
            .windowUnits()
            .map(units ->
                Reals.of(
                    org.adit.accounting.scheme.Rational.of(units.numerator(), units.denominator())))
            .orElse(Double.NaN));
    node.put("custodial", payout.scheme().isCustodial());
    node.put("text", SchemeText.of(payout));
    return node;
  }

  private void connect(ArrayNode list) {
    List<ListenerConfig> listeners = pool.config().listeners();
    var addresses = pool.addresses();
    for (int i = 0; i < listeners.size(); i++) {
      ListenerConfig listener = listeners.get(i);
      OptionalLong open =
          i < addresses.size() ? OptionalLong.of(addresses.get(i).getPort()) : OptionalLong.empty();
      long port = open.orElse(listener.port());
      boolean any = listener.host().equals("0.0.0.0") || listener.host().equals("::");
      connect(list, "v1", any ? null : listener.host(), port);
      if (listener.tls().isPresent()) {
        connect(list, "v1+tls", any ? null : listener.host(), port);
      }
    }
  }

  private static void connect(ArrayNode list, String transport, @Nullable String host, long port) {
    list.addObject().put("transport", transport).put("host", host).put("port", port);
  }
}
