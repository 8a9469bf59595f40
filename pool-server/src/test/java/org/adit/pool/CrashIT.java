package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.ReplayReport;
import org.adit.accounting.journal.JournalDisk;
import org.adit.accounting.journal.JournalReader;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.store.BalanceRow;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.WorkerRow;
import org.adit.config.Network;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.demo.DemoWallet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The pool is killed with SIGKILL at random moments while it is mined on: ten times, or as often as
 * {@code -Dadit.crash.kills} says. Nothing it said may become untrue: each share acknowledged is in
 * the journal, each block the node has is in the ledger, the balances follow from the journal to
 * the satoshi.
 */
final class CrashIT {
  private static final Duration OPEN = Duration.ofSeconds(90);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int KILLS = Integer.getInteger("adit.crash.kills", 10);

  /** Where every share is a block a chain soon pays nothing any more. */
  private static final int REGTEST_KILLS = Math.min(KILLS * 2 / 5, 20);

  private static final System.Logger LOG = System.getLogger(CrashIT.class.getName());
  private static final String TAG = "/Adit crash test/";

  @TempDir private Path folder;

  /**
   * About five million hashes a block and 16 384 a share: most shares are no blocks. Miners rest
   * two milliseconds after each, because every check reads every share of the journal again.
   */
  @Test
  void nothingIsLostByKillsOnSignet() throws Exception {
    survives(
        Network.SIGNET, KILLS - REGTEST_KILLS, 20_090_103, "start_difficulty = \"1/262144\"", 2);
  }

  /** Every share is a block, as many as the node can take: a kill hits candidates in all stages. */
  @Test
  void nothingIsLostByKillsOnRegtest() throws Exception {
    survives(
        Network.REGTEST,
        REGTEST_KILLS,
        20_081_031,
        "start_difficulty = \"1/65536\"\nabove_network = true",
        4);
  }

  private void survives(Network network, int kills, long seed, String difficulty, long pauseMillis)
      throws Exception {
    Random random = new Random(seed);
    try (LocalNode node = LocalNode.start(network, folder.resolve("node"))) {
      Settings settings = settings(node, difficulty);
      Books books = new Books(node.rpc(), folder.resolve("pool"), settings.output());
      try (CrashMiner alice = new CrashMiner(settings.port(), "alice.one", pauseMillis);
          CrashMiner bob = new CrashMiner(settings.port(), "bob.two", pauseMillis)) {
        books.miners = List.of(alice, bob);
        for (int kill = 1; kill <= kills; kill++) {
          if (kill == kills / 2) {
            killWhileStarting(settings, random);
          }
          try (PoolProcess pool = start(settings)) {
            awaitMining(pool, books.miners);
            books.check();
            Duration moment = Duration.ofMillis(random.nextLong(300, 3_000));
            assertThat(pool.runsFor(moment))
                .as("the pool ended by itself: %s", pool.said())
                .isTrue();
            pool.kill();
          }
          await().atMost(SOON).until(() -> alice.isDisconnected() && bob.isDisconnected());
          books.remember();
          books.report(network, kill);
        }
        try (PoolProcess pool = start(settings)) {
          awaitMining(pool, books.miners);
          books.check();
          alice.stop();
          bob.stop();
          books.remember();
          books.checkAtRest();
          pool.stop();
        }
      }
      Map<String, BalanceRow> before = books.balances();
      try (PoolProcess pool = start(settings)) {
        await().atMost(OPEN).until(() -> isOpen(pool, settings.port()));
        books.checkAtRest();
        assertThat(books.balances()).isEqualTo(before);
        pool.stop();
      }
      books.checkThatMuchWasAtStake(network);
    }
  }

  private record Settings(Path file, int port, Path output) {}

