package org.adit.pool.bitcoind;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.adit.config.Network;
import org.adit.pool.bitcoind.NodeState.Kind;
import tools.jackson.databind.JsonNode;

/** Asks a node whether it may serve the pool (Stratum V1 specification 3.6, 6.2, 6.3). */
final class NodeCheck {
  /** One difficulty period: time enough for the operator to change the node. */
  private static final int FORK_NOTICE_BLOCKS = 2016;

  private static final int MAX_HEADERS_AHEAD = 1;
  private static final Duration OLD_TIP = Duration.ofHours(2);
  private static final long CLOCK_WARN_SECONDS = 5;
  private static final long CLOCK_STOP_SECONDS = 600;

  private final RpcClient rpc;
  private final Network network;
  private final boolean needsPeers;
  private final Clock clock;

  NodeCheck(RpcClient rpc, Network network, boolean isolated, Clock clock) {
    this.rpc = rpc;
    this.network = network;
    this.needsPeers = network == Network.MAIN || (network != Network.REGTEST && !isolated);
    this.clock = clock;
  }

  /**
   * Checks chain, fork, download and peers.
   *
   * @return what needs a look but does not stop the pool
   * @throws NotReadyException when the node cannot serve now
   */
  List<String> check() throws NotReadyException, RpcException, NodeUnavailableException {
    List<String> warnings = new ArrayList<>();
    JsonNode info = rpc.call("getblockchaininfo");
    checkChain(info.path("chain").asString(""));
    int tip = info.path("blocks").asInt(0);
    checkFork(tip, warnings);
    if (needsPeers) {
      checkDownload(info, tip);
      if (rpc.call("getconnectioncount").asInt(0) == 0) {
        throw new NotReadyException(Kind.NO_PEERS, noPeers());
      }
      Duration age =
          Duration.between(Instant.ofEpochSecond(info.path("time").asLong(0)), clock.instant());
      if (network == Network.MAIN && age.compareTo(OLD_TIP) > 0) {
        warnings.add(
            "the newest block bitcoind knows is "
                + age.toMinutes()
                + " minutes old: is it cut off from its peers?");
      }
    }
    return warnings;
  }

  /** Compares the node's clock, as its template shows it, with this machine's. */
  void checkClock(BlockTemplate template, List<String> warnings) throws NotReadyException {
    // At its lower bound curtime is the chain's time, not the clock's.
    if (template.curTime() <= template.minTime()) {
      return;
    }
    long offSeconds = template.curTime() - template.receivedAt().getEpochSecond();
    long apart = Math.abs(offSeconds);
    if (apart <= CLOCK_WARN_SECONDS) {
      return;
    }
    String text =
        "bitcoind's clock is "
            + apart
            + " s "
            + (offSeconds > 0 ? "ahead of" : "behind")
            + " this machine's; set both by NTP";
    // A regtest node's clock is moved on purpose (setmocktime).
    if (apart > CLOCK_STOP_SECONDS && network != Network.REGTEST) {
      throw new NotReadyException(
          Kind.CLOCK_WRONG, text + " (mining stops above " + CLOCK_STOP_SECONDS + " s)");
    }
    warnings.add(text);
  }

  /** What an error answer of the node means for the pool. */
  static NotReadyException explain(RpcException error) {
    String said = Printable.of(error.text());
    return switch (error.code()) {
      case RpcException.IN_WARMUP ->
          new NotReadyException(Kind.WARMING_UP, "bitcoind is starting: " + said);
      case RpcException.NOT_CONNECTED -> new NotReadyException(Kind.NO_PEERS, noPeers());
      case RpcException.IN_INITIAL_DOWNLOAD ->
          new NotReadyException(
              Kind.INITIAL_DOWNLOAD, "bitcoind is downloading the chain: " + said);
      case RpcException.INVALID_PARAMETER ->
          error.text().contains("blake2b")
              ? new NotReadyException(
                  Kind.UNSUPPORTED_FORK, "bitcoind left SHA-256d (" + said + "); " + useCore())
              : error.text().contains("signet")
                  ? new NotReadyException(
                      Kind.WRONG_CHAIN,
                      "bitcoind runs a signet, the pool is configured for another network: " + said)
                  : new NotReadyException(
                      Kind.REFUSED_TEMPLATE, String.valueOf(error.getMessage()));
      default -> new NotReadyException(Kind.REFUSED_TEMPLATE, String.valueOf(error.getMessage()));
    };
  }

  private void checkChain(String chain) throws NotReadyException {
    // getblockchaininfo says "main", "test" (testnet3), "testnet4", "signet", "regtest".
    if (!chain.equals(network.configName())) {
      throw new NotReadyException(
          Kind.WRONG_CHAIN,
          "bitcoind at "
              + rpc.url()
              + " runs chain "
              + Printable.of(chain)
              + ", but the pool is configured for "
              + network.configName()
              + "; correct the network or the node's address");
    }
  }

  private void checkFork(int tip, List<String> warnings)
      throws NotReadyException, RpcException, NodeUnavailableException {
    Optional<JsonNode> fork = blake2b();
    if (fork.isEmpty()) {
      return;
    }
    boolean active = fork.get().path("active").asBoolean(false);
    long height = fork.get().path("height").asLong(Long.MAX_VALUE);
    if (active || height <= (long) tip + FORK_NOTICE_BLOCKS) {
      throw new NotReadyException(
          Kind.UNSUPPORTED_FORK,
          "this bitcoind changes its proof of work from SHA-256d to BLAKE2b at height "
              + height
              + " (now "
              + tip
              + "), which no SHA-256d miner can follow; "
              + useCore());
    }
    if (height < Long.MAX_VALUE) {
      warnings.add(
          "this bitcoind leaves SHA-256d at height " + height + " (now " + tip + "); " + useCore());
    }
  }

  /** The fork's entry: Knots puts it beside the other deployments. */
  private Optional<JsonNode> blake2b() throws RpcException, NodeUnavailableException {
    JsonNode deployments;
    try {
      deployments = rpc.call("getdeploymentinfo");
    } catch (RpcException e) {
      if (e.code() == RpcException.METHOD_NOT_FOUND) {
        return Optional.empty(); // Bitcoin Core before 23, which knows no such fork.
      }
      throw e;
    }
    for (JsonNode entry :
        List.of(deployments.path("blake2b"), deployments.path("deployments").path("blake2b"))) {
      if (entry.isObject()) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  private static void checkDownload(JsonNode info, int tip) throws NotReadyException {
    int headers = info.path("headers").asInt(0);
    if (info.path("initialblockdownload").asBoolean(false) || headers - tip > MAX_HEADERS_AHEAD) {
      throw new NotReadyException(
          Kind.INITIAL_DOWNLOAD,
          "bitcoind is downloading the chain: block " + tip + " of " + headers + "; waiting");
    }
  }

  private static String noPeers() {
    return "bitcoind has no peers, so a block would reach nobody; check its network connection";
  }

  private static String useCore() {
    return "mine with Bitcoin Core on this chain";
  }
}
