package org.adit.pool.payouts;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.accounting.store.PayoutRow.Input;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.bitcoind.RpcException;
import org.adit.pool.payouts.PayoutException.Kind;
import tools.jackson.databind.JsonNode;

/** The wallet of the pool's node. Amounts cross this wall as satoshi; nothing here is kept. */
final class NodeWallet {
  private static final int WALLET_ERROR = -4;
  private static final int LOCKED = -13;
  private static final long REPLACEABLE = 0xfffffffdL;
  private static final int KVB = 1_000;
  private static final int MOST_BLOCKS_SEARCHED = 1_008;

  /**
   * What the wallet holds, all of it its own.
   *
   * @param trustedSat confirmed, or change of its own
   * @param pendingSat from others, unconfirmed
   * @param immatureSat coinbases
   */
  record Balance(long trustedSat, long pendingSat, long immatureSat) {
    long totalSat() {
      return trustedSat + pendingSat + immatureSat;
    }
  }

  /** A transaction to be signed. */
  record Psbt(String base64, long feeSat) {}

  private final RpcClient node;
  private final RpcClient wallet;
  private final String name;

  NodeWallet(RpcClient node, String name) {
    this.node = node;
    this.wallet = node.forWallet(name);
    this.name = name;
  }

  String name() {
    return name;
  }

  /**
   * Sees that node and wallet are there and of the right chain; loads the wallet when it is not.
   */
  void check(String chain) throws NodeException, PayoutException {
    JsonNode info = node.call("getblockchaininfo");
    String actual = info.path("chain").asString("");
    if (!actual.equals(chain)) {
      throw new PayoutException(
          Kind.REFUSED, "the node is on " + actual + ", the pool is set to " + chain);
    }
    if (info.path("blocks").asInt() != info.path("headers").asInt()) {
      throw new PayoutException(
          Kind.REFUSED,
          "the node is still catching up: block "
              + info.path("blocks").asInt()
              + " of "
              + info.path("headers").asInt()
              + "; try again later");
    }
    load();
    JsonNode state = wallet.call("getwalletinfo");
    if (state.path("scanning").isObject()) {
      throw new PayoutException(
          Kind.REFUSED, "wallet " + name + " is being rescanned; try again when that is done");
    }
  }

  private void load() throws NodeException, PayoutException {
    JsonNode loaded;
    try {
      loaded = node.call("listwallets");
    } catch (RpcException e) {
      if (e.code() == RpcException.METHOD_NOT_FOUND) {
        throw new PayoutException(
            Kind.NO_WALLET,
            "the node runs without wallets (disablewallet); start it with wallets to pay out",
            e);
      }
      throw e;
    }
    for (JsonNode one : loaded) {
      if (one.asString("").equals(name)) {
        return;
      }
    }
    for (JsonNode one : node.call("listwalletdir").path("wallets")) {
      if (one.path("name").asString("").equals(name)) {
        node.call("loadwallet", name);
        return;
      }
    }
    throw new PayoutException(
        Kind.NO_WALLET,
        "the node has no wallet "
            + name
            + " (setting wallet.name); make it with: bitcoin-cli createwallet "
            + name);
  }

  /** Sees that the wallet can sign now. */
  void checkKeys() throws NodeException, PayoutException {
    JsonNode info = wallet.call("getwalletinfo");
    if (!info.path("private_keys_enabled").asBoolean(true)
        && !info.path("external_signer").asBoolean(false)) {
      throw new PayoutException(
          Kind.NO_KEYS,
          "wallet "
              + name
              + " has no keys; use 'adit payout export', sign elsewhere, then 'adit payout import'");
    }
    if (info.has("unlocked_until") && info.path("unlocked_until").asLong() == 0) {
      throw locked(null);
    }
  }

  private PayoutException locked(@org.jspecify.annotations.Nullable RpcException cause) {
    String message =
        "wallet "
            + name
            + " is locked; unlock it with: bitcoin-cli -rpcwallet="
            + name
            + " -stdinwalletpassphrase walletpassphrase 120";
    return cause == null
        ? new PayoutException(Kind.LOCKED, message)
        : new PayoutException(Kind.LOCKED, message, cause);
  }

  boolean isMine(String address) throws NodeException {
    return wallet.call("getaddressinfo", address).path("ismine").asBoolean(false);
  }

  Balance balance() throws NodeException {
    JsonNode mine = wallet.call("getbalances").required("mine");
    return new Balance(
        sat(mine.required("trusted")),
        sat(mine.required("untrusted_pending")),
        sat(mine.required("immature")));
  }

  String tip() throws NodeException {
    return node.call("getbestblockhash").asString();
  }

