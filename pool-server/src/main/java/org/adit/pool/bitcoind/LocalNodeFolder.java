package org.adit.pool.bitcoind;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adit.config.Network;
import org.adit.config.RpcCredentials;

/**
 * The data folder of a private node and its {@code bitcoin.conf}. Everything stands in that file
 * rather than on the command line, so that {@code bitcoin-cli -datadir=FOLDER} finds the node too.
 *
 * @param network the node's chain
 * @param folder absolute path
 */
record LocalNodeFolder(Network network, Path folder) {
  private static final String MARK =
      "# Written by Adit for a private node; every start writes it anew.";
  private static final Pattern RPC_PORT = Pattern.compile("(?m)^rpcport=(\\d{1,5})$");

  /**
   * Below the range Linux takes outgoing ports from, so that a stopped node finds its ports free
   * again.
   */
  private static final int FIRST_PORT = 20_000;

  private static final int LAST_PORT = 31_999;
  private static final int PORT_TRIES = 200;

  Path chainFolder() {
    return folder.resolve(network.configName());
  }

  RpcCredentials cookie() {
    return new RpcCredentials.Cookie(chainFolder().resolve(".cookie"));
  }

  Path output() {
    return folder.resolve("bitcoind.out");
  }

  private Path conf() {
    return folder.resolve("bitcoin.conf");
  }

  /**
   * Creates the folder, or takes one an earlier private node used.
   *
   * @throws IOException also when the folder belongs to a node of somebody else
   */
  void prepare() throws IOException {
    Files.createDirectories(folder);
    if (Files.exists(conf()) && !Files.readString(conf()).startsWith(MARK)) {
      throw new IOException(
          folder
              + " holds a bitcoin.conf that Adit did not write; choose another folder for the private node");
    }
  }

  /** The port the last node in this folder listened on. */
  Optional<Integer> lastRpcPort() throws IOException {
    if (!Files.exists(conf())) {
      return Optional.empty();
    }
    Matcher matcher = RPC_PORT.matcher(Files.readString(conf()));
    return matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
  }

  void writeConf(int rpcPort, int zmqPort) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(MARK);
    lines.add("chain=" + network.configName());
    lines.add("[" + network.configName() + "]");
    if (network == Network.SIGNET) {
      lines.add("signetchallenge=51");
    }
    lines.addAll(
        List.of(
            "# Nobody is called and nobody is let in: the chain stays on this machine.",
            "listen=0",
            "connect=0",
            "dnsseed=0",
            "fixedseeds=0",
            "discover=0",
            "listenonion=0",
            "server=1",
            "rpcbind=127.0.0.1",
            "rpcallowip=127.0.0.1",
            "rpcport=" + rpcPort,
            "rpcthreads=16",
            "rpcworkqueue=128",
            "zmqpubhashblock=tcp://127.0.0.1:" + zmqPort,
            "# Small, and ready to be asked about any transaction.",
            "dbcache=64",
            "txindex=1",
            "fallbackfee=0.0001",
            "printtoconsole=0"));
    Files.writeString(conf(), String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
  }

  /** The end of what the node said on its way down, for an error message. */
  String lastWords() {
    try {
      String said = Files.exists(output()) ? Files.readString(output()).strip() : "";
      return said.isEmpty()
          ? "it said nothing; see debug.log in " + chainFolder()
          : Printable.of(tail(said));
    } catch (IOException e) {
      return "what it said cannot be read: " + e.getMessage();
    }
  }

  private static String tail(String text) {
    return text.length() <= 250 ? text : text.substring(text.length() - 250);
  }

  /** A port of the loopback interface that nobody listens on at this moment. */
  static int freePort() throws IOException {
    for (int i = 0; i < PORT_TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken; try another.
      }
    }
    throw new IOException(
        "no free port found between " + FIRST_PORT + " and " + LAST_PORT + " on loopback");
  }
}
