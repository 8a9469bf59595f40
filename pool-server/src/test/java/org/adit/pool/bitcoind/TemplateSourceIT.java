package org.adit.pool.bitcoind;

import static org.adit.pool.bitcoind.NodeState.Kind.CLOCK_WRONG;
import static org.adit.pool.bitcoind.NodeState.Kind.INITIAL_DOWNLOAD;
import static org.adit.pool.bitcoind.NodeState.Kind.LOGIN_REFUSED;
import static org.adit.pool.bitcoind.NodeState.Kind.READY;
import static org.adit.pool.bitcoind.NodeState.Kind.UNREACHABLE;
import static org.adit.pool.bitcoind.NodeState.Kind.UNSUPPORTED_FORK;
import static org.adit.pool.bitcoind.NodeState.Kind.WRONG_CHAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.adit.config.BitcoindConfig;
import org.adit.config.Network;
import org.adit.config.RpcCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The source against real nodes, each test with one of its own because it stops, starts and
 * reorganises it.
 */
final class TemplateSourceIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Generous for a busy machine, far below any poll or refresh interval of these tests. */
  private static final Duration AT_ONCE = Duration.ofSeconds(4);

  private static final Duration NEVER = Duration.ofHours(1);

  @TempDir private Path folder;

  @Test
  void deliversATemplateBeforeItSaysReady() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      TemplateRecorder seen = new TemplateRecorder();
      TemplateListener order =
          new TemplateListener() {
            @Override
            public void onTemplate(BlockTemplate template, boolean newTip) {
              seen.onTemplate(template, newTip);
            }

            @Override
            public void onState(NodeState state) {
              if (state.isReady()) {
                assertThat(seen.templates).hasSize(1);
              }
              seen.onState(state);
            }
          };
      try (TemplateSource source =
          new TemplateSource(
              config(node, NEVER, NEVER), Network.REGTEST, Clock.systemUTC(), order)) {
        source.start();
        seen.awaitState(READY, SOON);
        assertThat(seen.states.getFirst().kind()).isEqualTo(NodeState.Kind.STARTING);
        assertThat(seen.templates.getFirst().newTip()).isTrue();
        assertThat(seen.templates.getFirst().template().height()).isEqualTo(1);
        assertThat(source.state().warnings()).isEmpty();
        assertThat(source.current()).hasValue(seen.templates.getFirst().template());
      }
    }
  }

  @Test
  void longPollAloneTellsANewTipAtOnce() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      followsTips(node, withoutZmq(config(node, NEVER, NEVER)), true);
    }
  }

  @Test
  void zmqAloneTellsANewTipAtOnce() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      followsTips(node, config(node, NEVER, NEVER), false);
    }
  }

  @Test
  void pollAloneFindsANewTip() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      followsTips(node, withoutZmq(config(node, Duration.ofMillis(200), NEVER)), false);
    }
  }

  private static void followsTips(LocalNode node, BitcoindConfig config, boolean longPolling)
      throws Exception {
    TemplateRecorder seen = new TemplateRecorder();
    try (TemplateSource source =
        new TemplateSource(config, Network.REGTEST, Clock.systemUTC(), seen, longPolling)) {
      source.start();
      seen.awaitState(READY, SOON);
      awaitSubscribed(node, config, seen);
      for (int i = 0; i < 3; i++) {
        String tip = mine(node, 1);
        assertThat(seen.awaitTip(AT_ONCE, tip).newTip()).isTrue();
      }
      String gone = mine(node, 1);
      seen.awaitTip(AT_ONCE, gone);
      node.rpc().call("invalidateblock", gone);
      String other =
          mine(node, 2, "raw(52)"); // The chain goes back one block and then another way.
      assertThat(seen.awaitTip(AT_ONCE, other).newTip()).isTrue();
      for (int i = 1; i < seen.templates.size(); i++) {
        var delivery = seen.templates.get(i);
        assertThat(delivery.newTip())
            .isEqualTo(!delivery.template().sameTip(seen.templates.get(i - 1).template()));
      }
    }
  }

  /**
   * ZMQ keeps nothing for those who subscribe later, so blocks are found until the source hears of
   * one.
   */
  private static void awaitSubscribed(
      LocalNode node, BitcoindConfig config, TemplateRecorder seen) {
    if (config.zmqHashblock().isPresent()) {
      await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(300))
          .until(() -> {
            mine(node, 1);
            return seen.templates.size() > 1;
          });
    }
  }

  @Test
  void refreshesForNewTransactions() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      node.rpc().call("createwallet", "w");
      String address = node.rpc().call("getnewaddress").stringValue();
      node.rpc().call("generatetoaddress", 101, address);
      TemplateRecorder seen = new TemplateRecorder();
      try (TemplateSource source =
          new TemplateSource(
              config(node, NEVER, Duration.ofMillis(500)),
              Network.REGTEST,
              Clock.systemUTC(),
              seen,
              false)) {
        source.start();
        seen.awaitState(READY, SOON);
        String txid = node.rpc().call("sendtoaddress", address, 1).stringValue();
        var delivery = seen.awaitTemplate(SOON, d -> !d.template().transactions().isEmpty());
        assertThat(delivery.newTip()).isFalse();
        assertThat(delivery.template().transactions().getFirst().txid().toDisplayHex())
            .isEqualTo(txid);
        assertThat(delivery.template().feesSat()).isPositive();
        assertThat(delivery.template().subsidySat()).isEqualTo(5_000_000_000L);
      }
    }
  }

  @Test
  void aNodeThatGoesAwayAndComesBackIsFollowedAgain() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      TemplateRecorder seen = new TemplateRecorder();
      try (TemplateSource source =
          new TemplateSource(
              config(node, Duration.ofMillis(200), NEVER),
              Network.REGTEST,
              Clock.systemUTC(),
              seen)) {
        source.start();
        seen.awaitState(READY, SOON);
        seen.awaitTip(SOON, mine(node, 1));
        for (int round = 0; round < 2; round++) {
          if (round == 0) {
            node.stop();
          } else {
            node.kill();
          }
          assertThat(seen.awaitState(UNREACHABLE, SOON).text())
              .containsAnyOf("cannot be reached", "does not exist", "is shutting down");
          assertThat(source.current()).as("the last template is kept").isPresent();
          node.startAgain();
          NodeState back = seen.awaitState(READY, SOON);
          assertThat(back.since()).isAfter(seen.states.getFirst().since());
          assertThat(seen.awaitTip(SOON, mine(node, 1)).newTip()).isTrue();
        }
      }
    }
  }

  @Test
  void aSourceStartedBeforeItsNodeWaitsForIt() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      node.stop();
      TemplateRecorder seen = new TemplateRecorder();
      try (TemplateSource source =
          new TemplateSource(
              config(node, NEVER, NEVER), Network.REGTEST, Clock.systemUTC(), seen)) {
        source.start();
        seen.awaitState(UNREACHABLE, SOON);
        node.startAgain();
        seen.awaitState(READY, SOON);
      }
    }
  }

  @Test
  void theWrongChainIsSaidAndNothingIsServed() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      TemplateRecorder seen = new TemplateRecorder();
      try (TemplateSource source =
          new TemplateSource(
              config(node, NEVER, NEVER), Network.TESTNET4, Clock.systemUTC(), seen)) {
        source.start();
        NodeState state = seen.awaitState(WRONG_CHAIN, SOON);
        assertThat(state.text()).contains("regtest", "testnet4", node.rpcUrl().toString());
        assertThat(state.needsOperator()).isTrue();
        assertThat(seen.templates).isEmpty();
      }
    }
  }

  @Test
  void aRefusedLoginIsSaidAndMendsItself() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder.resolve("node"))) {
      Path cookie = Files.writeString(folder.resolve("cookie"), "__cookie__:wrong");
      BitcoindConfig good = config(node, NEVER, NEVER);
      BitcoindConfig config =
          new BitcoindConfig(
              good.url(),
              new RpcCredentials.Cookie(cookie),
              good.zmqHashblock(),
              good.requestTimeout(),
              good.pollInterval(),
              good.refreshInterval(),
              false);
      TemplateRecorder seen = new TemplateRecorder();
      try (TemplateSource source =
          new TemplateSource(config, Network.REGTEST, Clock.systemUTC(), seen)) {
        source.start();
        assertThat(seen.awaitState(LOGIN_REFUSED, SOON).text())
            .contains(cookie.toString())
            .doesNotContain("wrong");
        Files.copy(
            folder.resolve("node/regtest/.cookie"),
            cookie,
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        seen.awaitState(READY, SOON);
      }
    }
  }

  @Test
  void aForkWithoutSha256dIsRefusedInTimeAndAnnouncedBefore() throws Exception {
    try (LocalNode node =
        LocalNode.start(
            Network.REGTEST, folder.resolve("near"), "-testactivationheight=blake2b@2016")) {
      TemplateRecorder seen = new TemplateRecorder();
      try (TemplateSource source =
          new TemplateSource(
              config(node, NEVER, NEVER), Network.REGTEST, Clock.systemUTC(), seen)) {
        source.start();
        assertThat(seen.awaitState(UNSUPPORTED_FORK, SOON).text())
            .contains("BLAKE2b", "2016", "Bitcoin Core");
        assertThat(seen.templates).isEmpty();
      }
    }
    try (LocalNode node =
        LocalNode.start(
            Network.REGTEST, folder.resolve("far"), "-testactivationheight=blake2b@2018")) {
      TemplateRecorder seen = new TemplateRecorder();
      try (TemplateSource source =
          new TemplateSource(
              config(node, NEVER, Duration.ofMillis(300)),
              Network.REGTEST,
              Clock.systemUTC(),
              seen)) {
        source.start();
        NodeState ready = seen.awaitState(READY, SOON);
        assertThat(ready.warnings()).singleElement().asString().contains("2018", "SHA-256d");
        mine(node, 2);
        seen.awaitState(UNSUPPORTED_FORK, SOON);
      }
    }
  }

  @Test
  void aPublicTestChainNeedsPeersUnlessIsolated() throws Exception {
    try (LocalNode node = LocalNode.start(Network.TESTNET4, folder)) {
      BitcoindConfig isolated = config(node, NEVER, NEVER);
      BitcoindConfig open =
          new BitcoindConfig(
              isolated.url(),
              isolated.credentials(),
              isolated.zmqHashblock(),
              isolated.requestTimeout(),
              isolated.pollInterval(),
              isolated.refreshInterval(),
              false);
      TemplateRecorder waiting = new TemplateRecorder();
      try (TemplateSource source =
          new TemplateSource(open, Network.TESTNET4, Clock.systemUTC(), waiting)) {
        source.start();
        waiting.awaitState(INITIAL_DOWNLOAD, SOON);
        assertThat(waiting.templates).isEmpty();
      }
      TemplateRecorder serving = new TemplateRecorder();
      try (TemplateSource source =
          new TemplateSource(isolated, Network.TESTNET4, Clock.systemUTC(), serving)) {
        source.start();
        NodeState ready = serving.awaitState(READY, SOON);
        // This node's fork is far above height 0, or it is a Bitcoin Core without any.
        assertThat(ready.warnings()).allSatisfy(w -> assertThat(w).contains("SHA-256d"));
      }
    }
  }

  @Test
  void clocksThatDisagreeAreToldAndStopMining() throws Exception {
    try (LocalNode node = LocalNode.start(Network.SIGNET, folder)) {
      for (int seconds : new int[] {-700, 60, 700}) {
        TemplateRecorder seen = new TemplateRecorder();
        Clock skewed = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(seconds));
        try (TemplateSource source =
            new TemplateSource(config(node, NEVER, NEVER), Network.SIGNET, skewed, seen)) {
          source.start();
          if (seconds == 60) {
            assertThat(seen.awaitState(READY, SOON).warnings())
                .anyMatch(w -> w.contains("s behind this machine's"));
          } else {
            assertThat(seen.awaitState(CLOCK_WRONG, SOON).text())
                .contains("NTP", seconds < 0 ? "ahead" : "behind");
            assertThat(seen.templates).isEmpty();
          }
        }
      }
    }
  }

  @Test
  void afterCloseNothingIsToldAnyMore() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      TemplateRecorder seen = new TemplateRecorder();
      TemplateSource source =
          new TemplateSource(
              config(node, Duration.ofMillis(50), Duration.ofMillis(50)),
              Network.REGTEST,
              Clock.systemUTC(),
              seen);
      source.start();
      seen.awaitState(READY, SOON);
      long began = System.nanoTime();
      source.close();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      int told = seen.templates.size() + seen.states.size();
      mine(node, 1);
      source.close(); // Harmless.
      assertThat(seen.templates.size() + seen.states.size()).isEqualTo(told);
      assertThat(seen.states.getLast().kind()).isEqualTo(READY);
    }
  }

  private static BitcoindConfig config(LocalNode node, Duration poll, Duration refresh) {
    return new BitcoindConfig(
        node.rpcUrl(),
        node.credentials(),
        Optional.of(node.zmqHashblock()),
        Duration.ofSeconds(10),
        poll,
        refresh,
        true);
  }

  private static BitcoindConfig withoutZmq(BitcoindConfig config) {
    return new BitcoindConfig(
        config.url(),
        config.credentials(),
        Optional.empty(),
        config.requestTimeout(),
        config.pollInterval(),
        config.refreshInterval(),
        config.isolated());
  }

  /** Lets the node itself find blocks; the last one's hash. */
  private static String mine(LocalNode node, int blocks) throws NodeException {
    return mine(node, blocks, "raw(51)");
  }

  private static String mine(LocalNode node, int blocks, String output) throws NodeException {
    var hashes = node.rpc().call("generatetodescriptor", blocks, output);
    return hashes.get(hashes.size() - 1).stringValue();
  }
}
