package org.adit.pool.blocks;

import java.time.Clock;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.adit.config.BitcoindConfig;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.BlockStanding;
import org.adit.pool.bitcoind.BlockSubmitter;
import org.adit.pool.bitcoind.BlockWatcher;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.bitcoind.SubmitReport;
import org.adit.pool.bitcoind.SubmitVerdict;
import org.adit.pool.mining.BlockCandidate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The desk's and the tracker's connection to the node, apart from the one for templates. */
public final class NodeLink implements NodeSubmission, ChainView, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLink.class);

  private final BlockSubmitter submitter;
  private final RpcClient rpc;
  private final BlockWatcher watcher;

  /** A link to one node. */
  public NodeLink(BitcoindConfig config, Clock clock) {
    this.submitter = new BlockSubmitter(config, clock);
    this.rpc = RpcClient.of(config);
    this.watcher = new BlockWatcher(rpc);
  }

  @Override
  public Outcome submit(BlockCandidate candidate) throws InterruptedException {
    while (true) {
      switch (verdict(candidate)) {
        case SubmitVerdict.Accepted _ -> {
          return new Accepted("accepted");
        }
        case SubmitVerdict.AcceptedElsewhere _ -> {
          return new Accepted("duplicate");
        }
        case SubmitVerdict.Inconclusive _ -> {
          return new Accepted("inconclusive: valid, but not the tip");
        }
        case SubmitVerdict.Rejected rejected -> {
          return new Rejected(rejected.reason(), rejected.constructionError());
        }
        case SubmitVerdict.Retry retry ->
            LOG.warn(
                "the node cannot decide on block {} ({}); sending it again",
                candidate.hash().toDisplayHex(),
                retry.reason());
      }
    }
  }

  private SubmitVerdict verdict(BlockCandidate candidate) throws InterruptedException {
    try {
      SubmitReport report = submitter.submit(candidate.hash(), candidate.block()).get();
      return report.verdict();
    } catch (CancellationException e) {
      InterruptedException stopped = new InterruptedException("the pool stops");
      stopped.initCause(e);
      throw stopped;
    } catch (ExecutionException e) {
      throw new IllegalStateException("submitting a block failed", e.getCause());
    }
  }

  @Override
  public Place place(Hash256 block) {
    try {
      return switch (watcher.standing(block)) {
        case BlockStanding.InChain in -> new Place(true, in.confirmations());
        case BlockStanding.OffChain _ -> new Place(true, -1);
        case BlockStanding.Unknown _ -> new Place(false, 0);
      };
    } catch (NodeException e) {
      LOG.debug("the node did not say where block {} stands", block.toDisplayHex(), e);
      return new Place(false, 0);
    }
  }

  @Override
  public void close() {
    submitter.close();
    rpc.close();
  }
}
