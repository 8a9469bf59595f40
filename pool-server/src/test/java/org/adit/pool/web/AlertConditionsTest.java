package org.adit.pool.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.accounting.AccountingSettings;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.WorkerRow;
import org.adit.config.ConfigLoader;
import org.adit.config.PoolConfig;
import org.adit.hasher.Hash256;
import org.adit.pool.TestClock;
import org.adit.pool.alerts.Alert;
import org.adit.pool.alerts.AlertCenter;
import org.adit.pool.bitcoind.NodeState;
import org.adit.pool.bitcoind.NodeStatus;
import org.adit.pool.mining.ChannelMeter;
import org.adit.pool.mining.FleetMeter;
import org.adit.pool.mining.LiveSession;
import org.adit.pool.mining.PoolCounters;
import org.adit.pool.mining.Worker;
import org.adit.pool.payouts.PayoutStatus;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.stats.Sum;
import org.adit.pool.web.api.Figures;
import org.adit.pool.web.api.WorkerLine;
import org.adit.pool.web.api.WorkerTable;
import org.adit.pool.work.CoinbasePolicy;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.Templates;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** When alerts come and go, and how often for nothing, on a clock the test moves. */
final class AlertConditionsTest {
  private static final int REGTEST_BITS = 0x207fffff;
  private static final long LOOK_SECONDS = 30;

  /** A block of that target takes two hashes. */
  private static final long HASHES_PER_BLOCK = 2;

  @TempDir private Path folder;

  private final TestClock clock = new TestClock();
  private final FleetStats stats = new FleetStats(new FleetMeter(), clock);
  private final Map<Integer, Long> lastShare = new HashMap<>();
  private final Map<Integer, Long> work = new HashMap<>();
  private final Set<Integer> connected = new HashSet<>();
  private final List<BlockRow> blocks = new ArrayList<>();
  private List<NodeStatus> nodes = List.of();
  private PoolAccounting accounting;
  private PoolConfig config;
  private AlertCenter center;
  private AlertConditions conditions;
  private Work mined;

