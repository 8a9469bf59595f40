package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.BlockState;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.RpcClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paying by the share on a real node: worth from the chain, reserve, stop, a block, the audit. */
final class PpsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration BUCKET = Duration.ofSeconds(90);
  private static final long COIN = 100_000_000;

  @TempDir private static Path nodeFolder;
  private static LocalNode node;

  @TempDir private Path folder;
  private final AheadClock clock = new AheadClock();
  private Path configFile = Path.of("none");

  @BeforeAll
  static void startNode() throws Exception {
    node =
        LocalNode.start(Network.REGTEST, nodeFolder, "-fallbackfee=0.0001", "-changetype=bech32");
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  private String cli(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = org.adit.pool.cli.Cli.run(new PrintWriter(out), new PrintWriter(err), arguments);
    assertThat(code).as("%s%s", out, err).isZero();
    return out.toString();
  }

  private void capital(String what, String bitcoin) {
    cli("capital", what, bitcoin, "--yes", "-c", configFile.toString());
  }

  /** A bucket ends after a minute without shares, and is paid then. */
  private void paidThrough(PoolAccounting books, long sequence) {
    clock.advance(BUCKET);
    await().atMost(SOON).until(() -> books.ppsStatus().accruedThrough() >= sequence);
  }

  private static long owed(PoolAccounting books) {
    return books.balances().stream().mapToLong(BalanceRow::payableSat).sum();
  }

  private TestPool settings(String address) throws Exception {
    return new TestPool(node)
        .listener("start_difficulty = \"1/65536\"")
        .listener("min_difficulty = \"1/65536\"")
        .listener("max_difficulty = \"1/4096\"")
        .listener("vardiff = false")
        .listener("above_network = true")
        .payout("scheme = \"fpps\"")
        .payout("fee_ppm_subsidy = 20000")
        .payout("fee_ppm_txfees = 20000")
        .payout("address = \"" + address + "\"")
        .wallet("name = \"pool\"")
        .pps("stop_below_sat = " + COIN)
        .pps("every_minutes = 1")
        .pps("fee_blocks = 10");
  }

  @Test
  void sharesArePaidAsTheyComeUntilTheReserveIsLow() throws Exception {
    node.rpc().call("createwallet", "pool");
    RpcClient wallet = node.rpc().forWallet("pool");
    String address = wallet.call("getnewaddress", "", "bech32").asString();
    node.rpc().call("generatetoaddress", 101, address);
    wallet.call("sendtoaddress", address, "1.5");
    node.rpc().call("generatetoaddress", 1, address);

    TestPool settings = settings(address);
    configFile = settings.write(folder);
    try (PoolNode pool =
        new PoolNode(
            ConfigLoader.load(configFile).config(), clock, new SecureRandom(), new QuietBlocks())) {
      PoolAccounting books = pool.accounting();
      await().atMost(SOON).until(() -> books.ppsRate().isPresent());
      assertThat(books.ppsRate().orElseThrow().subsidySat()).isEqualTo(50 * COIN);
      // One block of ten had fees; the trimmed mean leaves it out.
      assertThat(books.ppsRate().orElseThrow().expectedFeesSat()).isEqualTo(Rational.ZERO);
      assertThat(books.ppsRate().orElseThrow().inputs())
          .startsWith("trimmed of the fees of heights 93 to 102: 0,");
      await().atMost(SOON).until(() -> books.ppsStatus().stop() != null);
      assertThat(pool.addresses()).as("nothing is set aside, nobody mines").isEmpty();

      // Every share here is a whole block's expected work: 49 BTC of it are the miner's.
      capital("deposit", "100");
      capital("reserve", "60");
      await().atMost(SOON).until(() -> !pool.addresses().isEmpty());
      Hash256 block;
      try (V1Rig rig = new V1Rig(settings.port(), address + ".rig")) {
        block = rig.block();
        await().atMost(SOON).until(() -> books.block(block).isPresent());
        paidThrough(books, 1);
        assertThat(books.ppsStatus().remainingSat()).isEqualTo(11 * COIN);
        assertThat(books.ppsStatus().stop()).isNull();
        rig.awaitJobOn(block);
        rig.block();
      }
      // The second share is accepted and due, but the reserve does not carry it.
      clock.advance(BUCKET);
      await().atMost(SOON).until(() -> books.ppsStatus().problem() != null);
      await().atMost(SOON).until(() -> pool.addresses().isEmpty());
      assertThat(owed(books)).isEqualTo(49 * COIN);

      capital("reserve", "40");
      paidThrough(books, 2);
      assertThat(owed(books)).isEqualTo(98 * COIN);
      assertThat(books.ppsStatus().remainingSat()).isEqualTo(2 * COIN);
      node.rpc().call("generatetoaddress", 1, address); // A template at once, not in half a minute.
      await().atMost(SOON).until(() -> !pool.addresses().isEmpty());
      assertThat(books.block(block).orElseThrow().state()).isEqualTo(BlockState.IMMATURE);
      assertThat(books.ledger()).containsEntry("income:block", -100 * COIN);
      assertThat(books.replay().differences()).isEmpty();
      assertThat(books.checkInvariants().broken()).isEmpty();
      assertThat(cli("capital", "status", "-c", configFile.toString()))
          .contains("set aside to pay shares from   100.00000000 BTC", "2.00000000 BTC");
    }
  }
}
