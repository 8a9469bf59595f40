package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.NodeState;
import org.adit.pool.bitcoind.NodeStatus;
import org.adit.pool.blocks.BlockEvents.Kind;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.blocks.BlockTimeline;
import org.adit.pool.cli.Cli;
import org.adit.pool.mining.BlockCandidate;
import org.adit.pool.web.PoolReadiness;
import org.adit.pool.work.EmptyWork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** A pool with two real nodes that know each other, one of which comes to grief. */
final class NodePoolIT {
  private static final Logger LOG = LoggerFactory.getLogger(NodePoolIT.class);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String ELSEWHERE = "raw(52)";

  @TempDir private static Path folders;
  private static LocalNode first;
  private static LocalNode second;
  private static int firstPort;

  @TempDir private Path folder;

  @BeforeAll
  static void startNodes() throws Exception {
    firstPort = TestPool.freePort();
    first =
        LocalNode.start(
            Network.REGTEST, folders.resolve("first"), "-listen=1", "-bind=127.0.0.1:" + firstPort);
    second = LocalNode.start(Network.REGTEST, folders.resolve("second"));
    first.rpc().call("createwallet", "w");
    String address = first.rpc().call("getnewaddress").asString();
    first.rpc().call("generatetoaddress", 101, address);
  }

  @AfterAll
  static void stopNodes() {
    first.close();
    second.close();
  }

  @BeforeEach
  void connectNodes() throws Exception {
    connect();
    await().atMost(SOON).until(() -> best(first).equals(best(second)));
  }

  @AfterEach
  void mendNodes() throws Exception {
    if (!first.isAlive()) {
      first.startAgain();
    }
  }

  private static void connect() throws Exception {
    if (second.rpc().call("getconnectioncount").asInt() == 0) {
      second.rpc().call("addnode", "127.0.0.1:" + firstPort, "onetry");
      await().atMost(SOON).until(() -> second.rpc().call("getconnectioncount").asInt() > 0);
    }
  }

  private static Hash256 best(LocalNode node) throws Exception {
    return Hash256.ofDisplayHex(node.rpc().call("getbestblockhash").asString());
  }

  private static Hash256 mine(LocalNode node, int blocks) throws Exception {
    JsonNode hashes = node.rpc().call("generatetodescriptor", blocks, ELSEWHERE);
    return Hash256.ofDisplayHex(hashes.required(blocks - 1).asString());
  }

  private static TestPool settings(LocalNode preferred) throws Exception {
    return new TestPool(preferred)
        .failover("comeback_seconds = 1")
        .listener("start_difficulty = \"1/65536\"")
        .listener("min_difficulty = \"1/65536\"")
        .listener("vardiff = false")
        .listener("above_network = true")
        .payout("scheme = \"pplns\"")
        .payout("window_units = 6")
        .payout("address = \"" + StratumHouse.ADDRESS + "\"")
        .account("alice", StratumHouse.ADDRESS);
  }

  private PoolNode open(TestPool settings) throws Exception {
    return new PoolNode(
        ConfigLoader.load(settings.write(folder)).config(),
        Clock.systemUTC(),
        new SecureRandom(),
        new Quiet());
  }

  private static V1Rig rig(PoolNode pool) throws Exception {
    await().atMost(SOON).until(() -> !pool.addresses().isEmpty());
    return new V1Rig(pool.addresses().getFirst().getPort(), "alice.rig");
  }

