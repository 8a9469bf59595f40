package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.adit.accounting.AccountingReader;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.demo.DemoWallet;
import org.bitcoinj.core.Transaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A pool whose coinbases pay miners is killed between a job and its block: the block pays, and is
 * booked by, the list that was frozen with the job, whatever was mined since.
 */
final class DirectRestartIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String NERD = "NerdMinerV2/1.6.3";
  private static final String AXE = "bitaxe/BM1370/v2.9.0";

  /** The largest first; what a NerdMiner takes of them is the first three. */
  private static final List<String> MINERS = List.of("ann", "ben", "cid", "dot", "eve");

  private static final String LATE = "late";

  @TempDir private Path folder;

  /** What a miner has when the pool dies: a block it could not hand in. */
  private record Given(String session, V1Job job, V1Job.Share block, Transaction coinbase) {}

  /** Signet, where a share is no block and a block costs seconds. */
  @Test
  void theListFrozenWithARecalledJobIsPaidAndBooked() throws Exception {
    try (LocalNode node = LocalNode.start(Network.SIGNET, folder.resolve("node"))) {
      DemoWallet wallet = DemoWallet.open(node.rpc(), "restart");
      Map<String, String> addressOf = new TreeMap<>();
      for (String name : MINERS) {
        addressOf.put(name, wallet.address("bech32"));
      }
      String late = wallet.address("bech32");
      addressOf.put(LATE, late);
      String poolAddress = wallet.address("bech32");
      TestPool settings =
          new TestPool(node)
              .payout("scheme = \"pplns\"")
              .payout("address = \"" + poolAddress + "\"")
              .payout("window_units = 3")
              .payout("direct = true")
              .listener("start_difficulty = \"1/262144\"")
              .listener("min_difficulty = \"1/1048576\"")
              .listener("max_difficulty = \"1/262144\"")
              .listener("vardiff = false");
      addressOf.forEach(settings::account);
      Path config = settings.write(folder);

      Given given;
      try (PoolProcess pool = start(config)) {
        awaitOpen(pool, settings.port());
        for (int i = 0; i < MINERS.size(); i++) {
          mine(settings.port(), MINERS.get(i), MINERS.size() - i);
        }
        given = jobAndBlock(settings.port(), firstBlock(settings.port()));
        mine(settings.port(), LATE, 2 * MINERS.size());
        awaitArchived(given.job());
        pool.kill();
      }
      byte[] lateScript = wallet.script(late);
      assertThat(paysTo(given.coinbase(), lateScript)).isFalse();
      try (PoolProcess pool = start(config)) {
        awaitOpen(pool, settings.port());
        try (V1Rig axe = new V1Rig(settings.port(), "ann.axe", "", AXE)) {
          assertThat(paysTo(coinbase(axe.job(), axe.extranonce1(), "00".repeat(8)), lateScript))
              .as("jobs made now pay by what was mined since")
              .isTrue();
        }
        try (V1Rig nerd = new V1Rig(settings.port(), "ben.nerd", given.session(), NERD)) {
          JsonNode reply = nerd.submit(given.block(), given.job().id());
          assertThat(reply.required("result").asBoolean()).as(reply.toString()).isTrue();
        }
        awaitBooked(pool, given.block().hash());
        pool.stop();
      }
      try (AccountingReader reader = AccountingReader.open(folder.resolve("pool"))) {
        DirectBooks books = new DirectBooks(node.rpc(), reader, poolAddress, addressOf);
        check(books, reader, given);
      }
    }
  }

  private static void check(DirectBooks books, AccountingReader reader, Given given)
      throws Exception {
    Hash256 block = given.block().hash();
    assertThat(books.coinbaseBytes(block))
        .isEqualTo(given.coinbase().serialize().length)
        .isLessThanOrEqualTo(255);
    assertThat(reader.directlyPaid(block).keySet()).containsExactlyElementsOf(MINERS.subList(0, 3));
    assertThat(books.credits(block).keySet()).containsExactlyElementsOf(MINERS);
    assertThat(books.outputs(block)).isEqualTo(books.expectedOutputs(block));
    assertThat(books.pending()).isEqualTo(books.expectedPending()).doesNotContainKey(LATE);
    assertThat(books.pending()).containsKeys("dot", "eve");
    assertThat(reader.replay().differences()).isEmpty();
    assertThat(reader.checkInvariants().broken()).isEmpty();
  }

  /** Hands in shares that are no blocks. */
  private static void mine(int port, String account, int shares) throws IOException {
    try (V1Rig rig = new V1Rig(port, account + ".rig")) {
      Target block = Target.ofCompact(rig.job().bits());
      for (int handed = 0; handed < shares; ) {
        V1Job.Share share = rig.find(rig.difficulty().target());
        if (!block.isMetBy(share.hash())) {
          JsonNode reply = rig.submit(share, rig.job().id());
          assertThat(reply.required("result").asBoolean()).as(reply.toString()).isTrue();
          handed++;
        }
      }
    }
  }

  /** After it the node makes a template, and the pool a list with all that was mined before. */
  private static Hash256 firstBlock(int port) throws IOException {
    try (V1Rig rig = new V1Rig(port, MINERS.getFirst() + ".rig")) {
      return rig.block();
    }
  }

  private static Given jobAndBlock(int port, Hash256 tip) throws IOException {
    try (V1Rig nerd = new V1Rig(port, "ben.nerd", "", NERD)) {
      V1Job job = nerd.awaitJobOn(tip);
      V1Job.Share block = nerd.find(Target.ofCompact(job.bits()));
      return new Given(
          nerd.sessionId(), job, block, coinbase(job, nerd.extranonce1(), block.extranonce2()));
    }
  }

  private static Transaction coinbase(V1Job job, String extranonce1, String extranonce2) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(job.coinb1());
    bytes.writeBytes(HexFormat.of().parseHex(extranonce1 + extranonce2));
    bytes.writeBytes(job.coinb2());
    return Transaction.read(ByteBuffer.wrap(bytes.toByteArray()));
  }

  private static boolean paysTo(Transaction coinbase, byte[] script) {
    return coinbase.getOutputs().stream()
        .anyMatch(output -> java.util.Arrays.equals(output.getScriptBytes(), script));
  }

  /** Jobs are written down soon, not before they are sent; their salt tells them apart. */
  private void awaitArchived(V1Job job) {
    String salted = new String(job.coinb1(), StandardCharsets.ISO_8859_1);
    await()
        .atMost(SOON)
        .until(() -> {
          try (Stream<Path> files = Files.list(folder.resolve("pool/recall/jobs"))) {
            for (Path file : files.toList()) {
              if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(salted)) {
                return true;
              }
            }
            return false;
          }
        });
  }

  private void awaitBooked(PoolProcess pool, Hash256 block) {
    try (AccountingReader reader = AccountingReader.open(folder.resolve("pool"))) {
      await()
          .atMost(SOON)
          .failFast(() -> assertThat(pool.isAlive()).as(pool::said).isTrue())
          .until(() -> reader.block(block).isPresent());
    }
  }

  private PoolProcess start(Path config) throws IOException {
    return PoolProcess.start(folder.resolve("pool.log"), "pool", "--config", config.toString());
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
