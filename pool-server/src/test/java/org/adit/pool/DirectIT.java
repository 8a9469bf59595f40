package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.BlockState;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.mining.BlockCandidate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks whose coinbases pay the miners of the window, on a real node. */
final class DirectIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** A third of a block is less: carol, who finds one block after two others, never has more. */
  private static final long LEAST = 17 * 100_000_000L;

  @TempDir private static Path nodeFolder;
  private static LocalNode node;

  @TempDir private Path folder;
  private final List<Hash256> blocks = new ArrayList<>();

  @BeforeAll
  static void startNode() throws Exception {
    node = LocalNode.start(Network.REGTEST, nodeFolder, "-fallbackfee=0.0001");
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  private static final class Quiet implements BlockListener {
    @Override
    public void booked(BlockCandidate candidate) {
      // The test looks at the books.
    }

    @Override
    public void rejected(BlockCandidate candidate, String reason) {
      throw new AssertionError("the node refused a block of the pool: " + reason);
    }
  }

  private static String address(RpcClient wallet, String type) throws Exception {
    return wallet.call("getnewaddress", "", type).asString();
  }

  private void mine(PoolNode pool, V1Rig rig, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      if (!blocks.isEmpty()) {
        rig.awaitJobOn(blocks.getLast());
      }
      Hash256 block = rig.block();
      blocks.add(block);
      await()
          .atMost(SOON)
          .until(() -> pool.accounting().block(block).isPresent() && pool.openBlocks() == 0);
    }
  }

  @Test
  void theCoinbasePaysTheMinersAndTheBooksSayExactlyThat() throws Exception {
    for (String name : List.of("pool", "miners")) {
      node.rpc().call("createwallet", name);
    }
    RpcClient poolWallet = node.rpc().forWallet("pool");
    RpcClient miners = node.rpc().forWallet("miners");
    node.rpc().call("generatetoaddress", 2, address(miners, "bech32"));
    String poolAddress = address(poolWallet, "bech32");
    String alice = address(miners, "bech32m");
    String bob = address(miners, "legacy");
    String carol = address(miners, "bech32");
    TestPool settings =
        new TestPool(node)
            .listener("start_difficulty = \"1/65536\"")
            .listener("min_difficulty = \"1/65536\"")
            .listener("max_difficulty = \"1/4096\"")
            .listener("vardiff = false")
            .listener("above_network = true")
            .payout("scheme = \"pplns\"")
            .payout("window_units = 6")
            .payout("fee_ppm_subsidy = 10000")
            .payout("direct = true")
            .payout("direct_min_sat = " + LEAST)
            .payout("address = \"" + poolAddress + "\"")
            .wallet("name = \"pool\"")
            .account("alice", alice);
    try (PoolNode pool =
        new PoolNode(
            ConfigLoader.load(settings.write(folder)).config(),
            Clock.systemUTC(),
            new SecureRandom(),
            new Quiet())) {
      await().atMost(SOON).until(() -> !pool.addresses().isEmpty());
      try (V1Rig first = new V1Rig(settings.port(), "alice.one");
          V1Rig second = new V1Rig(settings.port(), bob + ".two");
          V1Rig third = new V1Rig(settings.port(), carol + ".three")) {
        mine(pool, first, 2);
        mine(pool, third, 1);
        mine(pool, second, 4);
        mine(pool, first, 1);
      }
      PoolAccounting books = pool.accounting();
      DirectBooks direct =
          new DirectBooks(
              node.rpc(), books, poolAddress, Map.of("alice", alice, bob, bob, carol, carol));
      compare(books, direct);
      assertThat(direct.outputs(blocks.getFirst())).as("nobody had work yet").hasSize(1);
      assertThat(direct.outputs(blocks.getLast())).containsKeys(bob, poolAddress);
      assertThat(direct.outputs(blocks.getLast())).as("a sixth is held").doesNotContainKey(carol);

      node.rpc().call("generatetoaddress", 101, address(miners, "bech32"));
      pool.followBlocks();
      pool.followPayouts();
      assertThat(books.blocks()).allMatch(block -> block.state() == BlockState.MATURE);
      assertThat(balance(books, "alice").paidByCoinbase().totalSat()).isPositive();
      assertThat(balance(books, bob).paidByCoinbase().totalSat()).isPositive();
      assertThat(balance(books, carol).payableSat()).isPositive();
      assertThat(balance(books, carol).paidByCoinbase().totalSat()).isZero();
      assertThat(books.replay().differences()).isEmpty();
      assertThat(books.checkInvariants().broken()).isEmpty();
      assertThat(pool.payoutStatus().isGood()).as("wallet and books").isTrue();
      long held = poolWallet.call("getbalance").decimalValue().movePointRight(8).longValueExact();
      assertThat(books.ledger()).containsEntry("asset:wallet", held);
    }
  }

  private static BalanceRow balance(PoolAccounting books, String account) {
    return books.balances().stream()
        .filter(row -> row.account().equals(account))
        .findFirst()
        .orElseThrow();
  }

  private void compare(PoolAccounting books, DirectBooks direct) throws Exception {
    int paying = 0;
    for (Hash256 hash : blocks) {
      Map<String, Long> paid = books.directlyPaid(hash);
      assertThat(paid.values()).allMatch(sat -> sat >= LEAST);
      assertThat(direct.outputs(hash)).isEqualTo(direct.expectedOutputs(hash));
      paying += paid.isEmpty() ? 0 : 1;
    }
    assertThat(paying).isGreaterThanOrEqualTo(5);
    assertThat(direct.pending()).isEqualTo(direct.expectedPending());
  }
}
