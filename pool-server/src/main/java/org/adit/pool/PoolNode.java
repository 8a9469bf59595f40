package org.adit.pool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.address.AddressException;
import org.adit.accounting.address.PayoutAddress;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.config.JobConfig;
import org.adit.config.PayoutConfig;
import org.adit.config.PoolConfig;
import org.adit.hasher.Hash256;
import org.adit.hasher.HashEngines;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.NodePool;
import org.adit.pool.bitcoind.NodeState;
import org.adit.pool.bitcoind.NodeStatus;
import org.adit.pool.bitcoind.TemplateListener;
import org.adit.pool.blocks.AllNodes;
import org.adit.pool.blocks.BlockDesk;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.blocks.BlockTimeline;
import org.adit.pool.blocks.BlockTimelines;
import org.adit.pool.blocks.BlockTracker;
import org.adit.pool.blocks.CandidateFiles;
import org.adit.pool.mining.BanList;
import org.adit.pool.mining.ChannelContext;
import org.adit.pool.mining.ClientProfile;
import org.adit.pool.mining.DifficultyMemory;
import org.adit.pool.mining.ExtranonceSpace;
import org.adit.pool.mining.JobLifetimes;
import org.adit.pool.mining.PoolCounters;
import org.adit.pool.mining.Requirements;
import org.adit.pool.mining.ShareBatch;
import org.adit.pool.mining.ShareGate;
import org.adit.pool.payouts.PayoutSettings;
import org.adit.pool.payouts.PayoutStatus;
import org.adit.pool.payouts.PayoutWatch;
import org.adit.pool.recall.Recall;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.stratum.SessionContext;
import org.adit.pool.stratum.SessionMemory;
import org.adit.pool.stratum.SessionSet;
import org.adit.pool.stratum.StratumLimits;
import org.adit.pool.stratum.StratumServer;
import org.adit.pool.web.GuardFigures;
import org.adit.pool.web.PoolReadiness;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool, wired: node → template → job → miner → share → journal → block → ledger. Everything one
 * part knows of another it gets here.
 */
