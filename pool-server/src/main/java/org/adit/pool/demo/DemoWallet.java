package org.adit.pool.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import tools.jackson.databind.JsonNode;

/**
 * A wallet of the demo's node that makes payments of every common kind: legacy, nested and native
 * segwit, taproot.
 */
public final class DemoWallet {
  private static final List<String> KINDS = List.of("legacy", "p2sh-segwit", "bech32", "bech32m");
  private static final BigDecimal COIN = new BigDecimal("0.01");
  private static final long BASE_FEE_SAT = 2_000;

  private final RpcClient wallet;

  private DemoWallet(RpcClient wallet) {
    this.wallet = wallet;
  }

  /** Makes the wallet on the node, or opens the one that is there. */
  public static DemoWallet open(RpcClient node, String name) throws NodeException {
    boolean loaded = false;
    for (JsonNode known : node.call("listwallets")) {
      loaded |= known.asString("").equals(name);
    }
    if (!loaded) {
      boolean exists = false;
      for (JsonNode stored : node.call("listwalletdir").path("wallets")) {
        exists |= stored.path("name").asString("").equals(name);
      }
      node.call(exists ? "loadwallet" : "createwallet", name);
    }
    return new DemoWallet(node.forWallet(name));
  }

  /** A fresh address of a kind: legacy, p2sh-segwit, bech32 or bech32m. */
  public String address(String kind) throws NodeException {
    return wallet.call("getnewaddress", "", kind).asString();
  }

  /** Script of an address. */
  public byte[] script(String address) throws NodeException {
    return HexFormat.of()
        .parseHex(wallet.call("validateaddress", address).required("scriptPubKey").asString());
  }

  /** Puts small coins of every kind into the wallet; they can be spent after the next block. */
  public void makeCoins(int perKind) throws NodeException {
    Map<String, BigDecimal> outputs = new LinkedHashMap<>();
    for (String kind : KINDS) {
      for (int i = 0; i < perKind; i++) {
        outputs.put(address(kind), COIN);
      }
    }
    wallet.call("sendmany", "", outputs);
  }

  /**
   * Spends confirmed small coins, each in a transaction of its own and to a coin of the same kind,
   * with fees that differ.
   *
   * @return how many transactions entered the mempool
   */
  public int spend(int most) throws NodeException {
    int sent = 0;
    List<JsonNode> coins = new ArrayList<>();
    for (JsonNode coin : wallet.call("listunspent", 1)) {
      if (coin.path("spendable").asBoolean(true)
          && coin.required("amount").decimalValue().compareTo(COIN) <= 0
          && coin.required("amount").decimalValue().compareTo(new BigDecimal("0.0001")) > 0) {
        coins.add(coin);
      }
    }
    for (JsonNode coin : coins) {
      if (sent == most) {
        break;
      }
      spendOne(coin, BASE_FEE_SAT + 37L * sent);
      sent++;
    }
    return sent;
  }

  private void spendOne(JsonNode coin, long feeSat) throws NodeException {
    BigDecimal amount =
        coin.required("amount").decimalValue().subtract(BigDecimal.valueOf(feeSat, 8));
    List<Map<String, Object>> inputs =
        List.of(
            Map.of(
                "txid", coin.required("txid").asString(), "vout", coin.required("vout").asInt()));
    String kind = kindOf(coin.path("desc").asString(""));
    String raw =
        wallet
            .call("createrawtransaction", inputs, List.of(Map.of(address(kind), amount)))
            .asString();
    String signed = wallet.call("signrawtransactionwithwallet", raw).required("hex").asString();
    wallet.call("sendrawtransaction", signed);
  }

  private static String kindOf(String descriptor) {
    if (descriptor.startsWith("tr(")) {
      return "bech32m";
    }
    if (descriptor.startsWith("wpkh(")) {
      return "bech32";
    }
    return descriptor.startsWith("sh(") ? "p2sh-segwit" : "legacy";
  }
}
