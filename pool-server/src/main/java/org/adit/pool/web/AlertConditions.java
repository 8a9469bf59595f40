package org.adit.pool.web;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.adit.accounting.InvariantReport;
import org.adit.accounting.economics.Poisson;
import org.adit.accounting.store.BlockRow;
import org.adit.config.AlertsConfig;
import org.adit.hasher.Target;
import org.adit.pool.alerts.Alert;
import org.adit.pool.alerts.AlertCenter;
import org.adit.pool.bitcoind.NodeStatus;
import org.adit.pool.stats.Estimate;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.stats.Sum;
import org.adit.pool.web.api.Figures;
import org.adit.pool.web.api.WorkerLine;
import org.adit.pool.web.api.WorkerState;
import org.adit.pool.web.page.Words;
import org.adit.pool.work.Work;

/** Looks whether something is worth an alert, every half minute. */
final class AlertConditions {
  private static final double PERCENT = 100;
  private static final double MILLION = 1_000_000;
  private static final long ENOUGH_SHARES = 100;
  private static final long FEW_REJECTS = 5;
  private static final int SHARES_OF_A_WORKER = 10;

  /** A device that starts anew is back by then. */
  private static final double RESTART_MILLIS = 120_000;

  private static final double YEAR_MILLIS = 365.25 * FleetStats.DAY;

  private final PoolView pool;
  private final Figures figures;
  private final AlertCenter center;
  private final AlertsConfig settings;
  private final Clock clock;
  private final Map<Integer, Long> badSince = new HashMap<>();

  AlertConditions(PoolView pool, Figures figures, AlertCenter center, Clock clock) {
    this.pool = pool;
    this.figures = figures;
    this.center = center;
    this.settings = pool.config().alerts();
    this.clock = clock;
  }

  /** One look. */
  synchronized void look() throws Exception {
    long now = clock.millis();
    List<WorkerLine> workers = figures.workers().lines();
    center.holds(Alert.Kind.WORKER_DOWN, down(workers, now));
    center.holds(Alert.Kind.REJECT_RATE, rejects(workers));
    center.holds(Alert.Kind.HASHRATE_DROP, drop(now));
    center.holds(Alert.Kind.WITHHOLDING, withholding(workers));
    center.holds(Alert.Kind.NODE_BEHIND, nodes(now));
    center.holds(Alert.Kind.DISK, disk());
    center.holds(Alert.Kind.INVARIANT_BROKEN, invariants());
    center.flush();
  }

  private static String name(WorkerLine line) {
    return line.worker().isEmpty() ? line.account() : line.account() + "." + line.worker();
  }

  /** Workers that were here within a day and are silent for longer than chance explains. */
  private static Map<String, String> down(List<WorkerLine> workers, long now) {
    Set<String> connected = new HashSet<>();
    for (WorkerLine line : workers) {
      if (!line.sessions().isEmpty()) {
        connected.add(line.account());
      }
    }
    Map<String, String> down = new LinkedHashMap<>();
    for (WorkerLine line : workers) {
      long silent = now - line.lastShareMillis();
      if (line.state() == WorkerState.OFFLINE
          && silent < FleetStats.DAY
          && line.day().sum().shares() >= SHARES_OF_A_WORKER
          && silent > patience(line, connected.contains(line.account()))) {
        down.put(
            name(line),
            String.format(
                Locale.ROOT,
                "worker %s is silent for %d min; its shares came every %.1f s",
                name(line),
                silent / 60_000,
                line.day().shareInterval() / 1_000));
      }
    }
    return down;
  }

  /**
   * How long a worker may be silent. Shares come by chance: of the gaps of a year, {@code year /
   * interval} of them, each is longer than t with the chance {@code exp(-t / interval)}, so one
   * worker alone is longer silent than this once a year. The threshold of the pages, seven
   * intervals, would wake somebody for each worker each day.
   *
   * @param connected whether its account has a connection; without one there is nothing to weigh
   */
  private static double patience(WorkerLine line, boolean connected) {
    if (!connected) {
      return RESTART_MILLIS;
    }
    double interval = Math.min(line.hour().shareInterval(), line.day().shareInterval());
    return Math.max(RESTART_MILLIS, interval * Math.log(Math.max(Math.E, YEAR_MILLIS / interval)));
  }

