package org.adit.pool.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.adit.accounting.address.AddressException;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.WorkerRow;
import org.adit.config.ConfigException;
import org.adit.config.ConfigLoader;
import org.adit.config.PoolConfig;
import org.adit.miner.MinerClient;
import org.adit.miner.MinerListener;
import org.adit.miner.MinerOptions;
import org.adit.miner.PoolUrl;
import org.adit.pool.PoolNode;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcException;
import org.adit.pool.bitcoind.TemplateRefusedException;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.mining.BlockCandidate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Everything at once on one machine: a private chain with coins and transactions, a pool on it, and
 * two CPU miners that find its blocks.
 */
public final class Demo implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
  private static final List<String> ACCOUNTS = List.of("alice", "bob");
  private static final int COINS_PER_KIND = 40;
  private static final int SPENT_PER_BLOCK = 12;
  private static final int MATURITY = 100;
  private static final int PRIMED_BLOCKS = MATURITY + 3;
  private static final Duration POOL_READY = Duration.ofSeconds(60);
  private static final Duration LAST_BLOCKS = Duration.ofSeconds(10);
  private static final long STEP_MILLIS = 20;
  private static final int STEPS_PER_PICTURE = 10;
  private static final int STEPS_BETWEEN_SPENDS = 25;

  /** Half a minute; on regtest a share is a block, and a few of those may be the other rig's. */
  private static final long STEPS_FOR_ALL_RIGS = 1_500;

  /** Told what goes on. Called from the thread that runs the demo. */
  public interface View {
    /** Something to show; called a few times a second. */
    void show(DemoStatus status);

    /** A block of the pool was accepted by the node and booked. */
    void block(DemoBlock block);
  }

  private record Rig(String account, MinerClient miner) {}

  private final DemoOptions options;
  private final View view;
  private final Clock clock;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<BlockCandidate> booked = new CopyOnWriteArrayList<>();
  private final List<DemoBlock> blocks = new ArrayList<>();
  private final List<Rig> rigs = new ArrayList<>();
  private boolean allHadShares;
  private int shown;
  private String phase = "starting";
  private String nodeVersion = "";
  private @Nullable LocalNode node;
  private @Nullable PoolNode pool;
  private @Nullable DemoStatus last;

  /** A demo that has not begun. */
  public Demo(DemoOptions options, View view, Clock clock) {
    this.options = options;
    this.view = view;
    this.clock = clock;
  }

  /** Ends {@link #run} soon; may be called from any thread. */
  public void stop() {
    stop.countDown();
  }

  /**
   * Runs until the wanted blocks are booked or it is stopped.
   *
   * @return what there was to see in the end
   */
  public DemoStatus run() throws IOException, InterruptedException {
    try {
      LocalNode started = LocalNode.start(options.chain(), options.folder().resolve("node"));
      node = started;
      nodeVersion = started.rpc().call("getnetworkinfo").path("subversion").asString("");
      DemoWallet wallet = prepareChain(started);
      PoolNode running = startPool(started, wallet);
      pool = running;
      startMiners(running);
      watch(running, wallet);
      return finish();
    } catch (NodeException | TemplateRefusedException | ConfigException | AddressException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Ends miners, pool and node, in this order. */
  @Override
  public void close() throws IOException {
    rigs.forEach(rig -> rig.miner().close());
    rigs.clear();
    PoolNode running = pool;
    pool = null;
    if (running != null) {
      running.close();
    }
    LocalNode started = node;
    node = null;
    if (started != null) {
      started.close();
    }
  }

  private DemoWallet prepareChain(LocalNode started)
      throws NodeException, TemplateRefusedException, IOException, InterruptedException {
    DemoWallet wallet = DemoWallet.open(started.rpc(), DemoConfig.WALLET);
    byte[] script = wallet.script(wallet.address("bech32"));
    ChainPrimer primer =
        new ChainPrimer(
            started.rpc(),
            options.chain(),
            script,
            Runtime.getRuntime().availableProcessors(),
            clock);
    int height = started.rpc().call("getblockcount").asInt();
    if (height < PRIMED_BLOCKS) {
      primer.mine(PRIMED_BLOCKS - height, this::priming);
    }
    phase = "making coins of every kind";
    show();
    wallet.makeCoins(COINS_PER_KIND);
    primer.mine(1, (done, wanted) -> {});
    phase = "spending them";
    show();
    wallet.spend(COINS_PER_KIND * 4);
    return wallet;
  }

  private void priming(int done, int wanted) {
    phase = "mining the chain's first blocks: " + done + " of " + wanted;
    show();
  }

  private PoolNode startPool(LocalNode started, DemoWallet wallet)
      throws NodeException, ConfigException, IOException, AddressException, InterruptedException {
    phase = "starting the pool";
    show();
    Path file = options.folder().resolve("pool.toml");
    if (!Files.exists(file)) {
      Files.writeString(
          file,
          DemoConfig.toml(options.chain(), started, wallet, ACCOUNTS),
          StandardCharsets.UTF_8);
    } else {
      // The node got new ports; what is paid to whom must stay.
      Files.writeString(file, DemoConfig.moved(Files.readString(file), started));
    }
    PoolConfig config = ConfigLoader.load(file).config();
    PoolNode running =
        new PoolNode(
            config,
            clock,
            new SecureRandom(),
            new BlockListener() {
              @Override
              public void booked(BlockCandidate candidate) {
                booked.add(candidate);
              }

              @Override
              public void rejected(BlockCandidate candidate, String reason) {
                LOG.warn("the node refused block {}: {}", candidate.hash().toDisplayHex(), reason);
              }
            });
    long deadline = System.nanoTime() + POOL_READY.toNanos();
    while (running.addresses().isEmpty() && System.nanoTime() < deadline) {
      if (stop.await(20, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    if (running.addresses().isEmpty() && stop.getCount() > 0) {
      String why = running.nodeState().text();
      running.close();
      throw new IOException("the pool did not open: " + why);
    }
    return running;
  }

  private void startMiners(PoolNode running) {
    if (running.addresses().isEmpty()) {
      return;
    }
    phase = "mining";
    PoolUrl url =
        PoolUrl.parse("stratum+tcp://127.0.0.1:" + running.addresses().getFirst().getPort());
    for (String account : ACCOUNTS) {
      MinerClient miner =
          new MinerClient(
              MinerOptions.of(url, account + ".cpu", options.threads()), MinerListener.NONE);
      rigs.add(new Rig(account, miner));
      miner.start();
    }
  }

  /** Mines until enough blocks are in the node's chain; a rival of our own does not count. */
  private void watch(PoolNode running, DemoWallet wallet)
      throws InterruptedException, NodeException {
    int enough = options.blocks() == 0 ? Integer.MAX_VALUE : options.blocks();
    while (true) {
      boolean stopped = mineUntil(enough, wallet);
      rigs.forEach(rig -> rig.miner().close());
      settle(running);
      int missing = options.blocks() - blocks.size();
      if (stopped || missing <= 0) {
        return;
      }
      enough = booked.size() + missing;
      rigs.clear();
      startMiners(running);
    }
  }

  /** Returns whether the demo was stopped. */
  private boolean mineUntil(int enough, DemoWallet wallet)
      throws InterruptedException, NodeException {
    long nextSpend = 0;
    long patience = STEPS_FOR_ALL_RIGS;
    for (long step = 0;
        booked.size() < enough || (!everyRigHasShares() && patience-- > 0);
        step++) {
      if (stop.await(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
        return true;
      }
      if (shown < booked.size()) {
        for (; shown < booked.size() && booked.size() < enough; shown++) {
          add(booked.get(shown));
        }
        if (step >= nextSpend && booked.size() < enough) {
          wallet.spend(SPENT_PER_BLOCK);
          nextSpend = step + STEPS_BETWEEN_SPENDS;
        }
      }
      if (step % STEPS_PER_PICTURE == 0) {
        show();
      }
    }
    return false;
  }

  /**
   * A fast machine finds the blocks before the second miner has its first share; the demo is to
   * show both. Both mine, so this takes moments.
   */
  private boolean everyRigHasShares() {
    allHadShares |= rigs.stream().allMatch(rig -> rig.miner().stats().accepted() > 0);
    return allHadShares;
  }

  private void add(BlockCandidate candidate) throws NodeException {
    DemoBlock block;
    try {
      block = read(candidate);
    } catch (RpcException e) {
      // The node never connected it: a rival of our own at the same height was first.
      LOG.debug("block {} is not shown", candidate.hash().toDisplayHex(), e);
      return;
    }
    blocks.add(block);
    view.block(block);
  }

  /** Waits for blocks found in the last moment, then lists those that are in the node's chain. */
  private void settle(PoolNode running) throws InterruptedException, NodeException {
    phase = "finishing";
    long deadline = System.nanoTime() + LAST_BLOCKS.toNanos();
    while (running.openBlocks() > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    running.followBlocks();
    Set<String> inChain = new HashSet<>();
    for (BlockRow row : running.accounting().blocks(Math.max(1, booked.size()))) {
      if (row.state() != BlockState.ORPHANED) {
        inChain.add(row.hash().toDisplayHex());
      }
    }
    Set<String> listed = new HashSet<>();
    blocks.forEach(block -> listed.add(block.hash()));
    for (BlockCandidate candidate : booked) {
      String hash = candidate.hash().toDisplayHex();
      if (inChain.contains(hash) && listed.add(hash)) {
        add(candidate);
      }
    }
    blocks.removeIf(block -> !inChain.contains(block.hash()));
    blocks.sort(Comparator.comparingInt(DemoBlock::height));
  }

  /** The block in the node's own words, not in ours. */
  private DemoBlock read(BlockCandidate candidate) throws NodeException {
    String hash = candidate.hash().toDisplayHex();
    JsonNode stats = rpcStats(hash);
    return new DemoBlock(
        stats.required("height").asInt(),
        hash,
        stats.required("subsidy").asLong(),
        stats.required("totalfee").asLong(),
        stats.required("txs").asInt(),
        candidate.account() + "." + candidate.worker());
  }

  private JsonNode rpcStats(String hash) throws NodeException {
    LocalNode started = node;
    if (started == null) {
      throw new IllegalStateException("the node has not started");
    }
    return started.rpc().call("getblockstats", hash);
  }

  private DemoStatus finish() {
    phase = "done";
    show();
    DemoStatus status = last;
    if (status == null) {
      throw new IllegalStateException("nothing was shown");
    }
    return status;
  }

  private void show() {
    DemoStatus status = status();
    last = status;
    view.show(status);
  }

  private DemoStatus status() {
    int height = 0;
    long mempool = 0;
    LocalNode started = node;
    if (started != null) {
      try {
        height = started.rpc().call("getblockcount").asInt();
        mempool = started.rpc().call("getmempoolinfo").path("size").asLong(0);
      } catch (NodeException e) {
        LOG.debug("the node did not answer", e);
      }
    }
    List<DemoStatus.WorkerLine> workers = new ArrayList<>();
    double hashrate = 0;
    PoolNode running = pool;
    String address = "";
    if (running != null) {
      for (WorkerRow row : running.accounting().workers()) {
        double rate = hashrate(row.account());
        hashrate += rate;
        workers.add(
            new DemoStatus.WorkerLine(
                row.account(),
                row.worker(),
                rate,
                row.sharesAccepted(),
                row.sharesRejected(),
                row.work(),
                row.credited().subsidySat(),
                row.credited().feesSat()));
      }
      if (!running.addresses().isEmpty()) {
        address = "127.0.0.1:" + running.addresses().getFirst().getPort();
      }
    }
    return new DemoStatus(
        phase,
        nodeVersion,
        options.chain().name().toLowerCase(Locale.ROOT),
        height,
        mempool,
        address,
        hashrate,
        workers,
        List.copyOf(blocks));
  }

  private double hashrate(String account) {
    for (Rig rig : rigs) {
      if (rig.account().equals(account)) {
        return rig.miner().stats().hashesPerSecond();
      }
    }
    return 0;
  }
}
