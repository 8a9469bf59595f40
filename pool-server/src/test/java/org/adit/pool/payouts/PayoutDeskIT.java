package org.adit.pool.payouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.BufferedReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.adit.accounting.store.AttemptState;
import org.adit.accounting.store.PayoutRow;
import org.adit.accounting.store.PayoutRow.Attempt;
import org.adit.accounting.store.PayoutState;
import org.adit.config.Network;
import org.adit.config.RpcCredentials;
import org.adit.config.WalletConfig;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.payouts.PayoutException.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payouts on a real node, and what can go wrong between books, wallet and chain. */
final class PayoutDeskIT {
  /** Rewards halve every 150 blocks here; soon after that a chain is of no use for money. */
  private static final int MOST_BLOCKS = 300;

  @TempDir private static Path chains;
  private static Path nodeFolder;
  private static LocalNode node;

  @TempDir private Path folder;
  private PayoutRig rig;

  @BeforeAll
  static void startNode() throws Exception {
    nodeFolder = Files.createTempDirectory(chains, "chain");
    node =
        LocalNode.start(Network.REGTEST, nodeFolder, "-fallbackfee=0.0001", "-changetype=bech32");
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @BeforeEach
  void aMatureBlock() throws Exception {
    if (!node.isAlive()) {
      node.startAgain();
    }
    if (node.rpc().call("getblockcount").asInt() > MOST_BLOCKS) {
      node.close();
      startNode();
    }
    rig = new PayoutRig(node, PayoutRig.folder(folder, folder.getFileName().toString()));
    rig.matureBlock();
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static Kind kindOf(Callable<?> work) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(PayoutException.class, work::call)
        .kind();
  }

  private PayoutRow run() throws Exception {
    return rig.desk().run().orElseThrow();
  }

  private void finish(String id) throws Exception {
    rig.mine(6);
    rig.desk().follow();
    assertThat(rig.payout(id).state()).isEqualTo(PayoutState.FINAL);
    rig.checkAll();
  }

  @Test
  void minersArePaidToTheSatoshiAndGiveTheFee() throws Exception {
    long alice = rig.payable("alice");
    long bob = rig.payable(rig.bob);
    assertThat(alice).isPositive();
    PayoutPlan plan = rig.desk().preview();
    assertThat(plan.items()).hasSize(2);
    assertThat(plan.amountSat()).isEqualTo(alice + bob);
    assertThat(rig.books.payouts().open()).as("a preview reserves nothing").isEmpty();

    PayoutRow payout = run();
    assertThat(payout.state()).isEqualTo(PayoutState.BROADCAST);
    assertThat(payout.feeShareSat()).isEqualTo(plan.feeSat());
    Attempt attempt = payout.attempts().getLast();
    assertThat(attempt.feeSat()).as("to the satoshi").isEqualTo(plan.feeSat());
    assertThat(rig.ledger()).containsEntry("liab:inflight:p1", -(alice + bob));
    assertThat(run().id()).as("a second run pays nothing new").isEqualTo("p1");

    rig.mine(1);
    rig.desk().follow();
    assertThat(rig.payout("p1").state()).isEqualTo(PayoutState.CONFIRMED);
    assertThat(rig.received(rig.alice) + rig.received(rig.bob))
        .isEqualTo(alice + bob - plan.feeSat());
    assertThat(rig.ledger()).doesNotContainKeys("expense:txfee", "liab:inflight:p1");
    rig.mine(5);
    rig.desk().follow();
    finish("p1");
    assertThat(rig.pool.call("listlockunspent").isEmpty()).isTrue();
    assertThat(rig.desk().run()).as("nobody is due").isEmpty();
  }

  @Test
  void thePoolPaysTheFeeOutOfItsOwnIncomeOnly() throws Exception {
    PayoutSettings settings = rig.settings(rig.wallet(WalletConfig.FeePayer.POOL));
    PayoutRow payout = rig.desk(settings).run().orElseThrow();
    long fee = payout.attempts().getLast().feeSat();
    rig.mine(1);
    rig.desk(settings).follow();
    assertThat(rig.ledger()).containsEntry("expense:txfee", fee);
    finish(payout.id());

    // The operator takes the rest of the income out: now nobody is left to pay a fee.
    rig.matureBlock();
    long income = PayoutBuilder.surplus(rig.books);
    assertThat(rig.books.payouts().operatorMoved("out-1", -income).isPosted()).isTrue();
    rig.pool.call(
        "sendtoaddress",
        rig.miners.call("getnewaddress").asString(),
        BigDecimal.valueOf(income, 8),
        "",
        "",
        true);
    rig.mine(1);
    assertThat(rig.desk().walletState().unbookedSat()).isZero();
    // What alice leaves in the wallet must not pay for bob's payout.
    rig.books.accounts().setThreshold("alice", OptionalLong.of(100 * PayoutRig.COIN), "");
    assertThat(kindOf(() -> rig.desk(settings).run())).isEqualTo(Kind.FEES);
    assertThat(rig.payout("p2").state()).isEqualTo(PayoutState.RESERVED);
    assertThat(rig.desk().cancel("p2").state()).isEqualTo(PayoutState.FAILED);
    rig.books.accounts().setThreshold("alice", OptionalLong.empty(), "");
    finish(run().id());
  }

  @Test
  void twoAccountsWithOneAddressShareAnOutputAndThresholdsHold() throws Exception {
    rig.books.accounts().changeAddress("alice", PayoutRig.address(rig.bob), 0, "");
    rig.books.accounts().setThreshold(rig.bob, OptionalLong.of(60 * PayoutRig.COIN), "");
    PayoutPlan plan = rig.desk().preview();
    assertThat(plan.items()).extracting(PayoutRow.Item::account).containsExactly("alice");
    assertThat(plan.left().getFirst().reason()).contains("threshold of 6000000000");
    rig.books.accounts().setThreshold(rig.bob, OptionalLong.of(1), "");
    PayoutRow payout = run();
    assertThat(payout.items()).hasSize(2);
    rig.mine(1);
    rig.desk().follow();
    assertThat(rig.received(rig.bob)).isEqualTo(payout.outputSat());
    finish(payout.id());
  }

  // ---- wallets that cannot ----

  @Test
  void aMissingWalletIsNamed() throws Exception {
    WalletConfig none =
        new WalletConfig(
            Optional.empty(), 0, WalletConfig.FeePayer.MINERS, 1, 1, 1, Duration.ofHours(1));
    assertThat(kindOf(() -> rig.desk(rig.settings(none)))).isEqualTo(Kind.NO_WALLET);
    WalletConfig other =
        new WalletConfig(
            Optional.of("nowhere"), 0, WalletConfig.FeePayer.MINERS, 1, 1, 1, Duration.ofHours(1));
    assertThatThrownBy(() -> rig.desk(rig.settings(other)).run())
        .hasMessageContaining("createwallet nowhere")
        .asInstanceOf(type(PayoutException.class))
        .extracting(PayoutException::kind)
        .isEqualTo(Kind.NO_WALLET);
    WalletConfig foreign =
        new WalletConfig(
            Optional.of(PayoutRig.MINER_WALLET),
            0,
            WalletConfig.FeePayer.MINERS,
            1,
            50,
            9,
            Duration.ofHours(1));
    assertThat(kindOf(() -> rig.desk(rig.settings(foreign)).run())).isEqualTo(Kind.ADDRESS);
    assertThat(rig.books.payouts().open()).isEmpty();
  }

  @Test
  void aNodeWithoutWalletsSaysSo(@TempDir Path other) throws Exception {
    try (LocalNode bare = LocalNode.start(Network.REGTEST, other, "-disablewallet");
        var rpc =
            new org.adit.pool.bitcoind.RpcClient(
                bare.rpcUrl(), bare.credentials(), Duration.ofSeconds(20))) {
      PayoutDesk desk =
          new PayoutDesk(rig.dataDir, rig.books, rpc, rig.settings(), rig.clock, () -> "x");
      assertThat(kindOf(desk::run)).isEqualTo(Kind.NO_WALLET);
    }
  }

  @Test
  void aLockedWalletIsNotPaidFromUntilItIsOpened() throws Exception {
    rig.pool.call("encryptwallet", "secret");
    assertThatThrownBy(() -> rig.desk().run())
        .hasMessageContaining("walletpassphrase")
        .asInstanceOf(type(PayoutException.class))
        .extracting(PayoutException::kind)
        .isEqualTo(Kind.LOCKED);
    assertThat(rig.books.payouts().open()).as("nothing was reserved").isEmpty();
    rig.pool.call("walletpassphrase", "secret", 600);
    finish(run().id());
  }

  @Test
  void aWalletLackingFundsReservesNothing() throws Exception {
    // Locked by hand: the wallet still has it, and cannot spend it.
    rig.pool.call(
        "lockunspent",
        false,
        List.of(
            Map.of(
                "txid",
                rig.pool.call("listunspent").required(0).required("txid").asString(),
                "vout",
                0)));
    assertThat(kindOf(() -> rig.desk().run())).isEqualTo(Kind.FUNDS);
    assertThat(rig.books.payouts().open()).isEmpty();
    rig.pool.call("lockunspent", true);
    finish(run().id());
  }

  @Test
  void coinsTakenBehindTheBooksStopPayouts() throws Exception {
    rig.pool.call("sendtoaddress", rig.miners.call("getnewaddress").asString(), "0.0001");
    rig.mine(1);
    assertThatThrownBy(() -> rig.desk().run())
        .hasMessageContaining("I4")
        .asInstanceOf(type(PayoutException.class))
        .extracting(PayoutException::kind)
        .isEqualTo(Kind.BOOKS);
    assertThat(rig.books.payouts().open()).isEmpty();
  }

  @Test
  void aBlockThatJustLeftTheChainIsWaitedFor() throws Exception {
    Hash256 lost = rig.block();
    rig.rpc.call("invalidateblock", lost.toDisplayHex());
    FutureTask<PayoutRow> paid = new FutureTask<>(this::run);
    Thread paying = Thread.ofPlatform().start(paid);
    // The wallet has the coins no more, the books still do: the desk has read both and waits.
    while (paying.isAlive() && !isWaiting(paying)) {
      Thread.onSpinWait();
    }
    assertThat(rig.books.blockOrphaned(lost).isPosted()).isTrue();
    finish(paid.get(30, TimeUnit.SECONDS).id());
  }

  private static boolean isWaiting(Thread paying) {
    List<String> methods =
        Arrays.stream(paying.getStackTrace())
            .map(frame -> frame.getClassName() + "." + frame.getMethodName())
            .toList();
    return methods.contains(PayoutDesk.class.getName() + ".settled")
        && !methods.contains(WalletAudit.class.getName() + ".read");
  }

  @Test
  void aDearNetworkMakesPayoutsWait() throws Exception {
    WalletConfig base = rig.wallet(WalletConfig.FeePayer.MINERS);
    rig.rpc.call("prioritisetransaction", "00".repeat(32), 0, 0); // The node answers at all.
    node.stop();
    try (LocalNode dear = restarted("-minrelaytxfee=0.001")) {
      assertThat(dear.isAlive()).isTrue();
      PayoutSettings settings =
          rig.settings(
              new WalletConfig(
                  base.name(), 1_000, base.feePayer(), 144, 50, 500, base.bumpAfter()));
      PayoutDesk desk =
          new PayoutDesk(rig.dataDir, rig.books, dear.rpc(), settings, rig.clock, () -> "x");
      assertThat(kindOf(desk::run)).isEqualTo(Kind.FEES);
      assertThat(rig.books.payouts().open()).isEmpty();
    }
    node.startAgain();
  }

  private static LocalNode restarted(String option) throws Exception {
    return LocalNode.start(Network.REGTEST, nodeFolder, option);
  }

  // ---- between the steps ----

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private PayoutDesk stoppingAt(String point) throws PayoutException {
    return rig.desk(
        rig.settings(),
        reached -> {
          if (reached.equals(point)) {
            throw new Stop();
          }
        });
  }

  @Test
  void aRunBrokenOffAnywhereIsFinishedByTheNextAndPaysOnce() throws Exception {
    String[] points = {"reserved", "built", "stored", "sent", "recorded"};
    for (String point : points) {
      if (rig.payable("alice") == 0) {
        rig.matureBlock();
      }
      long due = rig.payable("alice") + rig.payable(rig.bob);
      long before = rig.received(rig.alice) + rig.received(rig.bob);
      assertThatThrownBy(() -> stoppingAt(point).run()).isInstanceOf(Stop.class);
      PayoutRow payout = run();
      assertThat(payout.state()).as(point).isEqualTo(PayoutState.BROADCAST);
      assertThat(payout.attempts()).as(point).hasSize(1);
      finish(payout.id());
      assertThat(rig.received(rig.alice) + rig.received(rig.bob) - before)
          .as(point)
          .isEqualTo(due - payout.feeShareSat());
    }
    assertThat(rig.confirmedTransactions()).hasSize(points.length);
  }

  /** The same with a process beside the pool, ended by SIGKILL while it holds the payouts' lock. */
  @Test
  void aCommandKilledAnywhereIsFinishedByTheNextAndPaysOnce() throws Exception {
    String[] points = {"reserved", "built", "stored", "sent"};
    for (int i = 0; i < points.length; i++) {
      if (rig.payable("alice") == 0) {
        rig.matureBlock();
      }
      long due = rig.payable("alice") + rig.payable(rig.bob);
      long before = rig.received(rig.alice) + rig.received(rig.bob);
      killAt(points[i], "killed-" + i);
      PayoutRow payout = run();
      assertThat(payout.id()).as(points[i]).isEqualTo("killed-" + i);
      assertThat(payout.attempts()).as(points[i]).hasSize(1);
      finish(payout.id());
      assertThat(rig.received(rig.alice) + rig.received(rig.bob) - before)
          .as(points[i])
          .isEqualTo(due - payout.feeShareSat());
    }
  }

  private void killAt(String point, String id) throws Exception {
    RpcCredentials.Cookie cookie = (RpcCredentials.Cookie) node.credentials();
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                PayoutChild.class.getName(),
                rig.dataDir.toString(),
                node.rpcUrl().toString(),
                cookie.file().toString(),
                rig.walletName,
                rig.poolAddress,
                id,
                point)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null && !line.equals("AT " + point)) {
        line = lines.readLine(); // Log lines of the child.
      }
      assertThat(line).as("the child reached %s", point).isEqualTo("AT " + point);
      assertThat(rig.desk().follow()).as("it holds the lock").isFalse();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void aNodeRestartedBetweenSignAndBroadcastGetsTheStoredBytes() throws Exception {
    assertThatThrownBy(() -> stoppingAt("stored").run()).isInstanceOf(Stop.class);
    String txid = rig.payout("p1").attempts().getFirst().txid();
    assertThat(rig.payout("p1").state()).isEqualTo(PayoutState.SIGNED);
    node.stop();
    node.startAgain(); // The wallet is not loaded, and its locks are gone.
    PayoutRig.openWallet(rig.rpc, PayoutRig.MINER_WALLET, false);
    assertThat(rig.desk().follow()).isTrue();
    assertThat(rig.payout("p1").state()).isEqualTo(PayoutState.BROADCAST);
    assertThat(rig.payout("p1").attempts()).extracting(Attempt::txid).containsExactly(txid);
    finish("p1");
  }