public final class PoolNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PoolNode.class);
  private static final int LANE_CAPACITY = 16_384;
  private static final int CERTIFICATE_TICKS = 30;
  private static final Duration EXTRANONCE_REST = Duration.ofMinutes(20);

  private final PoolConfig config;
  private final Clock clock;
  private final PoolAccounting accounting;
  private final RejectBook rejects;
  private final PoolWorkers workers;
  private final Recall recall;
  private final JobBook jobs;
  private final AllNodes nodes;
  private final BlockTimelines timelines;
  private final BlockDesk desk;
  private final BlockTracker tracker;
  private final PayoutWatch payouts;
  private final StratumServer server;
  private final NodePool templates;
  private final Readiness readiness;
  private final TemplateGuard guard;
  private final BlockWorth worth;
  private final FleetStats stats;
  private final Optional<PoolWeb> web;
  private final @Nullable DirectCoinbase direct;
  private volatile long lastSentMillis;
  private int ticks;
  private boolean warmedUp;
  private final PoolCounters counters = new PoolCounters();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("pool-watch").daemon().factory());

  /**
   * Wires a pool and starts it. Returns at once: miners are let in when the node has given the
   * first template.
   *
   * @param config checked settings, see {@link SettingsCheck}
   * @param clock wall clock
   * @param random for extranonces, job ids and session ids
   * @param listener hears of blocks
   * @throws IOException when the data folder cannot be used
   * @throws AddressException when an address is not of the network
   */
  public PoolNode(PoolConfig config, Clock clock, SecureRandom random, BlockListener listener)
      throws IOException, AddressException {
    this.config = config;
    this.clock = clock;
    PayoutConfig payout = config.payout();
    SchemeKind scheme = PayRules.scheme(payout.scheme());
    Path data = config.dataDir();

    accounting = PoolAccounting.open(data, PayRules.accounting(config), clock);
    rejects = new RejectBook(data);
    workers = new PoolWorkers(config, accounting);
    payouts =
        new PayoutWatch(data, accounting, config.bitcoind(), PayoutSettings.of(config), clock);
    direct = direct();
    recall = Comebacks.open(config, clock);
    jobs =
        new JobBook(
            Parts.jobFactory(config, scheme, workers, direct, recall, clock, random), clock);
    guard = new TemplateGuard(this::nodeWord, jobs, this::refused);
    templates =
        new NodePool(
            config.bitcoinds(),
            config.failover(),
            config.jobs().emptyFirst(),
            config.network(),
            clock,
            new FromNode());
    Path candidates = CandidateFiles.in(data);
    timelines = new BlockTimelines(candidates, clock);
    nodes = new AllNodes(config.bitcoinds(), templates::wellInformed, timelines, clock);
    tracker = new BlockTracker(nodes, accounting, timelines);
    desk =
        new BlockDesk(
            new CandidateFiles(candidates),
            nodes,
            accounting,
            scheme,
            new FollowedBlocks(tracker, listener),
            timelines);
    ExtranonceSpace extranonces = new ExtranonceSpace(0, random.nextInt(), EXTRANONCE_REST, clock);
    StratumLimits limits = Parts.limits(config.limits());
    SessionMemory memory = new SessionMemory(clock);
    Comebacks.prepare(recall, accounting, jobs, extranonces, memory, clock);
    DifficultyMemory difficulties = new DifficultyMemory(clock);
    BanList bans = new BanList(clock);
    List<ClientProfile> profiles = Parts.profiles(config.clients());
    server =
        new StratumServer(
            Runtime.getRuntime().availableProcessors(),
            limits,
            clock,
            loop ->
                new SessionContext(
                    channelContext(loop, clock),
                    workers,
                    extranonces,
                    jobs,
                    limits,
                    config.jobs().versionMask(),
                    scheme.paysFinder(),
                    memory,
                    recall.seats(),
                    difficulties,
                    bans,
                    profiles,
                    new SessionSet(),
                    random::nextLong));
    readiness =
        new Readiness(
            jobs,
            server,
            Parts.listeners(config),
            clock,
            this::hold,
            templates::tipMoved,
            config.bitcoind().refreshInterval());
    worth = new BlockWorth(config, accounting, clock);

    stats = new FleetStats(counters.fleet(), clock);
    web = PoolWeb.wanted(config) ? Optional.of(new PoolWeb(this, clock, random)) : Optional.empty();
    desk.recover();
    HashEngines.warmVerifier();
    templates.start();
    stats.start(this::remember);
    web.ifPresent(PoolWeb::start);
    var _ = watch.scheduleWithFixedDelay(this::watchOnce, 1, 1, TimeUnit.SECONDS);
  }

  /** Figures of before this start, from what is on disk. */
  private void remember() {
    rejects.load();
    accounting.pastWork(clock.instant().minus(PastFigures.REACH), new PastFigures(stats));
  }

  /** The state of the nodes as one, in words for people: ready when one of them serves. */
  public NodeState nodeState() {
    return templates.state();
  }

  /** Each node, the preferred one first. */
  public List<NodeStatus> nodes() {
    return templates.status();
  }

  /** Whether the pool has fresh work and lets miners in, and if not, why. */
  public PoolReadiness readiness() {
    return readiness.report(templates.state());
  }

  /** What the node said to the pool's own blocks. */
  GuardFigures guardFigures() {
    return new GuardFigures(guard.checked(), guard.refused(), guard.blocked());
  }

  /** Where miners connect; empty until the first template came. */
  public List<InetSocketAddress> addresses() {
    return readiness.addresses();
  }

  /** Shares and connections since start. */
  public PoolCounters counters() {
    return counters;
  }

  /** Figures of the fleet over time. */
  public FleetStats stats() {
    return stats;
  }

  /** Shows every miner a line, see {@link StratumServer#show}. */
  void show(String text) {
    server.show(text);
  }

  /** Asks every miner to connect anew, see {@link StratumServer#sendAway}. */
  void sendAway(int overSeconds) {
    server.sendAway(overSeconds);
  }

  /** The settings it runs with. */
  public PoolConfig config() {
    return config;
  }

  /** The last refused shares. */
  RejectBook rejects() {
    return rejects;
  }

  /** Where dashboard and API are; empty while their port is not open. */
  public Optional<InetSocketAddress> webAddress() {
    return web.flatMap(PoolWeb::address);
  }

  /** Journal and ledger. */
  public PoolAccounting accounting() {
    return accounting;
  }

  /** What is mined now. */
  public JobBook jobs() {
    return jobs;
  }

  /**
   * What happened to one block of this pool so far; empty when nothing was noted. Reads a small
   * file.
   */
  public Optional<BlockTimeline> timeline(Hash256 block) throws IOException {
    return BlockTimelines.read(CandidateFiles.in(config.dataDir()), block);
  }

  /** Blocks found but not yet booked or refused. */
  public int openBlocks() {
    return desk.open();
  }

  /** How paying out is doing: the ledger's invariants, and the wallet against the books. */
  public PayoutStatus payoutStatus() {
    return payouts.status();
  }

  /** Follows payouts and checks the ledger now, instead of with the next tip. */
  public void followPayouts() {
    payouts.lookNow();
  }

  /** Compares the booked blocks with the node's chain now, instead of with the next tip. */
  public void followBlocks() {
    tracker.lookNow();
  }

  /** Looks whether something is worth an alert now, instead of within half a minute. */
  void lookForAlerts() {
    web.ifPresent(PoolWeb::lookForAlerts);
  }

  /** Stops in the order of the flow: nothing acknowledged is lost, nothing more is acknowledged. */
  @Override
  public void close() throws IOException {
    watch.shutdownNow();
    web.ifPresent(PoolWeb::close);
    stats.close();
    templates.close();
    guard.close();
    server.close();
    nodes.close();
    recall.close();
    rejects.write();
    desk.close();
    tracker.close();
    timelines.close();
    payouts.close();
    worth.close();
    if (direct != null) {
      direct.close();
    }
    workers.close();
    accounting.close();
  }

  private final class FromNode implements TemplateListener {
    @Override
    public void onTemplate(BlockTemplate template, boolean newTip) {
      worth.look(template);
      if (direct != null) {
        direct.prepare(template);
      }
      send(template);
      if (newTip) {
        LOG.info(
            "working on height {}: {} transactions, {} sat of fees{}",
            template.height(),
            template.transactions().size(),
            template.feesSat(),
            template.emptyFirst() ? ", until the node has made the full block" : "");
        tracker.tipChanged();
        payouts.look();
      }
    }

    @Override
    public void onState(NodeState state) {
      if (state.isReady()) {
        LOG.info("node ready: {}", state.text());
      } else if (state.kind() == NodeState.Kind.STARTING) {
        LOG.info("{}", state.text());
      } else {
        LOG.warn("node not ready ({}): {}", state.kind(), state.text());
      }
      state.warnings().forEach(warning -> LOG.warn("node: {}", warning));
      readiness.onState(state);
    }
  }

  private void send(BlockTemplate template) {
    if (guard.blocked() != null) {
      guard.tryOut(template, templates::sendAgain);
      return;
    }
    lastSentMillis = clock.millis();
    counters.emptyWork().sent(template, lastSentMillis);
    Work work = jobs.accept(template);
    server.broadcast(work);
    web.ifPresent(page -> page.onWork(work));
    guard.look(work);
    if (!warmedUp && config.jobs().warmUp()) {
      warmedUp = true;
      var _ =
          new BroadcastWarmUp(accounting.shares(), config.dataDir(), clock).start(work.template());
    }
  }

  private Optional<String> nodeWord(byte[] block) throws NodeException {
    return templates.refusal(block);
  }

  private @Nullable String hold() {
    String blocked = guard.blocked();
    return blocked == null ? accounting.ppsStatus().stop() : blocked;
  }

  private void refused(Optional<Work> instead) {
    if (instead.isPresent()) {
      server.broadcast(instead.get());
    } else {
      readiness.tick(templates.state());
    }
  }

  private void watchOnce() {
    try {
      readiness.tick(templates.state());
      guard.tick();
      recall.seats().alive();
      rejects.write();
      if (++ticks % CERTIFICATE_TICKS == 0) {
        server.reloadCertificates();
      }
      payouts.tick();
      workers.refresh();
      // Miners leave a pool that is silent; a node that is away for a moment must not cost them.
      if (clock.millis() - lastSentMillis > config.jobs().refreshInterval().toMillis()) {
        lastSentMillis = clock.millis();
        jobs.renew().ifPresent(server::broadcast);
      }
    } catch (RuntimeException e) {
      LOG.error("the pool's watch failed", e);
    }
  }

  private @Nullable DirectCoinbase direct() throws AddressException {
    PayoutConfig payout = config.payout();
    if (!payout.direct() || payout.address().isEmpty()) {
      return null;
    }
    return new DirectCoinbase(
        accounting::directWindow,
        workers::payoutScriptOrNull,
        PayoutAddress.parse(Addresses.networkOf(config.network()), payout.address().get())
            .scriptPubKey(),
        config.coinbase().tag().length(),
        config.coinbase().maxBytes(),
        payout.directMinSat());
  }

  private ChannelContext channelContext(Executor loop, Clock clock) {
    JobConfig job = config.jobs();
    return new ChannelContext(
        new ShareBatch(loop),
        new Requirements(),
        new ShareGate(accounting.shares(), LANE_CAPACITY, loop),
        desk,
        rejection -> {
          accounting.addRejects(rejection.worker().id(), rejection.label(), 1);
          counters.fleet().rejected(rejection);
          rejects.rejected(rejection);
        },
        new JobLifetimes(
            job.lifetime().toMillis(),
            job.previousTip().toMillis(),
            job.staleGrace().toMillis(),
            job.maxPerConnection()),
        counters,
        clock,
        loop);
  }
}