  private Settings settings(LocalNode node, String difficulty) throws Exception {
    DemoWallet wallet = DemoWallet.open(node.rpc(), "crash");
    TestPool pool =
        new TestPool(node)
            .payout("scheme = \"pplns\"")
            .payout("address = \"" + wallet.address("bech32") + "\"")
            .payout("window_units = 3")
            .listener(difficulty)
            .listener("min_difficulty = \"1/1048576\"")
            .listener("vardiff = false")
            // What may be lost is to be seen at full speed.
            .limits("messages_per_second = 5000")
            .limits("message_burst = 5000")
            .coinbase("tag = \"" + TAG + "\"")
            .account("alice", wallet.address("bech32"))
            .account("bob", wallet.address("bech32m"));
    return new Settings(pool.write(folder), pool.port(), folder.resolve("pool.log"));
  }

  private static PoolProcess start(Settings settings) throws IOException {
    return PoolProcess.start(settings.output(), "pool", "--config", settings.file().toString());
  }

  /** Dies somewhere between the first instruction and the opening of the port. */
  private static void killWhileStarting(Settings settings, Random random) throws Exception {
    try (PoolProcess pool = start(settings)) {
      assertThat(pool.runsFor(Duration.ofMillis(random.nextLong(300, 3_000))))
          .as("the pool ended by itself: %s", pool.said())
          .isTrue();
      pool.kill();
    }
  }

  private static void awaitMining(PoolProcess pool, List<CrashMiner> miners) {
    await()
        .atMost(OPEN)
        .failFast(() -> assertThat(pool.isAlive()).as(pool::said).isTrue())
        .until(() -> miners.stream().allMatch(CrashMiner::isMining));
  }

  private static boolean isOpen(PoolProcess pool, int port) {
    assertThat(pool.isAlive()).as(pool.said()).isTrue();
    try (V1Client client = new V1Client(port)) {
      return client.call("{\"id\":1,\"method\":\"mining.ping\",\"params\":[]}").has("result");
    } catch (IOException e) {
      return false;
    }
  }

  /** What the miners and the node know, against what the pool has written down. */
  private static final class Books {
    private final RpcClient node;
    private final Path data;
    private final Path output;
    private final Map<CrashMiner, Set<Hash256>> acknowledged = new HashMap<>();
    private final SequencedMap<Hash256, Integer> chain = new LinkedHashMap<>();
    private List<CrashMiner> miners = List.of();

    Books(RpcClient node, Path data, Path output) {
      this.node = node;
      this.data = data;
      this.output = output;
    }

    /** Notes what was acknowledged by a pool that is dead now. */
    void remember() {
      miners.forEach(miner -> acknowledged.put(miner, miner.acknowledged()));
    }

    /** To be called after each restart. */
    void check() throws Exception {
      Map<Hash256, Integer> found = poolBlocks();
      try (AccountingReader reader = AccountingReader.open(data)) {
        checkShares(reader);
        await().atMost(SOON).untilAsserted(() -> checkBooked(reader, found));
        assertThat(reader.replay().differences()).isEmpty();
      }
    }

    /** To be called when nobody mines any more: then everything must have come to its end. */
    void checkAtRest() throws Exception {
      try (AccountingReader reader = AccountingReader.open(data)) {
        // A rival found last may still take the tip over: chain and books are read anew each time.
        await().atMost(SOON).untilAsserted(() -> checkBlocks(reader, poolBlocks()));
        assertThat(files("rejected")).isEmpty();
        // The newest shares are seen when the running pool has carried them into its sums.
        await().atMost(SOON).untilAsserted(() -> checkShares(reader));
        // A rival of the tip may be on its way out of the books while they are read.
        await().atMost(SOON).untilAsserted(() -> checkMoney(reader, poolBlocks()));
        ReplayReport replay = reader.replay();
        assertThat(replay.differences()).isEmpty();
        assertThat(replay.blocks()).isGreaterThanOrEqualTo(poolBlocks().size());
      }
      for (CrashMiner miner : miners) {
        // Stale shares are the only ones an honest miner may have refused.
        assertThat(miner.refusals().keySet()).isSubsetOf(21);
      }
    }

