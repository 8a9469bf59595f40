package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adit.accounting.PoolAccounting;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.mining.BlockCandidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Miners of one pool that take coinbases of different lengths are paid in full by every block,
 * whoever finds it: in the coinbase as far as the finder's device has room, in the ledger beyond
 * (Stratum V1 specification 5.6).
 */
final class CoinbaseClassesIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final List<String> KINDS = List.of("bech32", "bech32m", "legacy", "p2sh-segwit");
  private static final int PAYEES = 8;

  @TempDir private Path nodeFolder;
  @TempDir private Path folder;
  private final List<Hash256> blocks = new ArrayList<>();

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

  private Hash256 mine(PoolNode pool, V1Rig rig) throws IOException {
    if (!blocks.isEmpty()) {
      rig.awaitJobOn(blocks.getLast());
    }
    Hash256 block = rig.block();
    blocks.add(block);
    await()
        .atMost(SOON)
        .until(() -> pool.accounting().block(block).isPresent() && pool.openBlocks() == 0);
    return block;
  }

  private static int size(V1Job job) {
    return job.coinb1().length + 12 + job.coinb2().length;
  }

  @Test
  void eachDeviceIsSentWhatItTakesAndItsBlockIsBookedByThat() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, nodeFolder)) {
      node.rpc().call("createwallet", "wallet");
      RpcClient wallet = node.rpc().forWallet("wallet");
      Map<String, String> addressOf = new TreeMap<>();
      for (int i = 0; i < PAYEES; i++) {
        String address = wallet.call("getnewaddress", "", KINDS.get(i % KINDS.size())).asString();
        addressOf.put(address, address);
      }
      List<String> payees = List.copyOf(addressOf.keySet());
      String poolAddress = wallet.call("getnewaddress", "", "bech32").asString();
      TestPool settings =
          new TestPool(node)
              .listener("start_difficulty = \"1/65536\"")
              .listener("min_difficulty = \"1/65536\"")
              .listener("max_difficulty = \"1/4096\"")
              .listener("vardiff = false")
              .listener("above_network = true")
              .payout("scheme = \"pplns\"")
              .payout("window_units = 20")
              .payout("fee_ppm_subsidy = 10000")
              .payout("direct = true")
              .payout("address = \"" + poolAddress + "\"");
      try (PoolNode pool =
          new PoolNode(
              ConfigLoader.load(settings.write(folder)).config(),
              Clock.systemUTC(),
              new SecureRandom(),
              new Quiet())) {
        await().atMost(SOON).until(() -> !pool.addresses().isEmpty());
        for (String payee : payees) {
          try (V1Rig rig = new V1Rig(settings.port(), payee + ".rig")) {
            mine(pool, rig);
          }
        }
        DirectBooks books = new DirectBooks(node.rpc(), pool.accounting(), poolAddress, addressOf);
        try (V1Rig nerd = rig(settings, payees.get(0), "NerdMinerV2/1.6.3");
            V1Rig axe = rig(settings, payees.get(1), "bitaxe/BM1370/v2.9.0");
            V1Rig unknown = rig(settings, payees.get(2), "cgminer/4.12.1")) {
          Hash256 tip = blocks.getLast();
          assertThat(size(nerd.awaitJobOn(tip))).isLessThanOrEqualTo(255);
          assertThat(size(axe.awaitJobOn(tip))).isBetween(256, 6_500);
          assertThat(size(unknown.awaitJobOn(tip))).isBetween(256, 750);
          // All payees fit into 750 bytes: the two have one job between them.
          long newest = Math.max(id(axe), id(unknown));
          axe.catchUp(newest);
          unknown.catchUp(newest);

          check(books, pool.accounting(), mine(pool, nerd), 255, 1, 3);
          check(books, pool.accounting(), mine(pool, axe), 6_500, PAYEES, PAYEES);

          // Firmware that cuts long coinbases off hashes other headers than it thinks.
          unknown.awaitJobOn(blocks.getLast());
          assertThat(size(unknown.job())).isGreaterThan(255);
          for (int i = 0; i < 8; i++) {
            JsonNode reply = unknown.submit(wrong(unknown, i), unknown.job().id());
            assertThat(reply.required("error").required(0).asInt()).as("%s", reply).isEqualTo(23);
          }
          for (int i = 0; i < 5 && size(unknown.job()) > 255; i++) {
            unknown.nextJob();
          }
          assertThat(size(unknown.job())).isLessThanOrEqualTo(255);
        }
        for (Hash256 block : blocks) {
          assertThat(books.outputs(block)).isEqualTo(books.expectedOutputs(block));
        }
        assertThat(pool.accounting().replay().differences()).isEmpty();
        assertThat(pool.accounting().checkInvariants().broken()).isEmpty();
      }
    }
  }

  /** A share that is none. */
  private static V1Job.Share wrong(V1Rig rig, int number) {
    String extranonce2 = "ff%014x".formatted(number);
    BlockHeader header = rig.job().header(rig.extranonce1(), extranonce2, 0, rig.job().time());
    Target target = Target.ofCompact(rig.job().bits());
    for (int nonce = 0; target.isMetBy(header.hash()); nonce++) {
      header = V1Job.withNonce(header, nonce);
    }
    return new V1Job.Share(header, extranonce2);
  }

  private static V1Rig rig(TestPool settings, String payee, String agent) throws IOException {
    return new V1Rig(settings.port(), payee + ".device", "", agent);
  }

  private static long id(V1Rig rig) {
    return Long.parseLong(rig.job().id(), 16);
  }

  private static void check(
      DirectBooks books,
      PoolAccounting accounting,
      Hash256 block,
      int mostBytes,
      int leastPaid,
      int mostPaid)
      throws Exception {
    assertThat(books.coinbaseBytes(block)).isLessThanOrEqualTo(mostBytes);
    assertThat(accounting.directlyPaid(block)).hasSizeBetween(leastPaid, mostPaid);
    assertThat(books.credits(block)).hasSizeGreaterThan(3);
    assertThat(books.outputs(block)).isEqualTo(books.expectedOutputs(block));
    long paid = books.outputs(block).values().stream().mapToLong(Long::longValue).sum();
    assertThat(paid).isEqualTo(accounting.block(block).orElseThrow().reward().totalSat());
    // What did not fit is owed, to the satoshi, and nothing else is.
    assertThat(books.pending()).isEqualTo(books.expectedPending());
  }
}
