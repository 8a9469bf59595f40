package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TipSubscriberIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @Test
  void tellsEachTipAndAGapWhenTheNodeRestarts() throws Exception {
    List<Hash256> tips = new CopyOnWriteArrayList<>();
    AtomicInteger gaps = new AtomicInteger();
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder);
        TipSubscriber subscriber =
            new TipSubscriber(node.zmqHashblock(), tips::add, gaps::incrementAndGet)) {
      subscriber.start();
      mineUntilHeard(node, tips);
      tips.clear();
      List<String> mined = mine(node, 20);
      await().atMost(SOON).until(() -> tips.size() == 20);
      assertThat(tips).extracting(Hash256::toDisplayHex).isEqualTo(mined);
      assertThat(gaps).hasValue(0);

      node.stop(); // Its numbers begin at 0 again.
      node.startAgain();
      tips.clear();
      mineUntilHeard(node, tips);
      assertThat(gaps).hasValue(1);
    }
  }

  private static void mineUntilHeard(LocalNode node, List<Hash256> tips) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(300))
        .until(() -> {
          List<String> mined = mine(node, 1);
          await().pollDelay(Duration.ofMillis(100)).until(() -> true);
          return tips.stream().anyMatch(tip -> tip.toDisplayHex().equals(mined.getFirst()));
        });
  }

  private static List<String> mine(LocalNode node, int blocks) throws NodeException {
    var hashes = node.rpc().call("generatetodescriptor", blocks, "raw(51)");
    return hashes.valueStream().map(hash -> hash.stringValue()).toList();
  }
}