    private void checkBooked(AccountingReader reader, Map<Hash256, Integer> found) {
      Set<Hash256> missing = new HashSet<>(found.keySet());
      missing.removeAll(hashesOf(reader));
      assertThat(missing).as(() -> "booked, or else the pool said:\n" + said(missing)).isEmpty();
    }

    /** What the pool logged about these blocks. */
    private String said(Set<Hash256> blocks) {
      List<String> names = blocks.stream().map(Hash256::toDisplayHex).toList();
      try (Stream<String> lines = Files.lines(output)) {
        return lines
            .filter(line -> names.stream().anyMatch(line::contains))
            .collect(Collectors.joining("\n"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void checkBlocks(AccountingReader reader, Map<Hash256, Integer> found)
        throws IOException, NodeException {
      checkBooked(reader, found);
      assertThat(files("pending")).isEmpty();
      int tip = node.call("getblockcount").asInt();
      for (BlockRow block : reader.blocks(10_000)) {
        String what =
            "block %s at %d of %d".formatted(block.hash().toDisplayHex(), block.height(), tip);
        if (found.containsKey(block.hash())) {
          assertThat(block.state())
              .as(() ->
                  what
                      + ", in the chain ("
                      + confirmations(block.hash())
                      + " confirmations now); the pool said:\n"
                      + said(Set.of(block.hash())))
              .isNotEqualTo(BlockState.ORPHANED);
        } else if (block.height() < tip) {
          assertThat(block.state())
              .as(() -> what + ", not in the chain; the pool said:\n" + said(Set.of(block.hash())))
              .isEqualTo(BlockState.ORPHANED);
        }
      }
    }

    private String confirmations(Hash256 block) {
      try {
        return node.call("getblockheader", block.toDisplayHex())
            .required("confirmations")
            .toString();
      } catch (NodeException e) {
        return "unknown";
      }
    }

    private void checkShares(AccountingReader reader) throws IOException {
      Map<String, WorkerRow> rows = new HashMap<>();
      reader.workers().forEach(row -> rows.put(row.account() + "." + row.worker(), row));
      long end = reader.replay().shares();
      Map<Integer, Set<Hash256>> stored = new HashMap<>();
      Map<Integer, Long> credited = new HashMap<>();
      try (JournalReader journal =
          new JournalReader(data.resolve("journal"), JournalDisk.SYSTEM, () -> end)) {
        assertThat(journal.firstSequence()).isEqualTo(1);
        for (long at = 1; journal.seek(at); at++) {
          Hash256 hash = BlockHeader.parse(journal.share().header80()).hash();
          assertThat(stored.computeIfAbsent(journal.workerId(), id -> new HashSet<>()).add(hash))
              .as("share %s stands once in the journal", hash.toDisplayHex())
              .isTrue();
          if (!journal.share().isMarker()) {
            credited.merge(journal.workerId(), 1L, Long::sum);
          }
        }
      }
      for (CrashMiner miner : miners) {
        Set<Hash256> known = acknowledged.getOrDefault(miner, Set.of());
        WorkerRow row = rows.get(miner.user());
        if (row == null) {
          assertThat(known).isEmpty();
          continue;
        }
        Set<Hash256> ofWorker = stored.getOrDefault(row.id(), Set.of());
        assertThat(ofWorker.containsAll(known))
            .as("all %d acknowledged shares of %s are in the journal", known.size(), miner.user())
            .isTrue();
        assertThat(credited.getOrDefault(row.id(), 0L)).isGreaterThanOrEqualTo(known.size());
        assertThat(miner.submitted())
            .as("nothing is credited that was not sent")
            .containsAll(ofWorker);
      }
    }

    private void checkMoney(AccountingReader reader, Map<Hash256, Integer> found)
        throws NodeException {
      long expected = 0;
      for (BlockRow block : reader.blocks(10_000)) {
        if (block.state() == BlockState.ORPHANED) {
          continue;
        }
        expected += block.reward().totalSat();
        if (found.containsKey(block.hash())) {
          JsonNode stats = node.call("getblockstats", block.hash().toDisplayHex());
          assertThat(block.height()).isEqualTo(stats.required("height").asInt());
          assertThat(block.reward())
              .isEqualTo(
                  new Amounts(
                      stats.required("subsidy").asLong(), stats.required("totalfee").asLong()));
        }
        Amounts credits =
            reader.credits(block.hash()).stream()
                .map(row -> row.amounts())
                .reduce(Amounts.ZERO, Amounts::plus);
        assertThat(credits).isEqualTo(block.reward());
      }
      long owed = 0;
      for (BalanceRow row : reader.balances()) {
        owed += row.pending().totalSat() + row.payableSat();
      }
      assertThat(owed).isEqualTo(expected);
    }

    Map<String, BalanceRow> balances() {
      try (AccountingReader reader = AccountingReader.open(data)) {
        Map<String, BalanceRow> rows = new HashMap<>();
        reader.balances().forEach(row -> rows.put(row.account(), row));
        return rows;
      }
    }

    /** Blocks of the active chain whose coinbase carries the pool's tag, with their heights. */
    private Map<Hash256, Integer> poolBlocks() throws NodeException {
      // A block once in the chain may have left it, so the known part is compared from its end.
      List<Hash256> known = new ArrayList<>(chain.keySet());
      for (int i = known.size() - 1; i >= 0; i--) {
        String hash = known.get(i).toDisplayHex();
        if (node.call("getblockheader", hash).required("confirmations").asInt() > 0) {
          break;
        }
        chain.remove(known.get(i));
      }
      int height = chain.values().stream().mapToInt(Integer::intValue).max().orElse(0);
      String tag = HexFormat.of().formatHex(TAG.getBytes(StandardCharsets.US_ASCII));
      int tip = node.call("getblockcount").asInt();
      while (height < tip) {
        height++;
        String hash = node.call("getblockhash", height).asString();
        JsonNode block = node.call("getblock", hash, 2);
        String before = block.required("previousblockhash").asString();
        if (!chain.isEmpty() && !chain.lastEntry().getKey().toDisplayHex().equals(before)) {
          // The chain turned while it was read: once more, from what both sides share. Without
          // this a block of the lost side would stand among those of the other one for ever.
          return poolBlocks();
        }
        JsonNode coinbase = block.required("tx").required(0);
        String script = coinbase.required("vin").required(0).required("coinbase").asString();
        // The whole chain is the pool's: a block without its tag would make this test blind.
        assertThat(script).contains(tag);
        chain.put(Hash256.ofDisplayHex(hash), height);
      }
      return Map.copyOf(chain);
    }

    private static Set<Hash256> hashesOf(AccountingReader reader) {
      Set<Hash256> hashes = new HashSet<>();
      reader.blocks(10_000).forEach(row -> hashes.add(row.hash()));
      return hashes;
    }

    private List<Path> files(String state) throws IOException {
      try (Stream<Path> files = Files.list(data.resolve("candidates").resolve(state))) {
        return files.toList();
      }
    }

    private int shares() {
      return acknowledged.values().stream().mapToInt(Set::size).sum();
    }

    /** So that a long run shows how far it is, and what a broken one had seen. */
    void report(Network network, int kills) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: {1} kills, {2} shares acknowledged, {3} blocks in the chain",
          network,
          kills,
          shares(),
          chain.size());
    }

    /** A test that nothing was lost says little when there was little to lose. */
    void checkThatMuchWasAtStake(Network network) {
      int shares = shares();
      assertThat(shares).isGreaterThan(network == Network.REGTEST ? 10 : 100);
      assertThat(chain).hasSizeGreaterThan(network == Network.REGTEST ? 5 : 0);
    }
  }
}
