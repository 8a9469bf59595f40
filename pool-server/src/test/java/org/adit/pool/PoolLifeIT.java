package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.store.AttemptState;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutState;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.config.PoolConfig;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.mining.BlockCandidate;
import org.adit.pool.payouts.PayoutDesk;
import org.adit.pool.payouts.PayoutSettings;
import org.adit.pool.payouts.StoppingDesk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The life of a pool, told once from its first share to its third payout. */
final class PoolLifeIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private static Path nodeFolder;
  private static LocalNode node;

  @TempDir private Path folder;
  private RpcClient poolWallet;
  private RpcClient minerWallet;
  private PoolNode pool;
  private PoolConfig config;
  private Path configFile;
  private TestPool settings;
  private String alice;
  private String bob;
  private String carol;
  private final AtomicInteger ids = new AtomicInteger();

  /** Thirteen hours ahead: what was sent by the pool's own clock is overdue by this one. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(13));

  @BeforeAll
  static void startNode() throws Exception {
    node =
        LocalNode.start(Network.REGTEST, nodeFolder, "-fallbackfee=0.0001", "-changetype=bech32");
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

  private void settle(PoolAccounting books, Hash256 block) {
    await().atMost(SOON).until(() -> books.block(block).isPresent() && pool.openBlocks() == 0);
    pool.followBlocks();
  }

  private void mine(int blocks) throws Exception {
    node.rpc()
        .call(
            "generatetoaddress",
            blocks,
            minerWallet.call("getnewaddress", "", "bech32").asString());
    pool.followBlocks();
    pool.followPayouts();
  }

  private long received(String address) throws Exception {
    return minerWallet
        .call("getreceivedbyaddress", address, 1)
        .decimalValue()
        .movePointRight(8)
        .longValueExact();
  }

  private PayoutDesk desk(Clock clock) throws Exception {
    return new PayoutDesk(
        config.dataDir(),
        pool.accounting(),
        node.rpc(),
        PayoutSettings.of(config),
        clock,
        () -> "round-" + ids.incrementAndGet());
  }

  private PayoutRow payout(String id) {
    return pool.accounting().payouts().find(id).orElseThrow();
  }

  private void finished(String id) throws Exception {
    mine(6);
    await()
        .atMost(SOON)
        .until(() -> {
          pool.followPayouts();
          return payout(id).state() == PayoutState.FINAL;
        });
  }

  private static void wallets() throws Exception {
    for (String name : List.of("pool", "miners")) {
      node.rpc().call("createwallet", name);
    }
  }

  private String cli(int exit, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = org.adit.pool.cli.Cli.run(new PrintWriter(out), new PrintWriter(err), arguments);
    assertThat(code).as("%s%s", out, err).isEqualTo(exit);
    return out.toString();
  }

  @BeforeEach
  void startPool() throws Exception {
    wallets();
    poolWallet = node.rpc().forWallet("pool");
    minerWallet = node.rpc().forWallet("miners");
    node.rpc().call("generatetoaddress", 2, minerWallet.call("getnewaddress").asString());
    alice = minerWallet.call("getnewaddress", "", "bech32m").asString();
    bob = minerWallet.call("getnewaddress", "", "legacy").asString();
    carol = minerWallet.call("getnewaddress", "", "bech32").asString();
    settings =
        new TestPool(node)
            .listener("start_difficulty = \"1/65536\"")
            .listener("min_difficulty = \"1/65536\"")
            .listener("max_difficulty = \"1/4096\"")
            .listener("vardiff = false")
            .listener("above_network = true")
            .payout("scheme = \"pplns\"")
            .payout("window_units = 6")
            .payout("fee_ppm_subsidy = 10000")
            .payout("fee_ppm_txfees = 10000")
            .payout(
                "address = \"" + poolWallet.call("getnewaddress", "", "bech32").asString() + "\"")
            .wallet("name = \"pool\"")
            .wallet("threshold_sat = 1000")
            .account("alice", alice);
    configFile = settings.write(folder);
    config = ConfigLoader.load(configFile).config();
    pool = new PoolNode(config, Clock.systemUTC(), new SecureRandom(), new Quiet());
  }

  @AfterEach
  void stopPool() throws Exception {
    pool.close();
  }

  @Test
  void aPoolLivesAndEverySatoshiIsWhereItShouldBe() throws Exception {
    await().atMost(SOON).until(() -> !pool.addresses().isEmpty());
    live();
    assertThat(cli(0, "audit", "-c", configFile.toString())).contains("agree to the satoshi");
  }

  private void live() throws Exception {
    PoolAccounting books = pool.accounting();
    List<Hash256> blocks = new ArrayList<>();
    try (V1Rig first = new V1Rig(settings.port(), "alice.one")) {
      // Alice is alone at first, and finds two blocks.
      for (int i = 0; i < 2; i++) {
        blocks.add(first.block());
        settle(books, blocks.getLast());
        first.nextJob();
      }
      // Bob joins, by his address; his difficulty changes while he mines.
      try (V1Rig second = new V1Rig(settings.port(), bob + ".rig")) {
        Difficulty before = second.difficulty();
        second
            .client()
            .send("{\"id\":7,\"method\":\"mining.suggest_difficulty\",\"params\":[0.0002]}");
        blocks.add(second.block());
        settle(books, blocks.getLast());
        second.awaitJobOn(blocks.getLast());
        assertThat(second.difficulty()).isNotEqualTo(before);
        first.awaitJobOn(blocks.getLast());

        // Both find a block on the same parent: one of them is lost, both are booked.
        Hash256 winner = first.block();
        V1Job.Share rival = second.find(Target.ofCompact(second.job().bits()));
        second.submit(rival, second.job().id());
        settle(books, winner);
        settle(books, rival.hash());
        await()
            .atMost(SOON)
            .until(() -> {
              pool.followBlocks();
              return books.block(rival.hash()).orElseThrow().state() == BlockState.ORPHANED;
            });
        assertThat(books.block(winner).orElseThrow().height())
            .isEqualTo(books.block(rival.hash()).orElseThrow().height());

        // The chain changes its mind, and once more.
        node.rpc().call("invalidateblock", winner.toDisplayHex());
        pool.followBlocks();
        assertThat(books.block(winner).orElseThrow().state()).isEqualTo(BlockState.ORPHANED);
        assertThat(books.block(rival.hash()).orElseThrow().state()).isEqualTo(BlockState.IMMATURE);
        node.rpc().call("reconsiderblock", winner.toDisplayHex());
        node.rpc().call("preciousblock", winner.toDisplayHex());
        pool.followBlocks();
        assertThat(books.block(winner).orElseThrow().state()).isEqualTo(BlockState.IMMATURE);
        assertThat(books.block(rival.hash()).orElseThrow().state()).isEqualTo(BlockState.ORPHANED);
        blocks.add(winner);
      } // Bob leaves.
      firstRound(books, blocks);

      // Carol joins by a name the operator gives her while the pool runs.
      cli(0, "account", "add", "carol", carol, "-c", configFile.toString(), "--note", "by mail");
      try (V1Rig third = joined(settings.port(), "carol.rig")) {
        for (int i = 0; i < 2; i++) {
          third.awaitJobOn(tip());
          blocks.add(third.block());
          settle(books, blocks.getLast());
        }
      }
      secondRound(books);
      first.awaitJobOn(tip());
      Hash256 last = first.block();
      settle(books, last);
      thirdRound(books);
    }
    theEnd(books);
  }

  private static Hash256 tip() throws Exception {
    return Hash256.ofDisplayHex(node.rpc().call("getbestblockhash").asString());
  }

  /** A running pool learns of a new account within a second or two. */
  private static V1Rig joined(int port, String user) {
    return await()
        .atMost(SOON)
        .ignoreExceptions()
        .ignoreExceptionsMatching(e -> true)
        .until(() -> tryJoin(port, user), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<V1Rig> tryJoin(int port, String user) throws Exception {
    try {
      return Optional.of(new V1Rig(port, user));
    } catch (AssertionError notYet) {
      return Optional.empty();
    }
  }

  private void firstRound(PoolAccounting books, List<Hash256> blocks) throws Exception {
    assertThat(desk(Clock.systemUTC()).run()).as("nothing is mature yet").isEmpty();
    mine(101);
    for (Hash256 block : blocks) {
      assertThat(books.block(block).orElseThrow().state()).isEqualTo(BlockState.MATURE);
    }
    assertThat(cli(0, "payout", "preview", "-c", configFile.toString()))
        .contains("alice", bob, "2 accounts");
    PayoutRow payout = desk(Clock.systemUTC()).run().orElseThrow();
    assertThat(payout.items()).hasSize(2);
    finished(payout.id());
    assertThat(received(alice) + received(bob)).isEqualTo(payout.outputSat());
  }

  /** The process dies between sign and broadcast; the pool finishes the payout by itself. */
  private void secondRound(PoolAccounting books) throws Exception {
    mine(100);
    PayoutDesk dying =
        StoppingDesk.at(
            "stored",
            config.dataDir(),
            books,
            node.rpc(),
            PayoutSettings.of(config),
            Clock.systemUTC(),
            () -> "round-" + ids.incrementAndGet());
    assertThatThrownBy(dying::run).isInstanceOf(StoppingDesk.Stopped.class);
    assertThat(payout("round-2").state()).isEqualTo(PayoutState.SIGNED);
    String txid = payout("round-2").attempts().getFirst().txid();
    await()
        .atMost(SOON)
        .until(() -> {
          pool.followPayouts();
          return payout("round-2").state() == PayoutState.BROADCAST;
        });
    assertThat(node.rpc().call("getrawmempool").toString()).contains(txid);
    finished("round-2");
    assertThat(received(carol)).isPositive();
    assertThat(payout("round-2").confirmed().orElseThrow().txid()).isEqualTo(txid);
  }

  private void thirdRound(PoolAccounting books) throws Exception {
    mine(100);
    PayoutRow payout = desk(Clock.systemUTC()).run().orElseThrow();
    await().atMost(SOON).until(() -> desk(LATER).follow());
    PayoutRow bumped = payout(payout.id());
    assertThat(bumped.attempts()).hasSize(2);
    finished(payout.id());
    assertThat(payout(payout.id()).attempts())
        .extracting(Attempt::state)
        .containsExactly(AttemptState.REPLACED, AttemptState.CONFIRMED);
    assertThat(books.ledger().get("expense:txfee"))
        .isEqualTo(bumped.attempts().getLast().feeSat() - payout.feeShareSat());
  }

  private void theEnd(PoolAccounting books) throws Exception {
    assertThat(books.payouts().open()).isEmpty();
    assertThat(books.ledger().keySet()).noneMatch(account -> account.startsWith("liab:inflight"));
    assertThat(books.checkInvariants().broken()).isEmpty();
    assertThat(books.replay().differences()).isEmpty();
    JsonNode mine = poolWallet.call("getbalances").required("mine");
    BigDecimal held =
        mine.required("trusted")
            .decimalValue()
            .add(mine.required("immature").decimalValue())
            .add(mine.required("untrusted_pending").decimalValue());
    assertThat(held.movePointRight(8).longValueExact())
        .as("wallet and ledger, to the satoshi")
        .isEqualTo(
            books.ledger().getOrDefault("asset:wallet", 0L)
                + books.ledger().getOrDefault("asset:immature", 0L));
    proofs(books);
    pool.followPayouts();
    assertThat(pool.payoutStatus().isGood()).isTrue();
    assertThat(pool.payoutStatus().wallet()).isNotNull();
    assertThat(cli(0, "payout", "status", "-c", configFile.toString()))
        .contains("round-1", "round-2", "round-3", "FINAL")
        .doesNotContain("BROKEN");
  }

  /** Every account holds a proof of every block that paid it, which needs no pool to be checked. */
  private void proofs(PoolAccounting books) {
    int verified = 0;
    String file = folder.resolve("proof.json").toString();
    for (BlockRow block : books.blocks()) {
      String hash = block.hash().toDisplayHex();
      String root = HexFormat.of().formatHex(books.proofRoot(block.hash()).orElseThrow().hash());
      Set<String> accounts = new TreeSet<>();
      books.credits(block.hash()).forEach(row -> accounts.add(row.worker().account()));
      for (String account : accounts) {
        cli(0, "proof", account, hash, "-c", configFile.toString(), "-o", file);
        cli(0, "proof", "verify", file, "--root", root);
        verified++;
      }
      cli(1, "proof", "verify", file, "--root", "00".repeat(32));
    }
    assertThat(verified).isGreaterThanOrEqualTo(10);
  }
}