  @Test
  void ofTwoRunsAtOnceOnePays() throws Exception {
    long due = rig.payable("alice") + rig.payable(rig.bob);
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      Callable<Object> pay =
          () -> {
            try {
              return rig.desk().run();
            } catch (PayoutException e) {
              return e.kind();
            }
          };
      for (Future<Object> one : both.invokeAll(List.of(pay, pay))) {
        assertThat(one.get()).isIn(Kind.BUSY, Optional.of(rig.payout("p1")));
      }
    }
    assertThat(rig.books.payouts().newest(10)).hasSize(1);
    finish("p1");
    assertThat(rig.received(rig.alice) + rig.received(rig.bob))
        .isEqualTo(due - rig.payout("p1").feeShareSat());
  }

  // ---- what the chain does ----

  @Test
  void anEvictedPayoutIsSentAgain() throws Exception {
    PayoutRow payout = run();
    node.stop();
    Files.delete(nodeFolder.resolve("regtest/mempool.dat"));
    try (LocalNode forgetful = restarted("-walletbroadcast=0")) {
      assertThat(forgetful.rpc().call("getrawmempool").isEmpty()).isTrue();
      PayoutDesk desk =
          new PayoutDesk(
              rig.dataDir, rig.books, forgetful.rpc(), rig.settings(), rig.clock, () -> "x");
      desk.follow();
      assertThat(forgetful.rpc().call("getrawmempool").toString())
          .contains(payout.attempts().getFirst().txid());
    }
    node.startAgain();
    PayoutRig.openWallet(rig.rpc, rig.walletName, false);
    PayoutRig.openWallet(rig.rpc, PayoutRig.MINER_WALLET, false);
    rig.desk().follow();
    finish(payout.id());
  }

  @Test
  void aSlowPayoutIsReplacedWithAHigherFeeAndBookedOnce() throws Exception {
    PayoutRow payout = run();
    rig.clock.advance(Duration.ofHours(11));
    rig.desk().follow();
    assertThat(rig.payout(payout.id()).attempts()).hasSize(1);
    rig.clock.advance(Duration.ofHours(2));
    rig.desk().follow();
    PayoutRow bumped = rig.payout(payout.id());
    assertThat(bumped.attempts()).hasSize(2);
    Attempt first = bumped.attempts().getFirst();
    Attempt second = bumped.attempts().getLast();
    assertThat(second.feeSat()).isGreaterThan(first.feeSat());
    assertThat(second.inputs()).containsAll(first.inputs());
    assertThat(rig.rpc.call("getrawmempool").toString())
        .contains(second.txid())
        .doesNotContain(first.txid());
    rig.checkAll();
    rig.mine(1);
    rig.desk().follow();
    assertThat(rig.payout(payout.id()).attempts())
        .extracting(Attempt::state)
        .containsExactly(AttemptState.REPLACED, AttemptState.CONFIRMED);
    assertThat(rig.ledger())
        .as("the increase is the pool's")
        .containsEntry("expense:txfee", second.feeSat() - payout.feeShareSat());
    finish(payout.id());
  }

  @Test
  void theReplacedOneMayStillWin() throws Exception {
    PayoutRow payout = run();
    rig.clock.advance(Duration.ofHours(13));
    rig.desk().follow();
    Attempt first = rig.payout(payout.id()).attempts().getFirst();
    rig.rpc.call(
        "generateblock", rig.miners.call("getnewaddress").asString(), List.of(first.raw()));
    rig.desk().follow();
    assertThat(rig.payout(payout.id()).confirmed().orElseThrow().txid()).isEqualTo(first.txid());
    assertThat(rig.ledger()).doesNotContainKey("expense:txfee");
    finish(payout.id());
  }

  @Test
  void aPayoutReorganisedAwayIsTakenBackAndBookedAgain() throws Exception {
    PayoutRow payout = run();
    rig.mine(2);
    rig.desk().follow();
    Map<String, Long> confirmed = rig.ledger();
    String block =
        rig.rpc.call("getblockhash", rig.rpc.call("getblockcount").asInt() - 1).asString();
    rig.rpc.call("invalidateblock", block);
    rig.desk().follow();
    assertThat(rig.payout(payout.id()).state()).isEqualTo(PayoutState.BROADCAST);
    assertThat(rig.ledger()).containsEntry("liab:inflight:p1", -payout.amountSat());
    rig.checkAll();
    rig.rpc.call("reconsiderblock", block);
    rig.desk().follow();
    assertThat(rig.ledger()).isEqualTo(confirmed);
    finish(payout.id());
  }

  @Test
  void aPayoutWhoseCoinsWereSpentElsewhereIsReleasedOnlyWhenThatIsCertain() throws Exception {
    assertThatThrownBy(() -> stoppingAt("stored").run()).isInstanceOf(Stop.class);
    PayoutRow payout = rig.payout("p1");
    long due = payout.amountSat();
    // The operator spends the same coin by hand, to the pool itself.
    rig.pool.call("lockunspent", true);
    var coin = payout.attempts().getFirst().inputs().getFirst();
    BigDecimal value =
        rig.rpc.call("gettxout", coin.txid(), coin.vout()).required("value").decimalValue();
    String raw =
        rig.pool
            .call(
                "createrawtransaction",
                List.of(Map.of("txid", coin.txid(), "vout", coin.vout())),
                List.of(Map.of(rig.poolAddress, value.subtract(new BigDecimal("0.00001")))))
            .asString();
    rig.rpc.call(
        "sendrawtransaction",
        rig.pool.call("signrawtransactionwithwallet", raw).required("hex").asString());
    rig.mine(3);
    rig.desk().follow();
    assertThat(rig.payout("p1").state()).isEqualTo(PayoutState.SIGNED);
    assertThat(rig.payout("p1").attempts().getFirst().state()).isEqualTo(AttemptState.CONFLICTED);
    assertThatThrownBy(() -> rig.desk().cancel("p1")).hasMessageContaining("could still confirm");
    rig.mine(3);
    rig.desk().follow();
    assertThat(rig.payout("p1").state()).isEqualTo(PayoutState.FAILED);
    assertThat(rig.payable("alice") + rig.payable(rig.bob)).isEqualTo(due);
    // The fee of the operator's own transaction is missing until it is booked.
    assertThat(kindOf(() -> rig.desk().run())).isEqualTo(Kind.BOOKS);
    assertThat(rig.books.payouts().operatorMoved("fee-by-hand", -1_000).isPosted()).isTrue();
    finish(run().id());
  }

  // ---- keys elsewhere ----

  @Test
  void anExportedPayoutIsSignedElsewhereAndImported() throws Exception {
    String watching = "watch-" + folder.getFileName();
    rig.rpc.call("createwallet", watching, true, true);
    var descriptors = rig.pool.call("listdescriptors").required("descriptors");
    List<Map<String, Object>> imported = new java.util.ArrayList<>();
    descriptors.forEach(one ->
        imported.add(
            Map.of(
                "desc", one.required("desc").asString(),
                "timestamp", 0,
                "active", one.path("active").asBoolean(false),
                "internal", one.path("internal").asBoolean(false),
                "range", List.of(0, 100))));
    rig.rpc.forWallet(watching).call(Duration.ofMinutes(1), "importdescriptors", imported);
    WalletConfig base = rig.wallet(WalletConfig.FeePayer.MINERS);
    PayoutDesk desk =
        rig.desk(
            rig.settings(
                new WalletConfig(
                    Optional.of(watching),
                    1_000,
                    base.feePayer(),
                    144,
                    50,
                    500,
                    base.bumpAfter())));
    assertThat(kindOf(desk::run)).isEqualTo(Kind.NO_KEYS);
    assertThat(rig.books.payouts().open()).isEmpty();

    PayoutRow payout = desk.export().orElseThrow();
    String psbt = String.valueOf(payout.attempts().getFirst().psbt());
    assertThat(desk.export().orElseThrow().attempts().getFirst().psbt()).isEqualTo(psbt);
    assertThat(kindOf(() -> desk.importSigned(psbt))).isEqualTo(Kind.REFUSED);
    assertThat(kindOf(() -> desk.importSigned("no psbt!"))).isEqualTo(Kind.REFUSED);

    String signed = rig.pool.call("walletprocesspsbt", psbt).required("psbt").asString();
    assertThat(desk.importSigned(signed).state()).isEqualTo(PayoutState.BROADCAST);
    assertThat(desk.importSigned(signed).state()).isEqualTo(PayoutState.BROADCAST);
    rig.mine(6);
    desk.follow();
    assertThat(rig.payout(payout.id()).state()).isEqualTo(PayoutState.FINAL);
    rig.checkAll();
  }

  // ---- cancelling ----

  /** As a run does right after it has stored a transaction. */
  private void lock(List<PayoutRow.Input> coins) throws Exception {
    rig.pool.call(
        "lockunspent",
        false,
        coins.stream().map(coin -> Map.of("txid", coin.txid(), "vout", coin.vout())).toList());
  }

  @Test
  void aPayoutSignedButNotSentIsCancelledAndCanNeverPayBesideTheNextOne() throws Exception {
    long due = rig.payable("alice") + rig.payable(rig.bob);
    assertThatThrownBy(() -> stoppingAt("stored").run()).isInstanceOf(Stop.class);
    Attempt signed = rig.payout("p1").attempts().getFirst();
    lock(signed.inputs());
    // The command that cancels dies after the ledger, before the wallet's coins are free again.
    assertThatThrownBy(() -> stoppingAt("withdrawn").cancel("p1")).isInstanceOf(Stop.class);
    assertThat(rig.payable("alice") + rig.payable(rig.bob)).isEqualTo(due);
    assertThat(rig.pool.call("listlockunspent").isEmpty()).isFalse();
    assertThat(rig.desk().cancel("p1").state()).isEqualTo(PayoutState.FAILED);
    assertThat(rig.pool.call("listlockunspent").isEmpty()).isTrue();
    assertThat(rig.payable("alice") + rig.payable(rig.bob)).as("released once").isEqualTo(due);
    rig.desk().follow();
    assertThat(rig.rpc.call("getrawmempool").toString())
        .as("nothing of it is sent")
        .doesNotContain(signed.txid());
    rig.checkAll();

    // More coins, larger ones first: the next payout spends one of the old transaction's all the
    // same.
    rig.mine(2);
    rig.miners.call("sendtoaddress", rig.poolAddress, "60");
    rig.mine(1);
    rig.books.payouts().operatorMoved("gift", 60 * PayoutRig.COIN);
    PayoutRow next = run();
    assertThat(next.attempts().getFirst().inputs())
        .anyMatch(coin -> signed.inputs().contains(coin));
    assertThatThrownBy(() -> rig.rpc.call("sendrawtransaction", signed.raw()))
        .as("somebody kept the signed bytes")
        .isInstanceOf(org.adit.pool.bitcoind.RpcException.class);
    finish(next.id());
    assertThat(rig.books.payouts().withdrawn()).isEmpty();
  }

  @Test
  void aCancelledPayoutWhoseCoinsAreLockedByACrashIsFollowedByTheNextRunAllTheSame()
      throws Exception {
    assertThatThrownBy(() -> stoppingAt("stored").run()).isInstanceOf(Stop.class);
    Attempt signed = rig.payout("p1").attempts().getFirst();
    lock(signed.inputs());
    assertThatThrownBy(() -> stoppingAt("withdrawn").cancel("p1")).isInstanceOf(Stop.class);
    PayoutRow next = run();
    assertThat(next.attempts().getFirst().inputs())
        .anyMatch(coin -> signed.inputs().contains(coin));
    finish(next.id());
  }

  @Test
  void aPayoutThatWasSentIsNotCancelledAndTheMessageSaysWhatToDo() throws Exception {
    // Sent, but the command died before it wrote that down.
    assertThatThrownBy(() -> stoppingAt("sent").run()).isInstanceOf(Stop.class);
    assertThat(rig.payout("p1").state()).isEqualTo(PayoutState.SIGNED);
    assertThatThrownBy(() -> rig.desk().cancel("p1"))
        .hasMessageContaining("was sent and could still confirm")
        .hasMessageContaining("six blocks deep");
    assertThat(rig.payout("p1").state()).isEqualTo(PayoutState.BROADCAST);
    rig.mine(1);
    rig.desk().follow();
    assertThatThrownBy(() -> rig.desk().cancel("p1")).hasMessageContaining("is paid");
    assertThatThrownBy(() -> rig.desk().cancel("p7")).hasMessageContaining("no payout p7");
    finish("p1");
  }

  @Test
  void anExportedPayoutNobodyBroughtBackIsCancelled() throws Exception {
    long due = rig.payable("alice") + rig.payable(rig.bob);
    PayoutRow payout = rig.desk().export().orElseThrow();
    Attempt exported = payout.attempts().getFirst();
    assertThat(rig.desk().cancel(payout.id()).state()).isEqualTo(PayoutState.FAILED);
    assertThat(rig.payable("alice") + rig.payable(rig.bob)).isEqualTo(due);
    String signed =
        rig.pool
            .call("walletprocesspsbt", String.valueOf(exported.psbt()))
            .required("psbt")
            .asString();
    assertThat(kindOf(() -> rig.desk().importSigned(signed))).isEqualTo(Kind.REFUSED);
    PayoutRow next = run();
    assertThat(next.attempts().getFirst().inputs())
        .anyMatch(coin -> exported.inputs().contains(coin));
    finish(next.id());
  }

  // ---- blocks that vanish after they were paid out ----

  @Test
  void aBlockLostAfterItWasPaidOutTakesThePayoutWithItFirst() throws Exception {
    PayoutRow payout = run();
    rig.mine(1);
    rig.desk().follow();
    assertThat(rig.payout(payout.id()).state()).isEqualTo(PayoutState.CONFIRMED);
    var block = rig.books.blocks(1).getFirst();
    rig.rpc.call("invalidateblock", block.hash().toDisplayHex());
    assertThat(rig.books.blockOrphaned(block.hash()).isRefused())
        .as("the wallet's books do not overdraw")
        .isTrue();
    rig.desk().follow();
    assertThat(rig.books.blockOrphaned(block.hash()).isPosted()).isTrue();
    assertThat(rig.books.checkInvariants().broken())
        .as("the reserved credits are not covered: said, and payouts stop")
        .anyMatch(text -> text.startsWith("I7"));
    assertThat(kindOf(() -> rig.desk().run())).isEqualTo(Kind.BOOKS);
    rig.rpc.call("reconsiderblock", block.hash().toDisplayHex());
    assertThat(rig.books.blockReconnected(block.hash()).isPosted()).isTrue();
    rig.desk().follow();
    finish(payout.id());
  }
}
