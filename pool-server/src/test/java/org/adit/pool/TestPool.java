package org.adit.pool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.adit.config.RpcCredentials;
import org.adit.pool.bitcoind.LocalNode;

/** Writes the configuration file of a pool under test: the same kind any operator writes. */
final class TestPool {
  private final int port;
  private final List<String> payout = new ArrayList<>();
  private final List<String> listener = new ArrayList<>();
  private final List<String> accounts = new ArrayList<>();
  private final List<String> jobs = new ArrayList<>();
  private final List<String> limits = new ArrayList<>();
  private final List<String> coinbase = new ArrayList<>();
  private final List<String> wallet = new ArrayList<>();
  private final List<String> pps = new ArrayList<>();
  private final List<String> failover = new ArrayList<>();
  private final List<String> web = new ArrayList<>();
  private final List<String> economics = new ArrayList<>();
  private final List<String> groups = new ArrayList<>();
  private final List<String> alerts = new ArrayList<>();
  private final List<String> journal = new ArrayList<>();
  private final List<List<String>> nodes = new ArrayList<>();
  private String network;
  private String host = "127.0.0.1";

  TestPool(LocalNode node) throws IOException {
    this.port = freePort();
    this.network = node.network().name().toLowerCase(Locale.ROOT);
    nodes.add(login(node.rpcUrl(), node.credentials(), node.zmqHashblock()));
  }

  /** A port nobody listens on at this moment; the pool under test keeps it over restarts. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  TestPool network(String name) {
    network = name;
    return this;
  }

  /** The listener's address, one of this machine. */
  TestPool host(String address) {
    host = address;
    return this;
  }

  TestPool payout(String line) {
    payout.add(line);
    return this;
  }

  TestPool listener(String line) {
    listener.add(line);
    return this;
  }

  TestPool jobs(String line) {
    jobs.add(line);
    return this;
  }

  TestPool limits(String line) {
    limits.add(line);
    return this;
  }

  TestPool coinbase(String line) {
    coinbase.add(line);
    return this;
  }

  TestPool wallet(String line) {
    wallet.add(line);
    return this;
  }

  TestPool pps(String line) {
    pps.add(line);
    return this;
  }

  TestPool failover(String line) {
    failover.add(line);
    return this;
  }

  /** A further node, less preferred than those before it. */
  TestPool node(LocalNode other) {
    nodes.add(login(other.rpcUrl(), other.credentials(), other.zmqHashblock()));
    return this;
  }

  /** A node preferred to all others, wherever it may be. */
  TestPool nodeBefore(URI url, RpcCredentials credentials, String zmq) {
    nodes.addFirst(login(url, credentials, zmq));
    return this;
  }

  /** The node is to be asked at another address. */
  TestPool at(URI url, RpcCredentials credentials, String zmq) {
    nodes.clear();
    return nodeBefore(url, credentials, zmq);
  }

  private static List<String> login(URI url, RpcCredentials credentials, String zmq) {
    if (!(credentials instanceof RpcCredentials.Cookie cookie)) {
      throw new IllegalStateException("a local node has a cookie");
    }
    return List.of(
        "url = \"" + url + "\"",
        "cookie_file = \"" + cookie.file() + "\"",
        "zmq_hashblock = \"" + zmq + "\"",
        "isolated = true");
  }

  /** A line of [web]; without any there is no web server. */
  TestPool web(String line) {
    web.add(line);
    return this;
  }

  TestPool alerts(String line) {
    alerts.add(line);
    return this;
  }

  TestPool journal(String line) {
    journal.add(line);
    return this;
  }

  /** A line of [economics]. */
  TestPool economics(String line) {
    economics.add(line);
    return this;
  }

  /** A [[power]] table: machines that draw power alike. */
  TestPool power(String group, String workers, String... more) {
    groups.add("[[power]]");
    groups.add("group = \"" + group + "\"");
    groups.add("workers = \"" + workers + "\"");
    groups.addAll(List.of(more));
    return this;
  }

  TestPool account(String name, String address) {
    accounts.add("[[account]]\nname = \"" + name + "\"\naddress = \"" + address + "\"");
    return this;
  }

  /** Writes {@code pool.toml} into the folder; the pool's data goes into {@code pool} beside it. */
  Path write(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("network = \"" + network + "\"");
    lines.add("data_dir = \"pool\"");
    for (List<String> each : nodes) {
      lines.add(nodes.size() == 1 ? "[bitcoind]" : "[[bitcoind]]");
      lines.addAll(each);
    }
    lines.add("[failover]");
    lines.addAll(failover);
    lines.add("[payout]");
    lines.addAll(payout);
    lines.add("[pps]");
    lines.addAll(pps);
    lines.add("[journal]");
    lines.addAll(journal);
    lines.add("[coinbase]");
    lines.addAll(coinbase);
    lines.add("[jobs]");
    if (jobs.stream().noneMatch(line -> line.startsWith("warm_up"))) {
      lines.add("warm_up = false");
    }
    if (jobs.stream().noneMatch(line -> line.startsWith("empty_first_ms"))) {
      // One job for each tip, however slow the machine is.
      lines.add("empty_first_ms = 0");
    }
    lines.addAll(jobs);
    lines.add("[limits]");
    lines.addAll(limits);
    lines.add("[wallet]");
    lines.addAll(wallet);
    lines.add("[web]");
    lines.add(web.isEmpty() ? "enabled = false" : "port = 0");
    lines.addAll(web);
    lines.add("[alerts]");
    lines.addAll(alerts);
    lines.add("[[listener]]");
    lines.add("host = \"" + host + "\"");
    lines.add("port = " + port);
    lines.addAll(listener);
    lines.addAll(accounts);
    lines.add("[economics]");
    lines.addAll(economics);
    lines.addAll(groups);
    Path file = folder.resolve("pool.toml");
    Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
    return file;
  }
}
