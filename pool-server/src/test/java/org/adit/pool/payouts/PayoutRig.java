package org.adit.pool.payouts;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.adit.accounting.AccountingSettings;
import org.adit.accounting.FoundBlock;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.address.AddressNetwork;
import org.adit.accounting.address.PayoutAddress;
import org.adit.accounting.journal.Ack;
import org.adit.accounting.journal.AckListener;
import org.adit.accounting.journal.ShareLane;
import org.adit.accounting.journal.ShareRecord;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.store.PayoutRow;
import org.adit.config.WalletConfig;
import org.adit.hasher.CompactBits;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import tools.jackson.databind.JsonNode;

/**
 * Books and wallets on a real node without a pool between them: the node mines to the pool's
 * address, and each such block is booked with shares of alice and bob.
 */
final class PayoutRig implements AutoCloseable {
  static final long COIN = 100_000_000;
  static final String POOL_WALLET = "pool";
  static final String MINER_WALLET = "miners";

  final LocalNode node;
  final Path dataDir;
  final MovingClock clock = new MovingClock();
  final PoolAccounting books;
  final RpcClient rpc;
  final RpcClient pool;
  final RpcClient miners;
  final String poolAddress;
  final String alice;
  final String bob;
  private final Shares shares;
  private final int aliceId;
  private final int bobId;
  private final AtomicInteger ids = new AtomicInteger();

  /** A clock that is moved. */
  static final class MovingClock extends Clock {
    private volatile Duration ahead = Duration.ZERO;

    void advance(Duration by) {
      ahead = ahead.plus(by);
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(ahead);
    }

    @Override
    public java.time.ZoneId getZone() {
      return java.time.ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      throw new UnsupportedOperationException("only UTC");
    }
  }

  PayoutRig(LocalNode node, Path dataDir) throws Exception {
    this(node, dataDir, POOL_WALLET + "-" + dataDir.getFileName());
  }

  private PayoutRig(LocalNode node, Path dataDir, String poolWallet) throws Exception {
    this.node = node;
    this.dataDir = dataDir;
    this.rpc = node.rpc();
    this.walletName = poolWallet;
    openWallet(rpc, poolWallet, false);
    openWallet(rpc, MINER_WALLET, false);
    this.pool = rpc.forWallet(poolWallet);
    this.miners = rpc.forWallet(MINER_WALLET);
    this.poolAddress = pool.call("getnewaddress", "", "bech32").asString();
    this.alice = miners.call("getnewaddress", "", "bech32m").asString();
    this.bob = miners.call("getnewaddress", "", "legacy").asString();
    this.books =
        PoolAccounting.open(
            dataDir, AccountingSettings.DEFAULT.withFee(new FeePpm(10_000, 10_000)), clock);
    books.accounts().add("alice", address(alice), OptionalLong.empty(), "");
    this.aliceId = books.registerWorker("alice", "rig");
    this.bobId = books.registerWorker(bob, "rig");
    this.shares = new Shares(books);
  }

  final String walletName;

  static void openWallet(RpcClient rpc, String name, boolean watchOnly) throws NodeException {
    for (JsonNode known : rpc.call("listwallets")) {
      if (known.asString("").equals(name)) {
        return;
      }
    }
    for (JsonNode stored : rpc.call("listwalletdir").path("wallets")) {
      if (stored.path("name").asString("").equals(name)) {
        rpc.call("loadwallet", name);
        return;
      }
    }
    rpc.call("createwallet", name, watchOnly);
  }

  static PayoutAddress address(String text) throws Exception {
    return PayoutAddress.parse(AddressNetwork.REGTEST, text);
  }

  /** Mines a block to the pool and books it, half to each. */
  Hash256 block() throws Exception {
    shares.submit(aliceId, 0);
    shares.submit(bobId, 0);
    long winner = shares.submit(aliceId, ShareRecord.BLOCK);
    Hash256 hash =
        Hash256.ofDisplayHex(rpc.call("generatetoaddress", 1, poolAddress).required(0).asString());
    JsonNode stats = rpc.call("getblockstats", hash.toDisplayHex());
    Posting posting =
        books.blockFound(
            new FoundBlock(
                hash,
                stats.required("height").asInt(),
                CompactBits.parse("207fffff"),
                stats.required("subsidy").asLong(),
                stats.required("totalfee").asLong(),
                stats.required("txs").asInt(),
                winner,
                aliceId,
                SchemeKind.PPLNS_UNITS,
                clock.instant()));
    if (!posting.isPosted()) {
      throw new AssertionError(posting.toString());
    }
    return hash;
  }

