package org.adit.pool.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.adit.accounting.AccountingStatus;
import org.adit.accounting.InvariantReport;
import org.adit.accounting.journal.WriterStatus;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.NodeStatus;
import org.adit.pool.mining.WorkerMeter;
import org.adit.pool.stats.Estimate;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.web.api.Api;
import org.adit.pool.web.api.Figures;
import org.adit.pool.web.api.WorkerTable;
import org.adit.pool.web.http.Reply;
import org.adit.pool.web.http.Request;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics} for Prometheus, in its text format or as OpenMetrics. Units are part of the
 * names; label values come from fixed sets, never from what miners send. Described in {@code
 * docs/monitoring}.
 */
final class Metrics {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1_000;

  private static final List<String> VERDICTS =
      List.of(
          "unknown-job",
          "stale-tip",
          "stale-work",
          "bad-time",
          "bad-version",
          "low-difficulty",
          "duplicate",
          "not-stored",
          "malformed");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final PoolView pool;
  private final Api api;
  private final Clock clock;

  Metrics(PoolView pool, Api api, Supplier<Integer> readers, Clock clock) {
    this.pool = pool;
    this.api = api;
    this.clock = clock;
    gauge("adit_up", "1 while the pool runs", () -> 1);
    gauge("adit_ready", "1 while miners are let in", () -> api.health().isReady() ? 1 : 0);
    gauge("adit_alerts_active", "alerts that last", api::activeAlerts);
    gauge("adit_event_stream_readers", "open live pages", readers);
    shares();
    work();
    nodes();
    books();
    machine();
  }

  private void gauge(String name, String help, Supplier<? extends Number> value) {
    Gauge.builder(name, () -> quietly(value)).description(help).register(registry);
  }

  private void gauge(
      String name, String label, String text, String help, Supplier<? extends Number> value) {
    Gauge.builder(name, () -> quietly(value)).tag(label, text).description(help).register(registry);
  }

  /** A figure that cannot be had is NaN, and the others are shown all the same. */
  private static double quietly(Supplier<? extends Number> value) {
    try {
      return value.get().doubleValue();
    } catch (RuntimeException e) {
      return Double.NaN;
    }
  }

  private void counter(String name, String help, ToDoubleFunction<PoolView> value) {
    FunctionCounter.builder(name, pool, value).description(help).register(registry);
  }

  private void shares() {
    counter("adit_shares_accepted", "accepted shares", view -> view.counters().acceptedShares());
    counter(
        "adit_shares_work_hashes",
        "expected hashes of accepted shares",
        view -> view.counters().fleet().workers().stream().mapToDouble(WorkerMeter::work).sum());
    for (String verdict : VERDICTS) {
      FunctionCounter.builder(
              "adit_shares_rejected", pool, view -> view.counters().rejectedShares(verdict))
          .tag("verdict", verdict)
          .description("refused shares")
          .register(registry);
    }
    gauge("adit_connections", "open connections", () -> pool.counters().openConnections());
    gauge("adit_sessions", "authorised miners", () -> pool.counters().fleet().sessions().size());
    workers("live", WorkerTable.Counts::live);
    workers("warming", WorkerTable.Counts::warming);
    workers("slow", WorkerTable.Counts::slow);
    workers("offline", WorkerTable.Counts::offline);
    hashrate("5m", FleetStats.FIVE_MINUTES);
    hashrate("10m", FleetStats.TEN_MINUTES);
    hashrate("1h", FleetStats.HOUR);
    hashrate("24h", FleetStats.DAY);
  }

  private void workers(String state, Function<WorkerTable.Counts, Integer> count) {
    gauge(
        "adit_workers",
        "state",
        state,
        "workers by state",
        () -> {
          try {
            return count.apply(api.table().get().counts());
          } catch (Exception e) {
            return Double.NaN;
          }
        });
  }

  private void hashrate(String window, long millis) {
    Supplier<Estimate> estimate = () -> pool.stats().estimate(millis, clock.millis());
    String name = "adit_pool_hashrate";
    gauge(
        name + "_hashes_per_second",
        "window",
        window,
        "accepted work over a window",
        () -> estimate.get().hashesPerSecond());
    gauge(
        name + "_low_hashes_per_second",
        "window",
        window,
        "lower limit, 95 %",
        () -> estimate.get().low());
    gauge(
        name + "_high_hashes_per_second",
        "window",
        window,
        "upper limit, 95 %",
        () -> estimate.get().high());
  }

