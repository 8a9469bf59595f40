package org.adit.pool.blocks;

import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.adit.config.BitcoindConfig;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.BlockStanding;
import org.adit.pool.bitcoind.BlockSubmitter;
import org.adit.pool.bitcoind.BlockWatcher;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.bitcoind.SubmitProgress;
import org.adit.pool.bitcoind.SubmitReport;
import org.adit.pool.bitcoind.SubmitVerdict;
import org.adit.pool.mining.BlockCandidate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to one node for blocks, apart from the one for templates. */
final class NodeLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLink.class);

  /**
   * Blocks that other nodes have taken and this one has not heard of, kept for it until it is back.
   * From its peers it learns of them too.
   */
  private static final int MOST_OWED = 16;

  private final String name;
  private final BlockSubmitter submitter;
  private final RpcClient rpc;
  private final BlockWatcher watcher;
  private final BlockEvents events;
  private final Map<Hash256, CompletableFuture<SubmitReport>> underWay = new ConcurrentHashMap<>();

  /** Guarded by itself; eldest first. */
  private final Map<Hash256, Boolean> owed = new LinkedHashMap<>();

  NodeLink(BitcoindConfig config, BlockEvents events, Clock clock) {
    this.name = "bitcoind at " + config.url();
    this.events = events;
    this.submitter = new BlockSubmitter(config, clock);
    this.rpc = RpcClient.of(config);
    this.watcher = new BlockWatcher(rpc);
  }

  /** The node, fit for messages; holds no credentials. */
  String name() {
    return name;
  }

  /**
   * Sends a block, again and again until the node's verdict is known. Returns at once.
   *
   * @param onVerdict given the verdict once, on any thread; empty when there will be none, because
   *     the pool stops or the node was given up
   */
  void submit(BlockCandidate candidate, Consumer<Optional<SubmitVerdict>> onVerdict) {
    Hash256 hash = candidate.hash();
    CompletableFuture<SubmitReport> report =
        submitter.submit(hash, candidate.block(), new Notes(hash));
    underWay.put(hash, report);
    var _ =
        report.whenComplete((end, problem) -> {
          if (end != null && end.verdict() instanceof SubmitVerdict.Retry retry) {
            LOG.warn(
                "{} cannot decide on block {} ({}); sending it again",
                name,
                hash.toDisplayHex(),
                retry.reason());
            submit(candidate, onVerdict);
            return;
          }
          underWay.remove(hash);
          synchronized (owed) {
            owed.remove(hash);
          }
          if (end == null && !report.isCancelled()) {
            LOG.error("sending block {} to {} failed", hash.toDisplayHex(), name, problem);
          }
          onVerdict.accept(Optional.ofNullable(end).map(SubmitReport::verdict));
        });
  }

  /** Another node has taken this block: it is no longer urgent here, and need not wait forever. */
  void settledElsewhere(Hash256 hash) {
    Hash256 eldest = null;
    synchronized (owed) {
      if (underWay.containsKey(hash)) {
        owed.put(hash, true);
      }
      if (owed.size() > MOST_OWED) {
        Iterator<Hash256> blocks = owed.keySet().iterator();
        eldest = blocks.next();
        blocks.remove();
      }
    }
    CompletableFuture<SubmitReport> report = eldest == null ? null : underWay.get(eldest);
    if (report != null) {
      report.cancel(false);
    }
  }

  /**
   * Where a block stands in this node's chain.
   *
   * @throws NodeException when the node does not say
   */
  BlockStanding standing(Hash256 block) throws NodeException {
    return watcher.standing(block);
  }

  @Override
  public void close() {
    submitter.close();
    rpc.close();
  }

  /** Attempts 1, 2, 4, 8 and so on are noted: a node may be away for days. */
  private final class Notes implements SubmitProgress {
    private final Hash256 block;

    Notes(Hash256 block) {
      this.block = block;
    }

    @Override
    public void sent(int attempt) {
      note(attempt, BlockEvents.Kind.SENT, attempt == 1 ? "" : "attempt " + attempt);
    }

    @Override
    public void answered(int attempt, String words) {
      note(attempt, BlockEvents.Kind.ANSWERED, words);
    }

    @Override
    public void decided(int attempt, String words) {
      events.note(block, BlockEvents.Kind.ANSWERED, name, words);
    }

    private void note(int attempt, BlockEvents.Kind kind, String text) {
      if (Integer.bitCount(attempt) == 1) {
        events.note(block, kind, name, text);
      }
    }
  }
}
