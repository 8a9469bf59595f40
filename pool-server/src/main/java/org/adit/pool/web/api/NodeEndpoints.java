package org.adit.pool.web.api;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adit.accounting.AccountingStatus;
import org.adit.accounting.InvariantReport;
import org.adit.accounting.journal.WriterStatus;
import org.adit.hasher.CompactBits;
import org.adit.pool.bitcoind.NodeState;
import org.adit.pool.bitcoind.NodeStatus;
import org.adit.pool.web.GuardFigures;
import org.adit.pool.web.PoolReadiness;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.work.EmptyWork;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Network, nodes and health. */
public final class NodeEndpoints {
  private static final double NANOS_PER_MILLI = 1e6;

  private final PoolView pool;
  private final PoolFigures figures;
  private final List<NodeQuestions> nodes;
  private final Clock clock;
  private final Map<Integer, Standing> told = new HashMap<>();

  /** What of a node is news when it changes. */
  private record Standing(
      NodeState.Kind kind, boolean ready, boolean inUse, boolean silent, boolean behind) {
    static Standing of(NodeStatus node) {
      return new Standing(
          node.state().kind(), node.state().isReady(), node.inUse(), node.silent(), node.behind());
    }
  }

  NodeEndpoints(PoolView pool, PoolFigures figures, List<NodeQuestions> nodes, Clock clock) {
    this.pool = pool;
    this.figures = figures;
    this.nodes = nodes;
    this.clock = clock;
  }

  JsonNode network(Call call) throws Exception {
    Work work = pool.work();
    if (work == null) {
      throw new HttpException(503, "the network's target is not known while there is no work");
    }
    int bits = work.template().bits();
    int height = work.template().height() - 1;
    ObjectNode out = Json.asOf(clock.millis());
    out.put("network", pool.config().network().configName());
    out.put("height", height);
    out.put("difficulty", Shapes.difficultyOf(bits));
    out.put("bits", CompactBits.format(bits));
    out.put("network_hashrate_hs", Shapes.networkHashrate(bits));
    NodeQuestions.Retarget retarget = nodes.getFirst().retarget(height);
    if (retarget == null) {
      out.putNull("next_difficulty");
    } else {
      out.putObject("next_difficulty")
          .put("blocks_left", retarget.blocksLeft())
          .put("change_at_pace", retarget.projection().changeAtThisPace())
          .put("change_at_target", retarget.projection().changeAtTargetPace())
          .put("remaining_s", retarget.projection().remainingSeconds());
    }
    out.put("mempool_transactions", mempool());
    return out;
  }

  private @Nullable Integer mempool() throws Exception {
    try {
      return nodes.getFirst().miningInfo().path("pooledtx").asInt(0);
    } catch (HttpException e) {
      return null;
    }
  }

  JsonNode nodes(Call call) throws Exception {
    ObjectNode out = Json.asOf(clock.millis());
    ArrayNode list = out.putArray("items");
    List<NodeStatus> all = pool.nodes();
    int best = bestHeight(all);
    for (NodeStatus status : all) {
      // A node that does not answer is not asked again for its version.
      list.add(
          node(
              status,
              best,
              status.state().isReady() ? nodes.get(status.priority() - 1).about() : null));
    }
    return out;
  }

  private static int bestHeight(List<NodeStatus> all) {
    return all.stream().mapToInt(NodeStatus::tipHeight).max().orElse(-1);
  }

  /**
   * Nodes that stand otherwise than at the last call, for the stream; none at the first. No node is
   * asked anything, so what only it knows is null.
   */
  public synchronized List<ObjectNode> news() {
    List<NodeStatus> all = pool.nodes();
    boolean first = told.isEmpty();
    List<ObjectNode> news = new ArrayList<>();
    for (NodeStatus status : all) {
      Standing now = Standing.of(status);
      if (!now.equals(told.put(status.priority(), now)) && !first) {
        news.add(node(status, bestHeight(all), null));
      }
    }
    return news;
  }

  private static ObjectNode node(
      NodeStatus status, int bestHeight, NodeQuestions.@Nullable About about) {
    ObjectNode item = Json.object();
    item.put("priority", status.priority());
    item.put("name", status.url());
    item.put("state", status.state().kind().name());
    item.put("text", status.state().text());
    item.put("ready", status.state().isReady());
    item.put("current", status.inUse());
    item.put("silent", status.silent());
    item.put("behind", status.behind());
    item.put("since_ms", status.state().since().toEpochMilli());
    ArrayNode warnings = item.putArray("warnings");
    status.state().warnings().forEach(warnings::add);
    item.put("height", status.tipHeight() < 0 ? null : status.tipHeight());
    item.put("lag_blocks", status.tipHeight() < 0 ? null : bestHeight - status.tipHeight());
    Json.time(item, "template_at_ms", status.templateAt().orElse(null));
    Json.number(item, "latency_ms", about == null ? Double.NaN : about.latencyMillis());
    item.put("peers", about == null ? null : about.peers());
    item.put("version", about == null ? null : about.version());
    return item;
  }

