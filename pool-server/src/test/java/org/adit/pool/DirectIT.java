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
import java.util.TreeMap;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.BlockRow;
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
import tools.jackson.databind.JsonNode;

/** Blocks whose coinbases pay the miners of the window, on a real node. */
final class DirectIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final long COIN = 100_000_000;

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

  /** Satoshi per address of a block's coinbase. */
  private static Map<String, Long> coinbase(Hash256 block) throws Exception {
    Map<String, Long> outputs = new TreeMap<>();
    JsonNode first =
        node.rpc().call("getblock", block.toDisplayHex(), 2).required("tx").required(0);
    for (JsonNode output : first.required("vout")) {
      long sat = output.required("value").decimalValue().movePointRight(8).longValueExact();
      if (sat > 0) {
        outputs.merge(
            output.required("scriptPubKey").required("address").asString(), sat, Long::sum);
      }
    }
    return outputs;
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
            .payout("direct_min_sat = " + 10 * COIN)
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
        mine(pool, second, 2);
        mine(pool, first, 2);
      }
      PoolAccounting books = pool.accounting();
      compare(books, Map.of("alice", alice, bob, bob, carol, carol), poolAddress);
      assertThat(coinbase(blocks.getFirst())).as("nobody had work yet").hasSize(1);
      assertThat(coinbase(blocks.getLast())).containsKeys(alice, bob, poolAddress);
      assertThat(coinbase(blocks.getLast())).as("8.25 BTC are held").doesNotContainKey(carol);

      node.rpc().call("generatetoaddress", 101, address(miners, "bech32"));
      pool.followBlocks();
      pool.followPayouts();
      assertThat(books.blocks()).allMatch(block -> block.state() == BlockState.MATURE);
      Map<String, BalanceRow> balances = new TreeMap<>();
      books.balances().forEach(row -> balances.put(row.account(), row));
      assertThat(balances.get(bob).payableSat()).isZero();
      assertThat(balances.get(bob).paidByCoinbase().totalSat()).isPositive();
      assertThat(balances.get(carol).payableSat()).isPositive();
      assertThat(balances.get(carol).paidByCoinbase().totalSat()).isZero();
      assertThat(books.replay().differences()).isEmpty();
      assertThat(books.checkInvariants().broken()).isEmpty();
      assertThat(pool.payoutStatus().isGood()).as("wallet and books").isTrue();
      long held = poolWallet.call("getbalance").decimalValue().movePointRight(8).longValueExact();
      assertThat(books.ledger()).containsEntry("asset:wallet", held);
    }
  }

  private void compare(PoolAccounting books, Map<String, String> addressOf, String poolAddress)
      throws Exception {
    int paying = 0;
    for (Hash256 hash : blocks) {
      BlockRow block = books.block(hash).orElseThrow();
      Map<String, Long> expected = new TreeMap<>();
      expected.put(poolAddress, block.poolFee().totalSat());
      Map<String, Long> paid = books.directlyPaid(hash);
      Map<String, Long> credits = new TreeMap<>();
      books
          .credits(hash)
          .forEach(
              row -> credits.merge(row.worker().account(), row.amounts().totalSat(), Long::sum));
      credits.forEach((account, sat) -> {
        if (paid.containsKey(account)) {
          assertThat(paid).containsEntry(account, sat);
          assertThat(sat).isGreaterThanOrEqualTo(10 * COIN);
          expected.merge(addressOf.getOrDefault(account, "?"), sat, Long::sum);
        } else {
          expected.merge(poolAddress, sat, Long::sum);
        }
      });
      assertThat(coinbase(hash)).isEqualTo(expected);
      paying += paid.isEmpty() ? 0 : 1;
    }
    assertThat(paying).isGreaterThanOrEqualTo(5);
  }
}
