package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.adit.accounting.AccountingReader;
import org.adit.config.Network;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.demo.DemoWallet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * A miner whose pool is started again under it gets its extranonce back, is paid for what it found
 * meanwhile, and is not paid twice (Stratum V1 specification 2.4).
 */
final class RestartIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String USER = "alice.one";

  @TempDir private Path folder;

  /** Signet, so that a share is hardly ever a block and the tip stays; 16 384 hashes a share. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sharesForJobsOfTheLastRunCount(boolean killed) throws Exception {
    try (LocalNode node = LocalNode.start(Network.SIGNET, folder.resolve("node"))) {
      DemoWallet wallet = DemoWallet.open(node.rpc(), "restart");
      TestPool settings =
          new TestPool(node)
              .payout("scheme = \"pplns\"")
              .payout("address = \"" + wallet.address("bech32") + "\"")
              .payout("window_units = 3")
              .listener("start_difficulty = \"1/262144\"")
              .listener("min_difficulty = \"1/1048576\"")
              .listener("vardiff = false")
              .web("requests_per_second = 1000")
              // What is paid does not depend on whether headers are kept.
              .journal("evidence = " + !killed)
              .account("alice", wallet.address("bech32"))
              .account("bob", wallet.address("bech32m"));
      Path config = settings.write(folder);

      Given given;
      try (PoolProcess pool = start(config)) {
        awaitOpen(pool, settings.port());
        given = mine(settings.port());
        end(pool, killed);
      }
      // Twice, because a miner may be away for longer than one start.
      try (PoolProcess pool = start(config)) {
        awaitOpen(pool, settings.port());
        end(pool, killed);
      }
      try (PoolProcess pool = start(config)) {
        awaitOpen(pool, settings.port());
        comesBack(settings.port(), given);
        refusedOnesAreSetAgainstThoseOfThisRun();
        pool.stop();
      }
      try (AccountingReader books = AccountingReader.open(folder.resolve("pool"))) {
        assertThat(books.workers().stream().filter(w -> w.worker().equals("one")).toList())
            .singleElement()
            .satisfies(worker -> assertThat(worker.sharesAccepted()).isEqualTo(2));
      }
    }
  }

  /** What the miner has when the pool goes: a share that was paid, one it could not hand in. */
  private record Given(
      String session, String extranonce1, V1Job job, V1Job.Share paid, V1Job.Share kept) {}

  private static Given mine(int port) throws IOException {
    try (V1Rig rig = new V1Rig(port, USER)) {
      Target target = rig.difficulty().target();
      V1Job.Share paid = rig.find(target);
      assertThat(rig.submit(paid, rig.job().id()).required("result").asBoolean()).isTrue();
      return new Given(rig.sessionId(), rig.extranonce1(), rig.job(), paid, rig.find(target));
    }
  }

  private static void comesBack(int port, Given given) throws IOException {
    try (V1Rig rig = new V1Rig(port, USER, given.session())) {
      assertThat(rig.sessionId()).isEqualTo(given.session());
      assertThat(rig.extranonce1()).isEqualTo(given.extranonce1());
      JsonNode again = rig.submit(given.paid(), given.job().id());
      assertThat(again.required("error").required(0).asInt()).as(again.toString()).isEqualTo(22);
      JsonNode kept = rig.submit(given.kept(), given.job().id());
      assertThat(kept.required("result").asBoolean()).as(kept.toString()).isTrue();
      JsonNode twice = rig.submit(given.kept(), given.job().id());
      assertThat(twice.required("error").required(0).asInt()).as(twice.toString()).isEqualTo(22);
    }
    try (V1Rig stranger = new V1Rig(port, "bob.two", given.session())) {
      JsonNode refused = stranger.submit(given.kept(), given.job().id());
      assertThat(refused.required("error").required(0).asInt())
          .as(refused.toString())
          .isEqualTo(21);
    }
  }

  /** Two were refused since the start and one accepted; another was accepted in the run before. */
  private void refusedOnesAreSetAgainstThoseOfThisRun() throws Exception {
    Path note = folder.resolve("pool/web-address");
    await()
        .atMost(SOON)
        // The note may still be that of the run before, whose port is closed.
        .ignoreExceptions()
        .untilAsserted(() -> {
          URI at = URI.create(Files.readString(note).strip());
          try (WebClient web = new WebClient(new InetSocketAddress(at.getHost(), at.getPort()))) {
            JsonNode worker = web.json("/api/v1/workers?q=one").required("items").required(0);
            assertThat(worker.required("hashrate_1h").required("shares").asInt()).isEqualTo(2);
            assertThat(worker.required("rejected_share_1h").asDouble(0))
                .isCloseTo(2.0 / 3, within(1e-9));
          }
        });
  }

  private PoolProcess start(Path config) throws IOException {
    return PoolProcess.start(folder.resolve("pool.log"), "pool", "--config", config.toString());
  }

  private static void end(PoolProcess pool, boolean killed) throws InterruptedException {
    if (killed) {
      pool.kill();
    } else {
      pool.stop();
    }
  }

  private static void awaitOpen(PoolProcess pool, int port) {
    await()
        .atMost(SOON)
        .until(() -> {
          assertThat(pool.isAlive()).as(pool.said()).isTrue();
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          } catch (IOException e) {
            return false;
          }
        });
  }
}