  @BeforeEach
  void open() throws Exception {
    accounting = PoolAccounting.open(folder.resolve("data"), AccountingSettings.DEFAULT, clock);
    JobFactory factory =
        new JobFactory(
            CoinbasePolicy.toOne(new byte[22]),
            "/Adit/",
            0,
            new AtomicLong(1)::getAndIncrement,
            new AtomicInteger(1)::getAndIncrement,
            clock,
            job -> {});
    mined = new JobBook(factory, clock).accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));
    settings("disk_free_percent = 1");
  }

  private void settings(String line) throws Exception {
    Path file = folder.resolve("pool.toml");
    Files.writeString(
        file,
        """
        network = "regtest"
        data_dir = "data"
        [bitcoind]
        url = "http://127.0.0.1:18443"
        cookie_file = "cookie"
        [payout]
        scheme = "solo"
        [[listener]]
        host = "127.0.0.1"
        port = 3333
        [alerts]
        hashrate_drop_percent = 30
        reject_percent = 5
        node_behind_seconds = 120
        withholding_false_alarms_ppm = 100
        """
            + line
            + "\n");
    config = ConfigLoader.load(file).config();
    if (center != null) {
      center.close();
    }
    center = new AlertCenter(config.alerts(), clock, alert -> {});
    conditions = new AlertConditions(new Pool(), new Fleet(), center, clock);
  }

  @AfterEach
  void close() throws Exception {
    center.close();
    accounting.close();
  }

  private long now() {
    return clock.millis();
  }

  private void share(int worker, long atMillis) {
    stats.rememberWorker(worker, atMillis, new Sum(1, 1, 1, 0));
    lastShare.merge(worker, atMillis, Math::max);
  }

  private List<String> active(Alert.Kind kind) throws Exception {
    conditions.look();
    return center.active().stream()
        .filter(alert -> alert.kind() == kind)
        .map(Alert::subject)
        .toList();
  }

  private void pass(long seconds) {
    clock.advance(Duration.ofSeconds(seconds));
  }

  // ---- workers that are down ----

  @Test
  void honestWorkersAreCalledDownOnceAYear() throws Exception {
    Random random = new Random(20);
    int workers = 100;
    double intervalMillis = 15_000;
    long[] due = new long[workers + 1];
    Set<Long> alarms = new HashSet<>();
    long begin = now();
    for (int id = 1; id <= workers; id++) {
      connected.add(id);
      due[id] = begin + (long) (-Math.log(1 - random.nextDouble()) * intervalMillis);
    }
    int looks = (int) (Duration.ofHours(12).toSeconds() / LOOK_SECONDS);
    int offline = 0;
    for (int i = 0; i < looks; i++) {
      pass(LOOK_SECONDS);
      for (int id = 1; id <= workers; id++) {
        while (due[id] <= now()) {
          share(id, due[id]);
          due[id] += (long) (-Math.log(1 - random.nextDouble()) * intervalMillis);
        }
      }
      active(Alert.Kind.WORKER_DOWN);
      center.active().forEach(alert -> alarms.add(alert.id()));
      offline += new Fleet().workers().counts().offline();
    }
    // Fifty days of a worker: an alarm in seven such tests is to be expected.
    assertThat(alarms).hasSizeLessThanOrEqualTo(2);
    // The pages' own threshold is right once in a thousand looks, and would have been an alarm a
    // day.
    assertThat(offline / (double) (looks * workers)).isBetween(0.0002, 0.002);
  }

  @Test
  void aWorkerThatStopsIsToldOfAndForgivenWithItsNextShare() throws Exception {
    connected.add(1);
    for (int i = 0; i < 240; i++) {
      pass(15);
      share(1, now());
    }
    // ln(a year / 15 s) = 14.6 intervals: 218 s.
    pass(200);
    assertThat(active(Alert.Kind.WORKER_DOWN)).isEmpty();
    pass(60);
    assertThat(active(Alert.Kind.WORKER_DOWN)).containsExactly("a.w1");
    share(1, now());
    assertThat(active(Alert.Kind.WORKER_DOWN)).isEmpty();
    assertThat(center.recent().getFirst().endedAtMillis()).isPositive();
    // Its connection is gone with all others of the account: nothing to weigh.
    connected.clear();
    pass(100);
    assertThat(active(Alert.Kind.WORKER_DOWN)).isEmpty();
    pass(30);
    assertThat(active(Alert.Kind.WORKER_DOWN)).containsExactly("a.w1");
    // Gone for a day: switched off, and nobody's concern any more.
    pass(Duration.ofHours(25).toSeconds());
    assertThat(active(Alert.Kind.WORKER_DOWN)).isEmpty();
  }

  @Test
  void aBehindProxyWorkerIsWeighedByItsShares() throws Exception {
    // Worker 2 submits over the connection of worker 1.
    connected.add(1);
    for (int i = 0; i < 240; i++) {
      pass(15);
      share(1, now());
      share(2, now());
    }
    for (int i = 0; i < 10; i++) {
      pass(15);
      share(1, now());
    }
    assertThat(active(Alert.Kind.WORKER_DOWN)).isEmpty();
    for (int i = 0; i < 8; i++) {
      pass(15);
      share(1, now());
    }
    assertThat(active(Alert.Kind.WORKER_DOWN)).containsExactly("a.w2");
  }

  // ---- refused shares, hashrate ----

  @Test
  void refusedSharesCountWhenChanceIsRuledOut() throws Exception {
    connected.add(1);
    stats.rememberWorker(1, now(), new Sum(94, 94, 94, 6));
    lastShare.put(1, now());
    // 6 of 100 are more than 5 %, but 2.2 % may be the truth.
    assertThat(active(Alert.Kind.REJECT_RATE)).isEmpty();
    stats.rememberWorker(1, now(), new Sum(80, 80, 80, 20));
    assertThat(active(Alert.Kind.REJECT_RATE)).containsExactly("a.w1");
    pass(3_700);
    assertThat(active(Alert.Kind.REJECT_RATE)).isEmpty();
  }

  @Test
  void thePoolIsSlowerThanUsual() throws Exception {
    long begin = now();
    pass(7_200);
    for (long at = begin; at < now(); at += 10_000) {
      stats.rememberPool(begin, at, new Sum(10, 10, 10, 0));
    }
    assertThat(active(Alert.Kind.HASHRATE_DROP)).isEmpty();
    // Half of the hashrate goes: with 300 shares in ten minutes no chance explains it.
    for (int i = 0; i < 60; i++) {
      pass(10);
      stats.rememberPool(now(), now(), new Sum(5, 5, 5, 0));
    }
    assertThat(active(Alert.Kind.HASHRATE_DROP)).containsExactly("pool");
    for (int i = 0; i < 60; i++) {
      pass(10);
      stats.rememberPool(now(), now(), new Sum(10, 10, 10, 0));
    }
    assertThat(active(Alert.Kind.HASHRATE_DROP)).isEmpty();
  }

  // ---- nodes, disk ----

  @Test
  void aNodeMayBeAwayForAWhile() throws Exception {
    nodes = List.of(node(NodeState.Kind.READY, false));
    assertThat(active(Alert.Kind.NODE_BEHIND)).isEmpty();
    for (NodeStatus ill :
        List.of(node(NodeState.Kind.UNREACHABLE, false), node(NodeState.Kind.READY, true))) {
      nodes = List.of(ill);
      assertThat(active(Alert.Kind.NODE_BEHIND)).isEmpty();
      pass(119);
      assertThat(active(Alert.Kind.NODE_BEHIND)).isEmpty();
      pass(1);
      assertThat(active(Alert.Kind.NODE_BEHIND)).containsExactly("node 1");
      nodes = List.of(node(NodeState.Kind.READY, false));
      assertThat(active(Alert.Kind.NODE_BEHIND)).isEmpty();
    }
  }

  private NodeStatus node(NodeState.Kind kind, boolean behind) {
    return new NodeStatus(
        1,
        "http://127.0.0.1:1",
        new NodeState(kind, "as it is", List.of(), clock.instant()),
        true,
        false,
        behind,
        Optional.empty(),
        5,
        Optional.of(clock.instant()));
  }

  @Test
  void aFullDiskIsToldOf() throws Exception {
    settings("disk_free_percent = 1");
    assertThat(active(Alert.Kind.DISK)).isEmpty();
    var store = Files.getFileStore(folder);
    double free = 100.0 * store.getUsableSpace() / store.getTotalSpace();
    assumeThat(free).as("a disk that is nearly empty cannot be called full").isLessThan(89);
    settings("disk_free_percent = " + (int) (free + 1));
    assertThat(active(Alert.Kind.DISK)).containsExactly("disk");
  }

  // ---- withholding ----

  @Test
  void workWithoutBlocksIsSuspiciousWhenChanceIsRuledOut() throws Exception {
    connected.add(1);
    share(1, now());
    work.put(1, 9 * HASHES_PER_BLOCK);
    assertThat(active(Alert.Kind.WITHHOLDING)).as("exp(-9) is above 0.0001").isEmpty();
    work.put(1, 10 * HASHES_PER_BLOCK);
    assertThat(active(Alert.Kind.WITHHOLDING)).containsExactly("a.w1");
    blocks.add(block(1));
    assertThat(active(Alert.Kind.WITHHOLDING)).isEmpty();
  }

  @Test
  void honestWorkersAreSuspectedAsRarelyAsTheSettingsSay() throws Exception {
    Random random = new Random(21);
    int workers = 40_000;
    int expected = 12;
    for (int id = 1; id <= workers; id++) {
      work.put(id, expected * HASHES_PER_BLOCK);
      lastShare.put(id, now());
      double at = -Math.log(1 - random.nextDouble());
      while (at < expected) {
        blocks.add(block(id));
        at -= Math.log(1 - random.nextDouble());
      }
    }
    // At 100 in a million four would be the bound; the count is a whole number, so it is fewer.
    assertThat(active(Alert.Kind.WITHHOLDING)).hasSizeLessThanOrEqualTo(8);
  }

  private static BlockRow block(int finder) {
    return new BlockRow(
        Hash256.ZERO,
        5,
        REGTEST_BITS,
        new Amounts(1, 0),
        new Amounts(0, 0),
        1,
        SchemeKind.SOLO,
        false,
        1,
        finder,
        new WorkerKey("a", "w" + finder),
        1,
        Instant.EPOCH,
        BlockState.MATURE,
        0,
        null);
  }

  // ---- what the conditions look at ----

  private final class Fleet implements Figures {
    @Override
    public WorkerTable.Snapshot workers() {
      List<WorkerLine> lines = new ArrayList<>();
      int offline = 0;
      for (Map.Entry<Integer, Long> worker : lastShare.entrySet()) {
        int id = worker.getKey();
        WorkerRow row =
            new WorkerRow(
                id,
                "a",
                "w" + id,
                1,
                0,
                BigInteger.valueOf(work.getOrDefault(id, 0L)),
                Instant.ofEpochMilli(worker.getValue()),
                new Amounts(0, 0));
        List<LiveSession> own =
            connected.contains(id)
                ? List.of(
                    new LiveSession(
                        "1", "sv1", "", Map.of(), new Worker("a", "w" + id, id), 1, METER))
                : List.of();
        WorkerLine line =
            WorkerLine.of(row, stats.worker(id), own, !connected.isEmpty(), Double.NaN, now());
        offline += line.state() == org.adit.pool.web.api.WorkerState.OFFLINE ? 1 : 0;
        lines.add(line);
      }
      return new WorkerTable.Snapshot(
          now(), lines, Map.of(), Map.of(), new WorkerTable.Counts(0, 0, 0, offline));
    }

    @Override
    public List<BlockRow> blocks() {
      return blocks;
    }

    @Override
    public Map<String, Long> nextCredits() {
      return Map.of();
    }
  }

  private static final ChannelMeter METER = new ChannelMeter();

  private final class Pool implements PoolView {
    @Override
    public PoolConfig config() {
      return config;
    }

    @Override
    public PoolAccounting accounting() {
      return accounting;
    }

    @Override
    public FleetStats stats() {
      return stats;
    }

    @Override
    public @Nullable Work work() {
      return mined;
    }

    @Override
    public List<NodeStatus> nodes() {
      return nodes;
    }

    @Override
    public String version() {
      throw notAsked();
    }

    @Override
    public PoolCounters counters() {
      throw notAsked();
    }

    @Override
    public NodeState nodeState() {
      throw notAsked();
    }

    @Override
    public PoolReadiness readiness() {
      throw notAsked();
    }

    @Override
    public GuardFigures guard() {
      throw notAsked();
    }

    @Override
    public List<InetSocketAddress> addresses() {
      throw notAsked();
    }

    @Override
    public PayoutStatus payoutStatus() {
      throw notAsked();
    }

    @Override
    public int openBlocks() {
      throw notAsked();
    }

    @Override
    public List<JsonNode> rejects(@Nullable String account, @Nullable String worker, int most) {
      throw notAsked();
    }

    private UnsupportedOperationException notAsked() {
      return new UnsupportedOperationException("alerts do not look at that");
    }
  }
}
