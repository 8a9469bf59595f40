package org.adit.pool.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import org.adit.config.Network;
import org.adit.pool.bitcoind.LocalNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Blocks of the pool's own making are taken by a real node at every height. */
class ChainPrimerIT {
  private static final int BLOCKS = 300;

  @TempDir Path folder;

  @Test
  void theNodeTakesABlockAtEachOfTheFirst300Heights() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      DemoWallet wallet = DemoWallet.open(node.rpc(), "primer");
      byte[] script = wallet.script(wallet.address("bech32m"));

      new ChainPrimer(node.rpc(), Network.REGTEST, script, 1, Clock.systemUTC())
          .mine(BLOCKS, (done, wanted) -> {});

      assertThat(node.rpc().call("getblockcount").asInt()).isEqualTo(BLOCKS);
      // BIP 54: lock time one below the height, and a sequence number that lets it bind.
      for (int height : new int[] {1, 16, 17, 127, 128, 255, 256, BLOCKS}) {
        String hash = node.rpc().call("getblockhash", height).asString();
        JsonNode coinbase = node.rpc().call("getblock", hash, 2).path("tx").path(0);
        assertThat(coinbase.path("locktime").asInt()).isEqualTo(height - 1);
        assertThat(coinbase.path("vin").path(0).path("sequence").asLong()).isEqualTo(0xfffffffeL);
      }
      // From height 150 the subsidy halves, and regtest templates signal a bit of the rolling mask.
      assertThat(node.rpc().call("getblockstats", 150).path("subsidy").asLong())
          .isEqualTo(2_500_000_000L);
    }
  }
}
