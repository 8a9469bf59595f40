package org.adit.pool.web.api;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.adit.accounting.economics.DifficultyProjection;
import org.adit.config.BitcoindConfig;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.web.http.HttpException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What only the node knows, asked every few seconds at most and only when somebody wants it. */
public final class NodeQuestions implements AutoCloseable {
  private static final long AGE_MILLIS = 5_000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int PERIOD = 2_016;
  private static final int KEPT_COINBASES = 2_000;
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * A node's own words.
   *
   * @param height of its tip
   * @param latencyMillis of the call
   * @param peers connections
   * @param version its user agent
   */
  record About(int height, double latencyMillis, int peers, String version) {}

  /**
   * The retarget to come.
   *
   * @param blocksLeft until it
   */
  record Retarget(int blocksLeft, DifficultyProjection projection) {}

  private final RpcClient rpc;
  private final Network network;
  private final Headers headers;
  private final Cached<JsonNode> mining;
  private final Cached<About> about;
  private final Map<Hash256, String> coinbases =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash256, String> eldest) {
          return size() > KEPT_COINBASES;
        }
      };
  private int periodStart = -1;
  private long periodStartSeconds;

  /** Questions to a node. */
  public NodeQuestions(BitcoindConfig config, Network network, Clock clock) {
    this.rpc = new RpcClient(config.url(), config.credentials(), PATIENCE);
    this.network = network;
    this.headers = new Headers(rpc, network);
    this.mining = new Cached<>(clock, AGE_MILLIS, () -> rpc.call("getmininginfo"));
    this.about = new Cached<>(clock, AGE_MILLIS, this::ask);
  }

  /**
   * The node's {@code getmininginfo}.
   *
   * @throws HttpException 503 while it does not answer
   */
  public JsonNode miningInfo() throws Exception {
    try {
      return mining.get();
    } catch (NodeException e) {
      throw new HttpException(503, "the node does not answer at the moment");
    }
  }

  /** A new tip: what was known is old. */
  public void forget() {
    mining.forget();
    about.forget();
    headers.forget();
  }

  /** The node about itself; null while it does not answer. */
  @Nullable About about() throws Exception {
    try {
      return about.get();
    } catch (NodeException e) {
      return null;
    }
  }

  private About ask() throws NodeException {
    long begin = System.nanoTime();
    int height = rpc.call("getblockcount").asInt();
    double millis = (System.nanoTime() - begin) / NANOS_PER_MILLI;
    JsonNode info = rpc.call("getnetworkinfo");
    return new About(
        height, millis, info.path("connections").asInt(0), info.path("subversion").asString(""));
  }

  /** Where difficulty is heading; null where it stays or cannot be told. */
  synchronized @Nullable Retarget retarget(int height) throws Exception {
    int start = height - height % PERIOD;
    if (network == Network.REGTEST || height == start) {
      return null;
    }
    try {
      if (start != periodStart) {
        periodStartSeconds = time(start);
        periodStart = start;
      }
      long elapsed = time(height) - periodStartSeconds;
      return elapsed <= 0
          ? null
          : new Retarget(
              PERIOD - (height - start),
              new DifficultyProjection(height - start, (double) elapsed));
    } catch (NodeException e) {
      return null;
    }
  }

  /**
   * Difficulty as it was and as it may become; null where it never changes.
   *
   * @throws HttpException 503 while the node does not answer
   */
  Headers.@Nullable Outlook outlook(int height) throws HttpException {
    return network == Network.REGTEST ? null : headers.outlook(height);
  }

  /** The id of a block's coinbase transaction, if it was asked for before. */
  Optional<String> knownCoinbase(Hash256 block) {
    synchronized (coinbases) {
      return Optional.ofNullable(coinbases.get(block));
    }
  }

  /** The same, asked of the node; empty when it has no such block any more or does not answer. */
  Optional<String> coinbase(Hash256 block) {
    Optional<String> known = knownCoinbase(block);
    if (known.isPresent()) {
      return known;
    }
    try {
      String txid = rpc.call("getblock", block.toDisplayHex(), 1).path("tx").path(0).asString("");
      if (txid.isEmpty()) {
        return Optional.empty();
      }
      synchronized (coinbases) {
        coinbases.put(block, txid);
      }
      return Optional.of(txid);
    } catch (NodeException e) {
      return Optional.empty();
    }
  }

  private long time(int height) throws NodeException {
    String hash = rpc.call("getblockhash", height).asString();
    return rpc.call("getblockheader", hash).required("time").asLong();
  }

  @Override
  public void close() {
    rpc.close();
  }
}
