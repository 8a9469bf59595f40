package org.adit.pool.bitcoind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.BlockStanding.InChain;
import org.adit.pool.bitcoind.BlockStanding.OffChain;
import org.adit.pool.bitcoind.BlockStanding.Unknown;
import org.adit.pool.bitcoind.NodeUnavailableException.Kind;
import tools.jackson.databind.JsonNode;

/**
 * Watches how deep found blocks are and whether the chain drops them or takes them back. Passive:
 * call {@link #check} on each new tip. May be used from several threads.
 */
public final class BlockWatcher {

  /** What happened to a block between two checks. */
  public enum Change {
    /** First seen in the main chain, or more confirmations than before. */
    DEEPER,
    /** In the main chain still, with fewer confirmations: the chain was reorganised above it. */
    SHALLOWER,
    /** No longer in the main chain, or seen for the first time outside of it. */
    ORPHANED,
    /** Back in the main chain. */
    RECONNECTED
  }

  /**
   * A change.
   *
   * @param hash the block
   * @param change what happened
   * @param standing where it stands now; never {@link Unknown}
   */
  public record Observation(Hash256 hash, Change change, BlockStanding standing) {}

  private final RpcClient rpc;
  private final Map<Hash256, BlockStanding> watched = new LinkedHashMap<>();

  /** A watcher through this client, which stays the caller's. */
  public BlockWatcher(RpcClient rpc) {
    this.rpc = rpc;
  }

  /**
   * Begins watching.
   *
   * @param hash the block
   * @param last where the pool last knew it to be, so that what happened while the pool was down is
   *     told; {@link Unknown} for a new block
   */
  public void watch(Hash256 hash, BlockStanding last) {
    synchronized (watched) {
      watched.put(hash, last);
    }
  }

  /** Ends watching: the block is mature. */
  public void unwatch(Hash256 hash) {
    synchronized (watched) {
      watched.remove(hash);
    }
  }

  /**
   * Asks about every watched block.
   *
   * @return what changed, in the order of watching; a block the node does not know is left as it
   *     was
   * @throws NodeUnavailableException when the node does not answer; nothing is lost, the next check
   *     tells it
   */
  public List<Observation> check() throws RpcException, NodeUnavailableException {
    Map<Hash256, BlockStanding> before;
    synchronized (watched) {
      before = new LinkedHashMap<>(watched);
    }
    Map<Hash256, BlockStanding> after = new LinkedHashMap<>();
    List<Observation> observations = new ArrayList<>();
    for (Map.Entry<Hash256, BlockStanding> entry : before.entrySet()) {
      BlockStanding now = standing(entry.getKey());
      if (!(now instanceof Unknown) && !now.equals(entry.getValue())) {
        after.put(entry.getKey(), now);
        observations.add(new Observation(entry.getKey(), change(entry.getValue(), now), now));
      }
    }
    synchronized (watched) {
      after.forEach((hash, standing) -> watched.computeIfPresent(hash, (h, old) -> standing));
    }
    return List.copyOf(observations);
  }

  /**
   * Asks where a block stands, watched or not ({@code getblockheader}).
   *
   * @throws RpcException on any error answer but "not found"
   */
  public BlockStanding standing(Hash256 hash) throws RpcException, NodeUnavailableException {
    JsonNode header;
    try {
      header = rpc.call("getblockheader", hash.toDisplayHex(), true);
    } catch (RpcException e) {
      if (e.code() == RpcException.NOT_FOUND) {
        return new Unknown();
      }
      throw e;
    }
    int height = header.path("height").asInt(-1);
    int confirmations = header.path("confirmations").asInt(0);
    if (height < 0 || confirmations == 0) {
      throw new NodeUnavailableException(
          Kind.BAD_ANSWER,
          "bitcoind's getblockheader has no height or confirmations for " + hash.toDisplayHex());
    }
    // -1 means: known, but not in the main chain.
    return confirmations > 0 ? new InChain(height, confirmations) : new OffChain(height);
  }

  private static Change change(BlockStanding before, BlockStanding now) {
    if (!(now instanceof InChain in)) {
      return Change.ORPHANED;
    }
    return switch (before) {
      case OffChain _ -> Change.RECONNECTED;
      case Unknown _ -> Change.DEEPER;
      case InChain was ->
          in.confirmations() > was.confirmations() ? Change.DEEPER : Change.SHALLOWER;
    };
  }
}