  private static void awaitInUse(PoolNode pool, int index) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> pool.nodes().get(index).inUse());
  }

  private static void awaitBooked(PoolNode pool, Hash256 block) {
    await().atMost(SOON).until(() -> pool.accounting().block(block).isPresent());
  }

  private static long millisSince(long began) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  @Test
  void aBlockFoundWhileThePreferredNodeIsDeadIsOnTheOtherAndIsToldWhenItIsBack() throws Exception {
    // Forces the chain to disk: a killed node would else come back without the block's parent.
    first.rpc().call("gettxoutsetinfo", "none");
    try (PoolNode pool = open(settings(first).node(second));
        V1Rig rig = rig(pool)) {
      awaitInUse(pool, 0);
      long began = System.nanoTime();
      first.kill();
      Hash256 block = rig.block();
      rig.awaitJobOn(block);
      LOG.info("after the node was killed: a block and its next job in {} ms", millisSince(began));
      assertThat(best(second)).isEqualTo(block);
      awaitInUse(pool, 1);
      awaitBooked(pool, block);
      assertThat(pool.nodeState().isReady()).isTrue();
      assertThat(pool.readiness().reasons()).isEmpty();
      assertThat(pool.nodeState().warnings())
          .anyMatch(text -> text.contains(first.rpcUrl().toString()));

      // The nodes do not know each other now: what the first learns it has from the pool.
      first.startAgain();
      await().atMost(SOON).until(() -> best(first).equals(block));
      connect();
      awaitInUse(pool, 0);
      rig.awaitJobOn(mine(first, 1));

      await().atMost(SOON).until(() -> kinds(pool, block).contains(Kind.CONFIRMED));
      assertThat(kinds(pool, block).subList(0, 2))
          .containsExactlyInAnyOrder(Kind.FOUND, Kind.ON_DISK);
      assertThat(kinds(pool, block)).contains(Kind.BOOKED);
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      String file = folder.resolve("pool.toml").toString();
      String[] command = {"blocks", "-c", file, "--timeline", block.toDisplayHex()};
      assertThat(Cli.run(new PrintWriter(out), new PrintWriter(err), command)).isZero();
      assertThat(out.toString())
          .contains("found", "on disk", "sent", "answered", "booked", "confirmed")
          .contains(second.rpcUrl().toString());
      for (LocalNode node : List.of(first, second)) {
        assertThat(pool.timeline(block).orElseThrow().moments())
            .anyMatch(moment ->
                moment.kind() == Kind.ANSWERED
                    && moment.node().contains(node.rpcUrl().toString())
                    && moment.text().startsWith("accepted, in the chain"));
      }
    }
  }

  private static List<Kind> kinds(PoolNode pool, Hash256 block) throws Exception {
    return pool.timeline(block).orElseThrow().moments().stream()
        .map(BlockTimeline.Moment::kind)
        .toList();
  }

  @Test
  void aNodeThatFallsSilentIsLeftAndTakenBack() throws Exception {
    try (PoolNode pool = open(settings(first).node(second));
        V1Rig rig = rig(pool)) {
      awaitInUse(pool, 0);
      long began = System.nanoTime();
      signal(first, "STOP");
      try {
        awaitInUse(pool, 1);
        LOG.info("after the node fell silent: the other in use in {} ms", millisSince(began));
        assertThat(pool.nodes().getFirst().silent()).isTrue();
        Hash256 tip = mine(second, 1);
        rig.awaitJobOn(tip);
        awaitBooked(pool, rig.block());
      } finally {
        signal(first, "CONT");
      }
      awaitInUse(pool, 0);
      assertThat(pool.nodes().getFirst().silent()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hangs", "garbage", "error"})
  void aPreferredNodeThatIsNoUseIsNoHarm(String kind) throws Exception {
    try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        NodeFront front = new NodeFront(first)) {
      URI bad = front.url();
      switch (kind) {
        case "hangs" -> bad = URI.create("http://127.0.0.1:" + hanging.getLocalPort());
        case "garbage" -> front.answer(200, "<html>{{{");
        default -> front.answer(500, "out of order");
      }
      TestPool settings =
          settings(second).nodeBefore(bad, first.credentials(), first.zmqHashblock());
      long began = System.nanoTime();
      try (PoolNode pool = open(settings);
          V1Rig rig = rig(pool)) {
        LOG.info("beside a node that {}: open in {} ms", kind, millisSince(began));
        Hash256 block = rig.block();
        rig.awaitJobOn(block);
        awaitBooked(pool, block);
        NodeStatus useless = pool.nodes().getFirst();
        assertThat(useless.inUse()).isFalse();
        assertThat(useless.tipHeight()).isEqualTo(-1);
        if (!kind.equals("hangs")) {
          assertThat(useless.state().kind()).isEqualTo(NodeState.Kind.UNREACHABLE);
          front.mend();
          awaitInUse(pool, 0);
          rig.awaitJobOn(mine(first, 1));
        }
      }
    }
  }

  @Test
  void theChainGoesBackAndForthAndANodeBehindIsNotUsed() throws Exception {
    try (PoolNode pool = open(settings(first).node(second));
        V1Rig rig = rig(pool)) {
      awaitInUse(pool, 0);
      Hash256 parent = best(first);
      Hash256 block = rig.block();
      rig.awaitJobOn(block);
      await().atMost(SOON).until(() -> best(second).equals(block));

      // Only the first goes back: its tip has less work behind it than the second's.
      first.rpc().call("invalidateblock", block.toDisplayHex());
      awaitInUse(pool, 1);
      await().atMost(SOON).until(() -> pool.nodes().getFirst().behind());
      assertThat(Objects.requireNonNull(pool.jobs().current()).tip().blockHash()).isEqualTo(block);
      first.rpc().call("reconsiderblock", block.toDisplayHex());
      awaitInUse(pool, 0);

      // Both go back and forth.
      for (int round = 0; round < 2; round++) {
        first.rpc().call("invalidateblock", block.toDisplayHex());
        second.rpc().call("invalidateblock", block.toDisplayHex());
        rig.awaitJobOn(parent);
        first.rpc().call("reconsiderblock", block.toDisplayHex());
        second.rpc().call("reconsiderblock", block.toDisplayHex());
        rig.awaitJobOn(block);
      }
      Hash256 next = rig.block();
      awaitBooked(pool, next);
      awaitBooked(pool, block);
    }
  }

  @Test
  void workWithoutTransactionsBridgesTheTimeANodeTakes() throws Exception {
    try (NodeFront front = new NodeFront(first)) {
      TestPool settings =
          settings(first)
              .jobs("empty_first_ms = 50")
              .at(front.url(), first.credentials(), first.zmqHashblock());
      try (PoolNode pool = open(settings);
          V1Rig rig = rig(pool)) {
        String to = first.rpc().call("getnewaddress").asString();
        first.rpc().call("sendtoaddress", to, 1);
        V1Job empty;
        front.holdTemplates(true);
        try {
          // Somebody's block that leaves the transaction to us.
          JsonNode theirs = first.rpc().call("generateblock", ELSEWHERE, List.of());
          empty = rig.awaitJobOn(Hash256.ofDisplayHex(theirs.required("hash").asString()));
          assertThat(empty.branch()).isEmpty();
          assertThat(empty.clean()).isTrue();
        } finally {
          front.holdTemplates(false);
        }
        V1Job full = rig.nextJob();
        assertThat(full.branch()).as("one transaction").hasDimensions(1, 32);
        assertThat(full.previousSwapped()).isEqualTo(empty.previousSwapped());
        assertThat(full.clean()).as("miners leave the empty one").isTrue();

        // Its job earns all the same, and its block is as valid as any.
        V1Job.Share share =
            empty.find(rig.extranonce1(), "00000000000000ff", Target.ofCompact(empty.bits()));
        assertThat(rig.submit(share, empty.id()).required("result").asBoolean()).isTrue();
        awaitBooked(pool, share.hash());
        await().atMost(SOON).until(() -> best(first).equals(share.hash()));
        assertThat(pool.accounting().block(share.hash()).orElseThrow().reward().feesSat()).isZero();
        EmptyWork.Figures figures = pool.counters().emptyWork().figures();
        assertThat(figures.tips()).isPositive();
        assertThat(figures.shares()).isEqualTo(1);
        assertThat(figures.blocks()).isEqualTo(1);
        assertThat(figures.blockFeesSat()).isPositive();
        assertThat(figures.expectedFeesSat()).isPositive();
        // On a busy machine this tip may begin with empty work too.
        rig.awaitJobOn(share.hash());
        while (rig.job().branch().length == 0) {
          rig.nextJob();
        }
      }
    }
  }

  @Test
  void portsAreClosedWhileTheNodeWouldTakeNoBlockOfOurs() throws Exception {
    try (NodeFront front = new NodeFront(first)) {
      TestPool settings =
          settings(first).at(front.url(), first.credentials(), first.zmqHashblock());
      try (PoolNode pool = open(settings)) {
        await().atMost(SOON).until(() -> pool.readiness().ready());
        front.refuseBlocks(true);
        try (V1Rig rig = rig(pool)) {
          mine(first, 1); // New work, made for the rig, is shown to the node.
          await().atMost(SOON).until(() -> pool.addresses().isEmpty());
          while (rig.client().line() != null) {
            // What was sent before the end.
          }
        }
        PoolReadiness not = pool.readiness();
        assertThat(not.ready()).isFalse();
        assertThat(not.open()).isFalse();
        assertThat(not.reasons()).anyMatch(reason -> reason.contains("bad-out-of-order"));
        mine(first, 1);
        await()
            .during(Duration.ofMillis(1_500))
            .atMost(SOON)
            .until(() -> pool.addresses().isEmpty());

        front.refuseBlocks(false);
        mine(first, 1);
        await().atMost(SOON).until(() -> pool.readiness().ready());
        try (V1Rig rig = rig(pool)) {
          awaitBooked(pool, rig.block());
        }
      }
    }
  }

  private static void signal(LocalNode node, String name) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, node.pid().orElseThrow().toString()).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }

  private static final class Quiet implements BlockListener {
    @Override
    public void booked(BlockCandidate candidate) {
      // the test looks at the books
    }

    @Override
    public void rejected(BlockCandidate candidate, String reason) {
      throw new AssertionError("the nodes refused a block of the pool: " + reason);
    }
  }
}