  private void work() {
    template("adit_template_height", "height being mined", BlockTemplate::height);
    template(
        "adit_template_transactions",
        "transactions in the template",
        template -> template.transactions().size());
    template("adit_template_fees_satoshis", "fees of the template", BlockTemplate::feesSat);
    template("adit_template_reward_satoshis", "subsidy and fees", BlockTemplate::coinbaseValueSat);
    template(
        "adit_template_age_seconds",
        "since the node gave it",
        template -> (clock.millis() - template.receivedAt().toEpochMilli()) / MILLIS);
    template(
        "adit_network_difficulty",
        "of the block being mined",
        template -> Figures.difficultyOf(template.bits()));
    gauge("adit_blocks_open", "found, not yet booked or refused", pool::openBlocks);
  }

  private void template(String name, String help, Function<BlockTemplate, ? extends Number> value) {
    gauge(
        name,
        help,
        () -> {
          Work work = pool.work();
          return work == null ? Double.valueOf(Double.NaN) : value.apply(work.template());
        });
  }

  private void nodes() {
    for (int i = 0; i < pool.config().bitcoinds().size(); i++) {
      int at = i;
      String number = String.valueOf(i + 1);
      Function<Function<NodeStatus, Integer>, Supplier<Number>> of =
          read ->
              () -> {
                List<NodeStatus> all = pool.nodes();
                return at < all.size() ? read.apply(all.get(at)) : Double.NaN;
              };
      gauge(
          "adit_node_ready",
          "node",
          number,
          "1 while it serves; numbered as in the settings",
          of.apply(node -> node.state().isReady() ? 1 : 0));
      gauge(
          "adit_node_in_use",
          "node",
          number,
          "1 while templates come from it",
          of.apply(node -> node.inUse() ? 1 : 0));
      gauge(
          "adit_node_behind",
          "node",
          number,
          "1 while another has a better tip",
          of.apply(node -> node.behind() ? 1 : 0));
      gauge("adit_node_tip_height", "node", number, "height", of.apply(NodeStatus::tipHeight));
    }
  }

  private void books() {
    Supplier<WriterStatus> writer = () -> pool.accounting().status().writer();
    group("full", WriterStatus::groupsFull);
    group("timed", WriterStatus::groupsTimed);
    group("idle", WriterStatus::groupsIdle);
    counter(
        "adit_journal_force_seconds",
        "time spent writing and forcing",
        view -> view.accounting().status().writer().forceNanos() / NANOS);
    counter(
        "adit_journal_failures",
        "failed writes and forces",
        view -> view.accounting().status().writer().failures());
    counter(
        "adit_journal_refused_shares",
        "shares the disk did not take",
        view -> view.accounting().status().writer().sharesRefused());
    gauge(
        "adit_journal_force_max_seconds",
        "longest write and force since start",
        () -> writer.get().forceNanosMax() / NANOS);
    gauge(
        "adit_journal_running",
        "1 while shares are stored",
        () -> writer.get().state() == WriterStatus.State.RUNNING ? 1 : 0);
    gauge(
        "adit_journal_sequence", "newest share on disk", () -> writer.get().lastDurableSequence());
    gauge(
        "adit_database_behind_shares",
        "shares on disk whose sums are not in the database",
        () -> {
          AccountingStatus status = pool.accounting().status();
          return Math.max(0, status.writer().lastDurableSequence() - status.foldedSequence());
        });
    gauge(
        "adit_ledger_holds",
        "0 when an invariant is broken",
        () -> {
          InvariantReport report = pool.accounting().status().invariants();
          return report == null || report.holds() ? 1 : 0;
        });
  }

  private void group(String cause, ToDoubleFunction<WriterStatus> count) {
    FunctionCounter.builder(
            "adit_journal_groups",
            pool,
            view -> count.applyAsDouble(view.accounting().status().writer()))
        .tag("cause", cause)
        .description("forces by what closed the group")
        .register(registry);
  }

  private void machine() {
    gauge("adit_disk_free_bytes", "of the data folder's disk", () -> disk(true));
    gauge("adit_disk_size_bytes", "of the data folder's disk", () -> disk(false));
    Runtime runtime = Runtime.getRuntime();
    gauge(
        "adit_heap_used_bytes",
        "Java heap in use",
        () -> runtime.totalMemory() - runtime.freeMemory());
    gauge("adit_heap_limit_bytes", "Java heap at most", runtime::maxMemory);
    gauge(
        "adit_uptime_seconds",
        "since the pool started",
        () -> (clock.millis() - pool.stats().startedMillis()) / MILLIS);
  }

  private double disk(boolean free) {
    try {
      var store = Files.getFileStore(pool.config().dataDir());
      return (double) (free ? store.getUsableSpace() : store.getTotalSpace());
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  Reply scrape(Request request) {
    @Nullable String accept = request.headers().get("accept");
    String type =
        Optional.ofNullable(accept).orElse("").contains("application/openmetrics-text")
            ? OPEN
            : TEXT;
    return Reply.text(200, type, registry.scrape(type));
  }
}