  private Map<String, String> rejects(List<WorkerLine> workers) {
    Map<String, String> bad = new LinkedHashMap<>();
    for (WorkerLine line : workers) {
      Sum hour = line.hour().sum();
      long all = line.acceptedOfHour() + hour.rejected();
      // So that chance alone does not wake anybody: the lower limit counts.
      if (hour.rejected() >= FEW_REJECTS
          && Estimate.interval((double) hour.rejected()).low() / all
              > settings.rejectPercent() / PERCENT) {
        bad.put(
            name(line),
            String.format(
                Locale.ROOT,
                "worker %s: %d of its last hour's %d shares were refused; see adit explain",
                name(line),
                hour.rejected(),
                all));
      }
    }
    return bad;
  }

  /** For logs and letters, where a space is a space. */
  private static String plain(String text) {
    return text.replace(Words.NB, ' ');
  }

  private Map<String, String> drop(long now) {
    Estimate day = pool.stats().estimate(FleetStats.DAY, now);
    Estimate recent = pool.stats().estimate(FleetStats.TEN_MINUTES, now);
    boolean known = day.shares() >= ENOUGH_SHARES && day.windowMillis() >= FleetStats.HOUR;
    double least = day.hashesPerSecond() * (1 - settings.hashrateDropPercent() / PERCENT);
    double high =
        recent.shares() == 0 ? 0 : recent.high(); // without a share there is nothing to weigh
    return known && high < least
        ? Map.of(
            "pool",
            String.format(
                Locale.ROOT,
                "the pool's hashrate fell to %s (at most %s) from %s of the day",
                plain(Words.rate(recent.hashesPerSecond())),
                plain(Words.rate(high)),
                plain(Words.rate(day.hashesPerSecond()))))
        : Map.of();
  }

  /**
   * Suspicion against workers whose work should have found blocks. An honest worker looks so with
   * the chance of the settings at most at one look; the sentence says the chance of this case.
   */
  private Map<String, String> withholding(List<WorkerLine> workers) throws Exception {
    Work work = pool.work();
    if (work == null) {
      return Map.of();
    }
    double perBlock = Target.ofCompact(work.template().bits()).work().hashes().doubleValue();
    double chance = settings.withholdingPpm() / MILLION;
    Map<Integer, Long> found = new HashMap<>();
    for (BlockRow block : figures.blocks()) {
      found.merge(block.finderWorkerId(), 1L, Long::sum);
    }
    Map<String, String> suspects = new LinkedHashMap<>();
    for (WorkerLine line : workers) {
      double expected = line.stored().work().doubleValue() / perBlock;
      long own = found.getOrDefault(line.id(), 0L);
      if (own < expected && -Math.log(chance) <= expected) {
        double probability = Poisson.atMost(own, expected);
        if (probability < chance) {
          suspects.put(
              name(line),
              String.format(
                  Locale.ROOT,
                  "worker %s found %d blocks where %.1f are expected of its work at today's difficulty; an honest one looks so with a chance of %s",
                  name(line),
                  own,
                  expected,
                  plain(Words.chance(probability))));
        }
      }
    }
    return suspects;
  }

  private Map<String, String> nodes(long now) {
    Map<String, String> bad = new LinkedHashMap<>();
    for (NodeStatus node : pool.nodes()) {
      boolean well = node.state().isReady() && !node.behind() && !node.silent();
      if (well) {
        badSince.remove(node.priority());
        continue;
      }
      long since = badSince.computeIfAbsent(node.priority(), key -> now);
      if (now - since >= settings.nodeBehind().toMillis()) {
        String what =
            node.state().isReady()
                ? node.behind() ? "is behind another node" : "does not answer in time"
                : node.state().kind().name().toLowerCase(Locale.ROOT) + ": " + node.state().text();
        bad.put("node " + node.priority(), "node " + node.priority() + " " + what);
      }
    }
    return bad;
  }

  private Map<String, String> disk() throws IOException {
    FileStore store = Files.getFileStore(pool.config().dataDir());
    double free = PERCENT * store.getUsableSpace() / Math.max(1, store.getTotalSpace());
    return free < settings.diskFreePercent()
        ? Map.of(
            "disk",
            String.format(Locale.ROOT, "only %.1f %% of the data folder's disk are free", free))
        : Map.of();
  }

  private Map<String, String> invariants() {
    InvariantReport report = pool.accounting().status().invariants();
    return report == null || report.holds()
        ? Map.of()
        : Map.of(
            "ledger",
            "the ledger is broken, payouts are stopped: " + String.join("; ", report.broken()));
  }
}
