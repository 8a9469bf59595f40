package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.pool.bitcoind.LocalNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A miner that hears nothing for long leaves: it gets fresh work though nothing happens. */
final class RefreshIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void workIsRenewedWhileTheChainStandsStill() throws Exception {
    AheadClock clock = new AheadClock();
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder.resolve("node"))) {
      node.rpc().call("generatetoaddress", 1, StratumHouse.ADDRESS);
      TestPool settings =
          new TestPool(node)
              .jobs("refresh_seconds = 60")
              .payout("address = \"" + StratumHouse.ADDRESS + "\"");
      Path file = settings.write(folder);
      try (PoolNode pool =
          new PoolNode(
              ConfigLoader.load(file).config(), clock, new SecureRandom(), new QuietBlocks())) {
        await().atMost(SOON).until(() -> !pool.addresses().isEmpty());
        try (V1Rig rig = new V1Rig(settings.port(), StratumHouse.ADDRESS + ".quiet")) {
          V1Job first = rig.job();
          clock.advance(Duration.ofSeconds(61));
          V1Job second = rig.nextJob();
          clock.advance(Duration.ofSeconds(61));
          V1Job third = rig.nextJob();
          assertThat(List.of(second.clean(), third.clean())).containsOnly(false);
          assertThat(third.previousSwapped()).isEqualTo(first.previousSwapped());
          assertThat(List.of(first.id(), second.id(), third.id())).doesNotHaveDuplicates();
          assertThat(third.time()).isGreaterThanOrEqualTo(first.time() + 100);
        }
      }
    }
  }
}
