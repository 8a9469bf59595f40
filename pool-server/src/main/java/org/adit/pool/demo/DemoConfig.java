package org.adit.pool.demo;

import java.util.List;
import java.util.Locale;
import org.adit.config.Network;
import org.adit.config.RpcCredentials;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.bitcoind.NodeException;

/** Writes the configuration file of the demo's pool: the same kind any operator writes. */
final class DemoConfig {
  /** The node's wallet that the pool's address belongs to, so that payouts can be tried, too. */
  static final String WALLET = "demo";

  private DemoConfig() {}

  static String toml(Network chain, LocalNode node, DemoWallet wallet, List<String> accounts)
      throws NodeException {
    StringBuilder out = new StringBuilder();
    out.append("# Written by adit demo; adit pool --config takes it as it is.\n");
    line(out, "network", chain.name().toLowerCase(Locale.ROOT));
    line(out, "data_dir", "pool");
    out.append("\n[bitcoind]\n");
    line(out, "url", node.rpcUrl().toString());
    line(out, "cookie_file", cookie(node));
    line(out, "zmq_hashblock", node.zmqHashblock());
    out.append("isolated = true\n");
    out.append("\n[payout]\n");
    line(out, "scheme", "pplns");
    line(out, "address", wallet.address("bech32"));
    out.append("window_units = ").append(chain == Network.REGTEST ? 20 : 4).append('\n');
    out.append("\n[wallet]\n");
    line(out, "name", WALLET);
    out.append("\n[jobs]\n");
    // Two miners on one machine find blocks within moments of each other.
    out.append("stale_grace_ms = 2000\n");
    out.append("\n[web]\nport = 0\n");
    out.append("\n[[listener]]\nhost = \"127.0.0.1\"\nport = 0\n");
    if (chain == Network.REGTEST) {
      // Every hash would be a share; announcing more paces the miners.
      out.append("start_difficulty = \"0.001\"\nmin_difficulty = \"0.00001\"\n");
      out.append("above_network = true\n");
    } else {
      // A block costs about five million hashes here, a share an eighth of that.
      out.append("start_difficulty = \"0.0001220703125\"\n");
      out.append("min_difficulty = \"0.0001220703125\"\n");
      out.append("max_difficulty = \"0.0001220703125\"\n");
      out.append("vardiff = false\n");
    }
    String[] kinds = {"bech32", "bech32m"};
    for (int i = 0; i < accounts.size(); i++) {
      out.append("\n[[account]]\n");
      line(out, "name", accounts.get(i));
      line(out, "address", wallet.address(kinds[i % kinds.length]));
    }
    return out.toString();
  }

  /** The same settings for a node that came back on other ports. */
  static String moved(String toml, LocalNode node) {
    return toml.replaceAll("(?m)^url = .*$", "url = \"" + node.rpcUrl() + "\"")
        .replaceAll("(?m)^zmq_hashblock = .*$", "zmq_hashblock = \"" + node.zmqHashblock() + "\"");
  }

  private static String cookie(LocalNode node) {
    return node.credentials() instanceof RpcCredentials.Cookie cookie
        ? cookie.file().toString()
        : "";
  }

  private static void line(StringBuilder out, String key, String value) {
    out.append(key)
        .append(" = \"")
        .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
        .append("\"\n");
  }
}