  /** Coins that may be spent, largest first. Legacy ones would change a txid by being signed. */
  List<Coin> coins() throws NodeException {
    List<Coin> coins = new ArrayList<>();
    for (JsonNode one : wallet.call("listunspent", 1, 9_999_999, List.of(), false)) {
      String descriptor = one.path("desc").asString("");
      boolean segwit = descriptor.startsWith("wpkh(") || descriptor.startsWith("tr(");
      if (segwit && one.path("solvable").asBoolean(false)) {
        coins.add(
            new Coin(
                new Input(one.required("txid").asString(), one.required("vout").asInt()),
                sat(one.required("amount"))));
      }
    }
    coins.sort((a, b) -> Long.compare(b.sat(), a.sat()));
    return coins;
  }

  /** The node's estimate, never below what it relays; satoshi per virtual byte, rounded up. */
  long feeRate(int targetBlocks) throws NodeException {
    JsonNode mempool = node.call("getmempoolinfo");
    BigDecimal rate =
        mempool
            .required("mempoolminfee")
            .decimalValue()
            .max(mempool.required("minrelaytxfee").decimalValue());
    JsonNode estimate = node.call("estimatesmartfee", targetBlocks, "economical");
    if (estimate.has("feerate")) {
      rate = rate.max(estimate.required("feerate").decimalValue());
    }
    return rate.movePointRight(8)
        .divide(BigDecimal.valueOf(KVB), 0, RoundingMode.CEILING)
        .max(BigDecimal.ONE)
        .longValueExact();
  }

  /** Has the wallet fund outputs from exactly these coins. */
  Psbt fund(Map<String, Long> outputs, List<Coin> coins, long feeRate)
      throws NodeException, PayoutException {
    try {
      JsonNode made =
          wallet.call(
              "walletcreatefundedpsbt",
              inputs(coins.stream().map(Coin::input).toList()),
              amounts(outputs),
              0,
              Map.of(
                  "add_inputs",
                  false,
                  "fee_rate",
                  feeRate,
                  "change_type",
                  "bech32",
                  "changePosition",
                  outputs.size(),
                  "replaceable",
                  true));
      return new Psbt(made.required("psbt").asString(), sat(made.required("fee")));
    } catch (RpcException e) {
      if (e.code() == WALLET_ERROR) {
        throw new PayoutException(Kind.FUNDS, "wallet " + name + ": " + e.getMessage(), e);
      }
      throw e;
    }
  }

  /** A transaction of exactly these inputs and outputs. */
  String create(List<Input> inputs, Map<String, Long> outputs) throws NodeException {
    return node.call("createpsbt", inputs(inputs), amounts(outputs), 0, true).asString();
  }

  /** Adds what signers need, and signatures where asked. */
  String process(String psbt, boolean sign) throws NodeException, PayoutException {
    try {
      return wallet.call("walletprocesspsbt", psbt, sign).required("psbt").asString();
    } catch (RpcException e) {
      if (e.code() == LOCKED) {
        throw locked(e);
      }
      throw e;
    }
  }

  String combine(String one, String other) throws NodeException {
    return node.call("combinepsbt", List.of(one, other)).asString();
  }

  /** The signed transaction in hex; empty when signatures are missing. */
  Optional<String> finish(String psbt) throws NodeException {
    JsonNode done = node.call("finalizepsbt", psbt);
    return done.path("complete").asBoolean(false)
        ? Optional.of(done.required("hex").asString())
        : Optional.empty();
  }

  /** The network fee of a transaction to be signed; refuses inputs that are not native segwit. */
  long feeOf(String psbt) throws NodeException, PayoutException {
    JsonNode decoded = node.call("decodepsbt", psbt);
    for (JsonNode input : decoded.required("inputs")) {
      String type = input.path("witness_utxo").path("scriptPubKey").path("type").asString("");
      if (!type.startsWith("witness_")) {
        throw new PayoutException(
            Kind.REFUSED, "an input is not native segwit; its signature would change the txid");
      }
    }
    if (!decoded.has("fee")) {
      throw new PayoutException(
          Kind.REFUSED, "the transaction does not say what its inputs are worth");
    }
    return sat(decoded.required("fee"));
  }

  Transaction decodePsbt(String psbt) throws NodeException {
    return transaction(node.call("decodepsbt", psbt).required("tx"));
  }

  Transaction decode(String raw) throws NodeException {
    return transaction(node.call("decoderawtransaction", raw));
  }

  private static Transaction transaction(JsonNode tx) {
    List<Input> inputs = new ArrayList<>();
    boolean replaceable = true;
    for (JsonNode input : tx.required("vin")) {
      inputs.add(new Input(input.required("txid").asString(), input.required("vout").asInt()));
      replaceable &= input.required("sequence").asLong() <= REPLACEABLE;
    }
    List<Transaction.Output> outputs = new ArrayList<>();
    for (JsonNode output : tx.required("vout")) {
      JsonNode script = output.required("scriptPubKey");
      outputs.add(
          new Transaction.Output(
              script.required("hex").asString(),
              script.path("address").asString(""),
              sat(output.required("value"))));
    }
    return new Transaction(
        tx.required("txid").asString(), tx.required("vsize").asInt(), inputs, outputs, replaceable);
  }