  /** Mines blocks of strangers. */
  void mine(int blocks) throws NodeException {
    rpc.call("generatetoaddress", blocks, miners.call("getnewaddress", "", "bech32").asString());
  }

  /** A block that is mature in the wallet and in the books. */
  Hash256 matureBlock() throws Exception {
    Hash256 hash = block();
    mine(100);
    if (!books.blockMatured(hash).isPosted()) {
      throw new AssertionError("not matured");
    }
    return hash;
  }

  WalletConfig wallet(WalletConfig.FeePayer payer) {
    return new WalletConfig(
        Optional.of(walletName), 1_000, payer, 144, 50, 500, Duration.ofHours(12));
  }

  PayoutSettings settings() {
    return settings(wallet(WalletConfig.FeePayer.MINERS));
  }

  PayoutSettings settings(WalletConfig wallet) {
    return new PayoutSettings(
        "regtest", AddressNetwork.REGTEST, Optional.of(poolAddress), wallet, 6);
  }

  PayoutDesk desk() throws PayoutException {
    return desk(settings());
  }

  PayoutDesk desk(PayoutSettings settings) throws PayoutException {
    return desk(settings, Probe.NONE);
  }

  PayoutDesk desk(PayoutSettings settings, Probe probe) throws PayoutException {
    return new PayoutDesk(
        dataDir, books, rpc, settings, clock, () -> "p" + ids.incrementAndGet(), probe);
  }

  long payable(String account) {
    return books.balances().stream()
        .filter(row -> row.account().equals(account))
        .mapToLong(row -> row.payableSat())
        .sum();
  }

  /** What the miners' wallet received at an address in the active chain. */
  long received(String address) throws NodeException {
    return miners
        .call("getreceivedbyaddress", address, 1)
        .decimalValue()
        .multiply(BigDecimal.valueOf(COIN))
        .longValueExact();
  }

  PayoutRow payout(String id) {
    return books.payouts().find(id).orElseThrow();
  }

  /** Everything agrees: invariants, replay, wallet and books. */
  void checkAll() throws Exception {
    if (!books.checkInvariants().broken().isEmpty()) {
      throw new AssertionError(books.checkInvariants().broken());
    }
    if (!books.replay().differences().isEmpty()) {
      throw new AssertionError(books.replay().differences());
    }
    WalletState state = desk().walletState();
    if (state.unbookedSat() != 0) {
      throw new AssertionError("wallet and books differ: " + state + " " + books.ledger());
    }
  }

  /** Inputs nobody may spend twice among all transactions of all payouts that confirmed. */
  Set<String> confirmedTransactions() {
    Set<String> txids = new HashSet<>();
    books
        .payouts()
        .newest(1_000)
        .forEach(payout -> payout.confirmed().ifPresent(attempt -> txids.add(attempt.txid())));
    return txids;
  }

  Map<String, Long> ledger() {
    return new TreeMap<>(books.ledger());
  }

  static Path folder(Path parent, String name) throws IOException {
    return Files.createDirectories(parent.resolve(name));
  }

  @Override
  public void close() throws IOException {
    books.close();
  }

  /** Offers shares and waits for their sequence. */
  private static final class Shares implements AckListener {
    private final ShareLane lane;
    private volatile CountDownLatch answered = new CountDownLatch(1);
    private volatile long sequence;

    Shares(PoolAccounting books) {
      lane = books.shares().openLane(16, this);
    }

    long submit(int worker, int flags) throws InterruptedException {
      answered = new CountDownLatch(1);
      ShareRecord share =
          new ShareRecord(1, worker, CompactBits.parse("207fffff"), 2, flags, 1, new byte[80]);
      if (!lane.offer(share, null) || !answered.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("the share was not taken");
      }
      return sequence;
    }

    @Override
    public void durable(List<Ack> acks) {
      sequence = acks.getLast().sequence();
      answered.countDown();
    }

    @Override
    public void refused(List<Ack> refused, IOException cause) {
      throw new AssertionError("refused", cause);
    }
  }
}