  JsonNode health(Call call) throws IOException {
    ObjectNode out = Json.asOf(clock.millis());
    AccountingStatus status = pool.accounting().status();
    out.put("live", isLive());
    PoolReadiness readiness = pool.readiness();
    out.put("ready", readiness.ready());
    out.put("ready_text", readyText());
    ArrayNode reasons = out.putArray("not_ready_because");
    readiness.reasons().forEach(reasons::add);
    out.put("ports_open", readiness.open());
    Json.time(out, "work_at_ms", readiness.workAt().orElse(null));
    EmptyWork.Figures empty = pool.counters().emptyWork().figures();
    out.putObject("empty_work")
        .put("tips", empty.tips())
        .put("millis", empty.millis())
        .put("shares", empty.shares())
        .put("expected_fees_sat", empty.expectedFeesSat())
        .put("blocks", empty.blocks())
        .put("block_fees_sat", empty.blockFeesSat());
    GuardFigures guard = pool.guard();
    out.putObject("template_guard")
        .put("checked", guard.checked())
        .put("refused", guard.refused())
        .put("blocked", guard.blocked());
    journal(out.putObject("journal"), status.writer());
    out.putObject("database")
        .put("folded_sequence", status.foldedSequence())
        .put(
            "behind_shares",
            Math.max(0, status.writer().lastDurableSequence() - status.foldedSequence()))
        .put("error", status.foldError());
    ledger(out.putObject("ledger"), status.invariants());
    out.putObject("payouts").put("problem", pool.payoutStatus().problem());
    FileStore disk = Files.getFileStore(pool.config().dataDir());
    out.putObject("disk")
        .put("free_bytes", disk.getUsableSpace())
        .put("total_bytes", disk.getTotalSpace());
    process(out.putObject("process"));
    out.put("open_blocks", pool.openBlocks());
    out.put("open_connections", pool.counters().openConnections());
    return out;
  }

  /** Whether the process can still do its work: the journal takes shares. */
  public boolean isLive() {
    return pool.accounting().status().writer().state() != WriterStatus.State.CLOSED;
  }

  /** Whether miners are let in and get fresh work, and their shares can be kept. */
  public boolean isReady() {
    return pool.readiness().ready()
        && pool.accounting().status().writer().state() == WriterStatus.State.RUNNING;
  }

  /** The same in words. */
  public String readyText() {
    PoolReadiness readiness = pool.readiness();
    return readiness.ready()
        ? figures.stateText()
        : "Not ready: " + String.join("; ", readiness.reasons());
  }

  private static void journal(ObjectNode out, WriterStatus writer) {
    long groups = writer.groupsFull() + writer.groupsTimed() + writer.groupsIdle();
    out.put("state", writer.state().name().toLowerCase(java.util.Locale.ROOT));
    IOException cause = writer.cause();
    out.put("cause", cause == null ? null : cause.toString());
    out.put("last_sequence", writer.lastDurableSequence());
    out.put("groups", groups);
    out.put("force_mean_ms", groups == 0 ? 0 : writer.forceNanos() / NANOS_PER_MILLI / groups);
    out.put("force_max_ms", writer.forceNanosMax() / NANOS_PER_MILLI);
    out.put("shares_refused", writer.sharesRefused());
    out.put("failures", writer.failures());
  }

  private static void ledger(ObjectNode out, @Nullable InvariantReport report) {
    out.put("checked", report != null);
    out.put("holds", report == null || report.holds());
    ArrayNode broken = out.putArray("broken");
    List<String> sentences = report == null ? List.of() : report.broken();
    sentences.forEach(broken::add);
  }

  private static void process(ObjectNode out) {
    Runtime runtime = Runtime.getRuntime();
    out.put("uptime_ms", ManagementFactory.getRuntimeMXBean().getUptime());
    out.put("heap_used_bytes", runtime.totalMemory() - runtime.freeMemory());
    out.put("heap_max_bytes", runtime.maxMemory());
    out.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
    double load =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getProcessCpuLoad()
            : Double.NaN;
    Json.number(out, "cpu_load", load < 0 ? Double.NaN : load);
  }
}