  /** Why the node would not take the transaction; empty when it would. */
  Optional<String> objection(String raw) throws NodeException {
    JsonNode answer = node.call("testmempoolaccept", List.of(raw)).required(0);
    return answer.path("allowed").asBoolean(false)
        ? Optional.empty()
        : Optional.of(answer.path("reject-reason").asString("no reason given"));
  }

  /** Sends; sending again what is in the mempool is no error. */
  void send(String raw) throws NodeException {
    node.call("sendrawtransaction", raw);
  }

  TxStanding standing(String txid) throws NodeException {
    int confirmations;
    boolean known = true;
    try {
      confirmations = wallet.call("gettransaction", txid).path("confirmations").asInt(0);
    } catch (RpcException e) {
      if (e.code() != RpcException.NOT_FOUND) {
        throw e;
      }
      known = false;
      confirmations = inIndex(txid);
    }
    if (confirmations > 0) {
      return new TxStanding.InChain(confirmations);
    }
    if (confirmations < 0) {
      return new TxStanding.Conflicted(-confirmations);
    }
    if (inMempool(txid)) {
      return new TxStanding.InMempool();
    }
    return known ? new TxStanding.Forgotten() : new TxStanding.Unknown();
  }

  /** A wallet restored from a backup does not know its newest transactions; an index may. */
  private int inIndex(String txid) throws NodeException {
    try {
      return node.call("getrawtransaction", txid, true).path("confirmations").asInt(0);
    } catch (RpcException e) {
      if (e.code() == RpcException.NOT_FOUND) {
        return 0;
      }
      throw e;
    }
  }

  private boolean inMempool(String txid) throws NodeException {
    try {
      node.call("getmempoolentry", txid);
      return true;
    } catch (RpcException e) {
      if (e.code() == RpcException.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** Whether an output is unspent in the active chain. */
  boolean isUnspent(Input coin) throws NodeException {
    return node.call("gettxout", coin.txid(), coin.vout(), false).isObject();
  }

  /**
   * How deep the transaction is that spends a coin; empty when none is found. Reads blocks from the
   * tip backwards, so it is asked only when the wallet has no answer.
   */
  Optional<Integer> spenderDepth(Input coin) throws NodeException {
    String hash = tip();
    for (int depth = 1; depth <= MOST_BLOCKS_SEARCHED && !hash.isEmpty(); depth++) {
      JsonNode block = node.call("getblock", hash, 2);
      for (JsonNode tx : block.required("tx")) {
        for (JsonNode input : tx.required("vin")) {
          if (input.path("txid").asString("").equals(coin.txid())
              && input.path("vout").asInt(-1) == coin.vout()) {
            return Optional.of(depth);
          }
        }
      }
      hash = block.path("previousblockhash").asString("");
    }
    return Optional.empty();
  }

  /** Raises the fee of a transaction in the wallet; the payees' outputs stay. */
  Psbt bump(String txid, long feeRate) throws NodeException, PayoutException {
    try {
      JsonNode made = wallet.call("psbtbumpfee", txid, Map.of("fee_rate", feeRate));
      return new Psbt(made.required("psbt").asString(), sat(made.required("fee")));
    } catch (RpcException e) {
      throw new PayoutException(
          Kind.REFUSED, "the wallet cannot raise the fee of " + txid + ": " + e.getMessage(), e);
    }
  }

  /** Keeps the wallet from spending these coins otherwise. Locks are gone after a node restart. */
  void lock(List<Input> coins) throws NodeException {
    lockEach(false, coins);
  }

  void unlock(List<Input> coins) throws NodeException {
    lockEach(true, coins);
  }

  private void lockEach(boolean unlock, List<Input> coins) throws NodeException {
    for (Input coin : coins) {
      try {
        wallet.call("lockunspent", unlock, inputs(List.of(coin)));
      } catch (RpcException e) {
        // Locked already, not locked, or spent by now: each is what was wanted.
        if (e.code() != RpcException.INVALID_PARAMETER) {
          throw e;
        }
      }
    }
  }

  private static List<Map<String, Object>> inputs(List<Input> coins) {
    return coins.stream()
        .map(coin -> Map.<String, Object>of("txid", coin.txid(), "vout", coin.vout()))
        .toList();
  }

  private static List<Map<String, BigDecimal>> amounts(Map<String, Long> outputs) {
    List<Map<String, BigDecimal>> list = new ArrayList<>();
    new LinkedHashMap<>(outputs)
        .forEach((address, sat) -> list.add(Map.of(address, BigDecimal.valueOf(sat, 8))));
    return list;
  }

  private static long sat(JsonNode bitcoin) {
    return bitcoin.decimalValue().movePointRight(8).longValueExact();
  }
}
