package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.hasher.HashEngines;
import org.adit.miner.MinerClient;
import org.adit.miner.MinerListener;
import org.adit.miner.MinerOptions;
import org.adit.miner.PoolUrl;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.NodeState;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.demo.DemoWallet;
import org.adit.pool.mining.BlockCandidate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole pool on a real node, from the miner's share to the ledger. */
final class PoolNodeIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final long COIN = 100_000_000;

  @TempDir private static Path nodeFolder;
  private static LocalNode node;
  private static DemoWallet wallet;

  @TempDir private Path folder;

  @BeforeAll
  static void startNode() throws Exception {
    node = LocalNode.start(Network.REGTEST, nodeFolder);
    wallet = DemoWallet.open(node.rpc(), "pool");
    node.rpc().call("generatetoaddress", 102, wallet.address("bech32"));
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @BeforeEach
  void nodeRuns() throws Exception {
    if (!node.isAlive()) {
      node.startAgain();
    }
    DemoWallet.open(node.rpc(), "pool");
  }

  @Test
  void pplnsCreditsAreTheRewardToTheSatoshi() throws Exception {
    makeTransactions(2);
    try (Pool pool = new Pool(pplns(settings()))) {
      try (MinerClient alice = pool.miner("alice.cpu");
          MinerClient bob = pool.miner("bob.cpu")) {
        alice.start();
        bob.start();
        await()
            .atMost(SOON)
            .until(() -> pool.booked.size() >= 3 && pool.accounting().workers().size() == 2);
      }
      await().atMost(SOON).until(() -> pool.node.openBlocks() == 0);
      long fees = 0;
      int inChain = 0;
      for (BlockRow block : pool.accounting().blocks()) {
        Amounts credited = credits(pool, block.hash());
        assertThat(credited).isEqualTo(block.reward());
        if (!isInChain(block.hash())) {
          continue; // Two miners on one machine find rivals; the node has no statistics of those.
        }
        inChain++;
        JsonNode stats = node.rpc().call("getblockstats", block.hash().toDisplayHex());
        assertThat(credited)
            .isEqualTo(
                new Amounts(
                    stats.required("subsidy").asLong(), stats.required("totalfee").asLong()));
        assertThat(block.transactions()).isEqualTo(stats.required("txs").asInt());
        assertThat(block.height()).isEqualTo(stats.required("height").asInt());
        fees += credited.feesSat();
      }
      assertThat(inChain).isPositive();
      assertThat(fees).as("the first block had transactions").isPositive();
      assertThat(pool.accounting().replay().differences()).isEmpty();
    }
  }

  /** One data folder, another scheme at each start: every block pays by its own. */
  @Test
  void eachSchemeDividesTheBlocksOfItsTime() throws Exception {
    TestPool first = pplns(settings());
    Set<SchemeKind> settled = new HashSet<>();
    for (String scheme : List.of("prop", "pplns_work", "tides", "pplns")) {
      Path file = first.write(folder);
      String text =
          Files.readString(file).replace("scheme = \"pplns\"", "scheme = \"" + scheme + "\"");
      if (!scheme.startsWith("pplns")) {
        text = text.replace("window_units = 20\n", "");
      }
      Files.writeString(file, text);
      try (Pool pool = new Pool(file)) {
        try (MinerClient alice = pool.miner("alice.cpu");
            MinerClient bob = pool.miner("bob.cpu")) {
          alice.start();
          bob.start();
          await().atMost(SOON).until(() -> pool.booked.size() >= 2);
        }
        await().atMost(SOON).until(() -> pool.node.openBlocks() == 0);
        for (BlockRow block : pool.accounting().blocks()) {
          assertThat(credits(pool, block.hash())).isEqualTo(block.reward());
          settled.add(block.scheme());
        }
        assertThat(pool.accounting().replay().differences()).isEmpty();
      }
    }
    assertThat(settled)
        .containsExactlyInAnyOrder(
            SchemeKind.PROP, SchemeKind.PPLNS_WORK, SchemeKind.TIDES, SchemeKind.PPLNS_UNITS);
  }

  @Test
  void soloPaysTheFinderByTheBlockItself() throws Exception {
    makeTransactions(1);
    String finder = wallet.address("bech32m");
    String operator = wallet.address("bech32");
    TestPool settings =
        settings()
            .payout("scheme = \"solo\"")
            .payout("address = \"" + operator + "\"")
            .payout("fee_ppm_subsidy = 20000")
            .payout("fee_ppm_txfees = 10001");
    try (Pool pool = new Pool(settings);
        V1Rig rig = new V1Rig(settings.port(), finder + ".rig")) {
      Hash256 hash = rig.block();
      BlockRow row = pool.awaitBlock(hash);
      JsonNode stats = node.rpc().call("getblockstats", hash.toDisplayHex());
      long subsidy = stats.required("subsidy").asLong();
      long fees = stats.required("totalfee").asLong();
      assertThat(fees).isPositive();
      long fee = subsidy * 20_000 / 1_000_000 + fees * 10_001 / 1_000_000;

      JsonNode outputs =
          node.rpc()
              .call("getblock", hash.toDisplayHex(), 2)
              .required("tx")
              .required(0)
              .required("vout");
      assertThat(paidTo(outputs, finder)).isEqualTo(subsidy + fees - fee);
      assertThat(paidTo(outputs, operator)).isEqualTo(fee);

      assertThat(row.reward()).isEqualTo(new Amounts(subsidy, fees));
      assertThat(row.poolFee().totalSat()).isEqualTo(fee);
      assertThat(credits(pool, hash).totalSat()).isEqualTo(subsidy + fees - fee);
      assertThat(balance(pool, finder).orElseThrow().paidByCoinbase().totalSat())
          .isEqualTo(subsidy + fees - fee);
      assertThat(pool.accounting().replay().differences()).isEmpty();
    }
  }

  @Test
  void anOrphanIsReversedAndComesBack() throws Exception {
    TestPool settings = pplns(settings());
    try (Pool pool = new Pool(settings);
        V1Rig rig = new V1Rig(settings.port(), "alice.rig")) {
      rig.block(); // Its own share ends the window, so the first block of a pool has none but this.
      rig.nextJob();
      Hash256 hash = rig.block();
      pool.awaitBlock(hash);
      long owed = balance(pool, "alice").orElseThrow().pending().totalSat();
      long reward = credits(pool, hash).totalSat();

      node.rpc().call("invalidateblock", hash.toDisplayHex());
      await().atMost(SOON).until(() -> pool.state(hash) == BlockState.ORPHANED);
      assertThat(balance(pool, "alice").orElseThrow().pending().totalSat())
          .isEqualTo(owed - reward);

      node.rpc().call("reconsiderblock", hash.toDisplayHex());
      await().atMost(SOON).until(() -> pool.state(hash) == BlockState.IMMATURE);
      assertThat(balance(pool, "alice").orElseThrow().pending().totalSat()).isEqualTo(owed);
      assertThat(pool.accounting().replay().differences()).isEmpty();
    }
  }

  @Test
  void aMatureBlockIsPayable() throws Exception {
    TestPool settings = pplns(settings());
    try (Pool pool = new Pool(settings);
        V1Rig rig = new V1Rig(settings.port(), "alice.rig")) {
      Hash256 hash = rig.block();
      pool.awaitBlock(hash);
      long reward = credits(pool, hash).totalSat();
      assertThat(reward).isPositive();
      assertThat(balance(pool, "alice").orElseThrow().pending().totalSat()).isEqualTo(reward);

      node.rpc().call("generatetoaddress", 99, wallet.address("bech32"));
      String tip = node.rpc().call("getbestblockhash").asString();
      rig.awaitJobOn(Hash256.ofDisplayHex(tip));
      assertThat(pool.state(hash)).isEqualTo(BlockState.IMMATURE);
      node.rpc().call("generatetoaddress", 1, wallet.address("bech32"));
      await().atMost(SOON).until(() -> pool.state(hash) == BlockState.MATURE);
      BalanceRow row = balance(pool, "alice").orElseThrow();
      assertThat(row.payableSat()).isEqualTo(reward);
      assertThat(row.pending()).isEqualTo(Amounts.ZERO);

      // A reorganisation a hundred blocks deep takes it back, and another brings it again.
      node.rpc().call("invalidateblock", hash.toDisplayHex());
      pool.node.followBlocks();
      assertThat(pool.state(hash)).isEqualTo(BlockState.ORPHANED);
      assertThat(balance(pool, "alice").orElseThrow().payableSat()).isZero();
      node.rpc().call("reconsiderblock", hash.toDisplayHex());
      pool.node.followBlocks();
      assertThat(pool.state(hash)).isEqualTo(BlockState.MATURE);
      assertThat(balance(pool, "alice").orElseThrow().payableSat()).isEqualTo(reward);
      assertThat(pool.accounting().checkInvariants().broken()).isEmpty();
      assertThat(pool.accounting().replay().differences()).isEmpty();
    }
  }

  @Test
  void theNodeMayGoAndComeBack() throws Exception {
    TestPool settings = pplns(settings());
    try (Pool pool = new Pool(settings);
        MinerClient miner = pool.miner("alice.cpu")) {
      miner.start();
      await().atMost(SOON).until(() -> !pool.booked.isEmpty());
      node.stop();
      await().atMost(SOON).until(() -> pool.node.nodeState().kind() == NodeState.Kind.UNREACHABLE);
      assertThat(pool.node.addresses()).as("a short absence sends nobody away").isNotEmpty();
      assertThat(pool.node.readiness().ready()).as("but its work is not fresh").isFalse();
      assertThat(pool.node.readiness().open()).isTrue();
      node.startAgain();
      await().atMost(SOON).until(() -> pool.node.nodeState().isReady());
      int before = node.rpc().call("getblockcount").asInt();
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            assertThat(node.rpc().call("getblockcount").asInt()).isGreaterThan(before);
            assertThat(newestHeight(pool)).isGreaterThan(before);
          });
      assertThat(miner.stats().unanswered()).isZero();
    }
  }

  @Test
  void minersComeBackToAPoolThatWasRestarted() throws Exception {
    TestPool settings = pplns(settings());
    Path file = settings.write(folder);
    MinerClient miner = miner(settings.port(), "alice.cpu");
    try (miner) {
      List<BlockRow> blocks;
      try (Pool pool = new Pool(file)) {
        miner.start();
        await().atMost(SOON).until(() -> pool.booked.size() >= 2);
        blocks = pool.accounting().blocks();
      }
      long accepted = miner.stats().accepted();
      try (Pool pool = new Pool(file)) {
        await()
            .atMost(SOON)
            .until(() -> miner.stats().accepted() > accepted && !pool.booked.isEmpty());
        assertThat(miner.stats().reconnects()).isPositive();
        assertThat(pool.accounting().blocks().stream().map(BlockRow::hash))
            .containsAll(blocks.stream().map(BlockRow::hash).toList());
        assertThat(pool.accounting().replay().differences()).isEmpty();
      }
    }
  }

  @Test
  void aNodeOfAnotherChainIsRefused() throws Exception {
    Path file =
        new TestPool(node)
            .network("signet")
            .payout("scheme = \"pplns\"")
            .payout("window_units = 2")
            .payout("address = \"tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx\"")
            .write(folder);
    try (PoolNode pool =
        new PoolNode(
            ConfigLoader.load(file).config(),
            Clock.systemUTC(),
            new SecureRandom(),
            new Booked(new CopyOnWriteArrayList<>()))) {
      await().atMost(SOON).until(() -> pool.nodeState().needsOperator());
      assertThat(pool.nodeState().kind()).isEqualTo(NodeState.Kind.WRONG_CHAIN);
      assertThat(pool.nodeState().text()).contains("regtest").contains("signet");
      assertThat(pool.addresses()).isEmpty();
    }
    Path output = folder.resolve("pool.log");
    try (PoolProcess process = PoolProcess.start(output, "pool", "--config", file.toString())) {
      assertThat(process.awaitExit(SOON)).isEqualTo(1);
      assertThat(process.said()).contains("adit: ").contains("regtest").contains("signet");
    }
  }

  @Test
  void aBlockFoundWhileTheNodeIsDownIsSubmittedWhenItIsBack() throws Exception {
    TestPool settings = pplns(settings());
    try (Pool pool = new Pool(settings);
        V1Rig rig = new V1Rig(settings.port(), "alice.rig")) {
      node.rpc().call("gettxoutsetinfo"); // Makes the node write the tip: a kill must not undo it.
      node.kill();
      Hash256 hash = rig.block();
      assertThat(pool.node.openBlocks()).isEqualTo(1);
      assertThat(folder.resolve("pool/candidates/pending/" + hash.toDisplayHex() + ".json"))
          .exists();
      assertThat(pool.accounting().blocks()).isEmpty();
      node.startAgain();
      pool.awaitBlock(hash);
      assertThat(isInChain(hash)).isTrue();
      assertThat(pool.node.openBlocks()).isZero();
    }
  }

  // ---- the parts ----

  /** The node puts new transactions into its template when the one it has is 5 s old. */
  private static void makeTransactions(int perKind) throws NodeException {
    wallet.makeCoins(perKind);
    await()
        .atMost(SOON)
        .until(() -> {
          JsonNode template =
              node.rpc().call("getblocktemplate", Map.of("rules", List.of("segwit")));
          return !template.required("transactions").isEmpty();
        });
  }

  private TestPool settings() throws IOException {
    return new TestPool(node)
        .listener("start_difficulty = \"1/65536\"")
        .listener("min_difficulty = \"1/65536\"")
        // Wins over what a kind of miner begins with.
        .listener("max_difficulty = \"1/65536\"")
        .listener("vardiff = false")
        .listener("above_network = true");
  }

  private static TestPool pplns(TestPool settings) throws NodeException {
    return settings
        .payout("scheme = \"pplns\"")
        .payout("window_units = 20")
        .payout("address = \"" + wallet.address("bech32") + "\"")
        .account("alice", wallet.address("bech32"))
        .account("bob", wallet.address("bech32m"));
  }

  private static MinerClient miner(int port, String user) {
    MinerOptions.Timing usual = MinerOptions.Timing.usual();
    MinerOptions options =
        MinerOptions.of(PoolUrl.parse("stratum+tcp://127.0.0.1:" + port), user, 1)
            .withTiming(
                new MinerOptions.Timing(
                    usual.connect(),
                    usual.configure(),
                    usual.handshake(),
                    usual.reply(),
                    usual.silence(),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(1)));
    // Blocks cost next to nothing here: the plainest engine will do, and needs no warming up.
    return new MinerClient(
        options,
        MinerListener.NONE,
        HashEngines.named("message-digest"),
        System::nanoTime,
        () -> 0.5);
  }

  private static Amounts credits(Pool pool, Hash256 block) {
    return pool.accounting().credits(block).stream()
        .map(row -> row.amounts())
        .reduce(Amounts.ZERO, Amounts::plus);
  }

  private static Optional<BalanceRow> balance(Pool pool, String account) {
    return pool.accounting().balances().stream()
        .filter(row -> row.account().equals(account))
        .findFirst();
  }

  private static boolean isInChain(Hash256 hash) throws NodeException {
    JsonNode header = node.rpc().call("getblockheader", hash.toDisplayHex());
    return header.required("confirmations").asInt() > 0;
  }

  private static int newestHeight(Pool pool) {
    return pool.accounting().blocks().stream().mapToInt(BlockRow::height).max().orElse(0);
  }

  private static long paidTo(JsonNode outputs, String address) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode output : outputs) {
      if (output.path("scriptPubKey").path("address").asString("").equals(address)) {
        sum = sum.add(output.required("value").decimalValue());
      }
    }
    return sum.multiply(BigDecimal.valueOf(COIN)).longValueExact();
  }

  private record Booked(List<BlockCandidate> blocks) implements BlockListener {
    @Override
    public void booked(BlockCandidate candidate) {
      blocks.add(candidate);
    }

    @Override
    public void rejected(BlockCandidate candidate, String reason) {
      throw new AssertionError("the node refused a block of the pool: " + reason);
    }
  }

  /** A pool that is open for miners. */
  private final class Pool implements AutoCloseable {
    private final List<BlockCandidate> booked = new CopyOnWriteArrayList<>();
    private final PoolNode node;

    Pool(TestPool settings) throws Exception {
      this(settings.write(folder));
    }

    Pool(Path file) throws Exception {
      assertThat(Files.exists(file)).isTrue();
      node =
          new PoolNode(
              ConfigLoader.load(file).config(),
              Clock.systemUTC(),
              new SecureRandom(),
              new Booked(booked));
      boolean open = false;
      try {
        await().atMost(SOON).until(() -> !node.addresses().isEmpty());
        open = true;
      } finally {
        if (!open) {
          node.close();
        }
      }
    }

    MinerClient miner(String user) {
      return PoolNodeIT.miner(node.addresses().getFirst().getPort(), user);
    }

    PoolAccounting accounting() {
      return node.accounting();
    }

    BlockRow awaitBlock(Hash256 hash) {
      await().atMost(SOON).until(() -> accounting().block(hash).isPresent());
      await().atMost(SOON).until(() -> node.openBlocks() == 0);
      return accounting().block(hash).orElseThrow();
    }

    BlockState state(Hash256 hash) {
      return accounting().block(hash).orElseThrow().state();
    }

    @Override
    public void close() throws IOException {
      node.close();
    }
  }
}
