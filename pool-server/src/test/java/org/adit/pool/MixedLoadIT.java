package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.store.WorkerRow;
import org.adit.config.Network;
import org.adit.load.LoadMode;
import org.adit.load.LoadOptions;
import org.adit.load.LoadProgress;
import org.adit.load.LoadReport;
import org.adit.load.LoadRun;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.demo.ChainPrimer;
import org.adit.pool.demo.DemoWallet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many miners, blocks at short intervals, the preferred of two nodes killed again and again: no
 * connection is lost, no share refused but for a block that has just come, every acknowledged share
 * is in the books, memory stays level.
 *
 * <p>Small here; at full size by {@code -Dadit.mixed.seconds=1800 -Dadit.mixed.connections=10000
 * -Dadit.mixed.rate=2000 -Dadit.mixed.block=30 -Dadit.mixed.kill=300}.
 */
final class MixedLoadIT {
  private static final int SECONDS = Integer.getInteger("adit.mixed.seconds", 24);
  private static final int CONNECTIONS = Integer.getInteger("adit.mixed.connections", 200);
  private static final int RATE = Integer.getInteger("adit.mixed.rate", 100);
  private static final int BLOCK_SECONDS = Integer.getInteger("adit.mixed.block", 6);
  private static final int KILL_SECONDS = Integer.getInteger("adit.mixed.kill", 10);
  private static final int AWAY_SECONDS = Math.min(10, KILL_SECONDS / 3);
  private static final Duration SOON = Duration.ofSeconds(90);

  @TempDir private Path folder;

  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private final AtomicInteger blocks = new AtomicInteger();
  private final AtomicInteger kills = new AtomicInteger();
  private final List<Long> resident = new CopyOnWriteArrayList<>();

  @Test
  void nothingIsLostUnderMixedLoad() throws Exception {
    int port = TestPool.freePort();
    try (LocalNode preferred =
            LocalNode.start(
                Network.SIGNET, folder.resolve("a"), "-listen=1", "-bind=127.0.0.1:" + port);
        LocalNode other = LocalNode.start(Network.SIGNET, folder.resolve("b"))) {
      DemoWallet wallet = DemoWallet.open(other.rpc(), "mixed");
      connect(other, port);
      TestPool settings = settings(preferred, other, wallet);
      Path file = settings.write(folder);
      ChainPrimer miner = primer(other, wallet);
      LoadReport report;
      try (PoolProcess pool =
          PoolProcess.start(
              folder.resolve("pool.log"),
              List.of("-Xmx1g", "-XX:+UseG1GC", "--add-modules=jdk.incubator.vector"),
              "pool",
              "--config",
              file.toString())) {
        awaitOpen(pool, settings.port());
        ScheduledExecutorService world = Executors.newScheduledThreadPool(3);
        try {
          var _ =
              world.scheduleWithFixedDelay(
                  () -> trouble("a block", () -> mine(miner)),
                  BLOCK_SECONDS,
                  BLOCK_SECONDS,
                  TimeUnit.SECONDS);
          var _ =
              world.scheduleAtFixedRate(
                  () -> trouble("the node's death", () -> bounce(preferred, other, port)),
                  KILL_SECONDS,
                  KILL_SECONDS,
                  TimeUnit.SECONDS);
          var _ =
              world.scheduleAtFixedRate(
                  () -> trouble("memory", () -> resident.add(residentKib(pool.pid()))),
                  0,
                  1,
                  TimeUnit.SECONDS);
          report = new LoadRun(load(settings.port(), pool.pid()), new Told(), null).run();
        } finally {
          world.shutdown();
          assertThat(world.awaitTermination(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(pool.isAlive()).as(pool.said()).isTrue();
        pool.stop();
      }
      System.out.println(summary(report));
      judge(report);
    }
  }

  private void judge(LoadReport report) {
    assertThat(troubles).isEmpty();
    assertThat(report.failures()).isEmpty();
    assertThat(report.connected()).isEqualTo(CONNECTIONS);
    assertThat(report.dropped()).isZero();
    assertThat(report.unanswered()).isZero();
    assertThat(report.accepted()).isPositive();
    assertThat(report.rejected().keySet()).isSubsetOf("stale-prevblk", "stale-work");
    assertThat(blocks.get()).isPositive();
    assertThat(kills.get()).isPositive();
    try (AccountingReader books = AccountingReader.open(folder.resolve("pool"))) {
      long stored = books.workers().stream().mapToLong(WorkerRow::sharesAccepted).sum();
      assertThat(stored).isEqualTo(report.acknowledged());
    }
    if (SECONDS >= 600) {
      List<Long> middle = resident.subList(resident.size() / 3, 2 * resident.size() / 3);
      List<Long> last = resident.subList(2 * resident.size() / 3, resident.size());
      assertThat((double) median(last)).isLessThan(1.1 * median(middle));
    }
  }

  private String summary(LoadReport report) {
    return "mixed load: "
        + report
        + "\nblocks "
        + blocks
        + ", kills "
        + kills
        + ", resident KiB first "
        + resident.getFirst()
        + ", median of thirds "
        + median(resident.subList(0, resident.size() / 3))
        + " "
        + median(resident.subList(resident.size() / 3, 2 * resident.size() / 3))
        + " "
        + median(resident.subList(2 * resident.size() / 3, resident.size()));
  }

  private static long median(List<Long> values) {
    return new ArrayList<>(values).stream().sorted().toList().get(values.size() / 2);
  }

  private static LoadOptions load(int port, long pid) {
    return new LoadOptions(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        LoadMode.SHARES,
        CONNECTIONS,
        RATE,
        2,
        SECONDS,
        "alice.load",
        "x",
        1,
        1_000,
        1,
        1,
        Math.max(1, CONNECTIONS / 100),
        OptionalLong.of(pid),
        1,
        0);
  }

  private static TestPool settings(LocalNode preferred, LocalNode other, DemoWallet wallet)
      throws Exception {
    return new TestPool(preferred)
        .node(other)
        .payout("scheme = \"pplns\"")
        .payout("address = \"" + wallet.address("bech32") + "\"")
        .payout("window_units = 3")
        // Sixteen hashes a share: cheap to find, and hardly ever a block.
        .listener("start_difficulty = \"1/268435456\"")
        .listener("min_difficulty = \"1/268435456\"")
        .listener("vardiff = false")
        .limits("connections = 20000")
        .limits("connections_per_ip = 1000")
        .limits("accepts_per_second_per_ip = 1000")
        .account("alice", wallet.address("bech32"));
  }

  private static ChainPrimer primer(LocalNode node, DemoWallet wallet) throws Exception {
    return new ChainPrimer(
        node.rpc(), Network.SIGNET, wallet.script(wallet.address("bech32")), 1, Clock.systemUTC());
  }

  private static void connect(LocalNode from, int port) throws NodeException {
    from.rpc().call("addnode", "127.0.0.1:" + port, "onetry");
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> from.rpc().call("getconnectioncount").asInt() > 0);
  }

  private void mine(ChainPrimer miner) throws Exception {
    try {
      miner.mine(1, (done, all) -> {});
      blocks.incrementAndGet();
    } catch (IOException e) {
      // A miner of the pool was faster: its block is as good.
      if (!String.valueOf(e.getMessage()).contains("inconclusive")) {
        throw e;
      }
      blocks.incrementAndGet();
    }
  }

  private void bounce(LocalNode node, LocalNode other, int port) throws Exception {
    node.kill();
    kills.incrementAndGet();
    // Away for a while, as a crashed node is until its supervisor starts it.
    await().pollDelay(Duration.ofSeconds(AWAY_SECONDS)).atMost(SOON).until(() -> true);
    node.startAgain();
    connect(other, port);
  }

  private interface Task {
    void run() throws Exception;
  }

  private void trouble(String what, Task task) {
    try {
      task.run();
    } catch (Exception e) {
      troubles.add(what + ": " + e);
    }
  }

  private static long residentKib(long pid) throws IOException {
    for (String line :
        Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.US_ASCII)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no VmRSS of " + pid);
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

  /** Says how far it is, when it takes long. */
  private static final class Told implements LoadProgress {
    @Override
    public void phase(String text) {
      System.out.println("mixed load: " + text);
    }

    @Override
    public void second(int connected, long done, long perSecond, long rejected) {
      if (done > 0
          && perSecond > 0
          && SECONDS >= 600
          && System.nanoTime() / 1_000_000_000 % 30 == 0) {
        System.out.printf(
            "mixed load: %d connected, %d accepted, %d/s, %d refused%n",
            connected, done, perSecond, rejected);
      }
    }
  }
}
