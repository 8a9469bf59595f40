package org.adit.pool.blocks;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.adit.config.BitcoindConfig;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.BlockStanding;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.SubmitVerdict;
import org.adit.pool.mining.BlockCandidate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a found block to every node at once. The first that accepts it decides: the block is found.
 * It is lost only when each node said so; the others go on being told in the background until they
 * have answered, so that a node that was down learns of it when it is back.
 */
public final class AllNodes implements NodeSubmission, ChainView, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AllNodes.class);

  /**
   * How long after one node's refusal to wait for nodes that do not answer. They hardly ever judge
   * differently, but a block is worth some minutes.
   */
  private static final Duration REFUSAL_WAIT = Duration.ofMinutes(10);

  private final List<NodeLink> links;
  private final Supplier<List<Integer>> wellInformed;

  private record Answer(NodeLink link, Optional<SubmitVerdict> verdict) {}

  /**
   * Links of their own to each node.
   *
   * @param nodes at least one
   * @param wellInformed the nodes whose word about the chain counts now, by index, the best first
   * @param events takes notes of what happens to blocks
   * @param clock wall clock
   */
  public AllNodes(
      List<BitcoindConfig> nodes,
      Supplier<List<Integer>> wellInformed,
      BlockEvents events,
      Clock clock) {
    this.links = nodes.stream().map(node -> new NodeLink(node, events, clock)).toList();
    this.wellInformed = wellInformed;
  }

  @Override
  public Outcome submit(BlockCandidate candidate) throws InterruptedException {
    BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    for (NodeLink link : links) {
      link.submit(candidate, verdict -> answers.add(new Answer(link, verdict)));
    }
    Rejected refusal = null;
    boolean stopped = false;
    for (int open = links.size(); open > 0; open--) {
      Answer answer =
          refusal == null
              ? answers.take()
              : answers.poll(REFUSAL_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        LOG.warn(
            "block {}: {} nodes did not answer within {} minutes of a refusal",
            candidate.hash().toDisplayHex(),
            open,
            REFUSAL_WAIT.toMinutes());
        break;
      }
      // Not to be taken for a node that has nothing against the refusal.
      stopped |= answer.verdict().isEmpty();
      Optional<Outcome> outcome = answer.verdict().flatMap(AllNodes::outcome);
      if (outcome.isPresent() && outcome.get() instanceof Accepted accepted) {
        links.forEach(link -> link.settledElsewhere(candidate.hash()));
        return new Accepted(accepted.answer() + said(answer));
      }
      if (outcome.isPresent() && outcome.get() instanceof Rejected rejected) {
        refusal = graver(refusal, rejected);
      }
    }
    if (refusal == null || stopped) {
      throw new InterruptedException("the pool stops");
    }
    return refusal;
  }

  private String said(Answer answer) {
    return links.size() == 1 ? "" : " (" + answer.link().name() + ")";
  }

  private static Optional<Outcome> outcome(SubmitVerdict verdict) {
    return switch (verdict) {
      case SubmitVerdict.Accepted _ -> Optional.of(new Accepted("accepted"));
      case SubmitVerdict.AcceptedElsewhere _ -> Optional.of(new Accepted("duplicate"));
      case SubmitVerdict.Inconclusive _ ->
          Optional.of(new Accepted("inconclusive: valid, but not the tip"));
      case SubmitVerdict.Rejected rejected ->
          Optional.of(new Rejected(rejected.reason(), rejected.constructionError()));
      case SubmitVerdict.Retry _ -> Optional.empty();
    };
  }

  private static Rejected graver(@Nullable Rejected before, Rejected now) {
    return before != null && before.constructionError() ? before : now;
  }

  /** The first well-informed node that knows the block tells. */
  @Override
  public Place place(Hash256 block) {
    for (int index : wellInformed.get()) {
      NodeLink link = links.get(index);
      try {
        switch (link.standing(block)) {
          case BlockStanding.InChain in -> {
            return new Place(true, in.height(), in.confirmations());
          }
          case BlockStanding.OffChain off -> {
            return new Place(true, off.height(), -1);
          }
          case BlockStanding.Unknown _ -> {
            // Another may know it.
          }
        }
      } catch (NodeException e) {
        LOG.debug("{} did not say where block {} stands", link.name(), block.toDisplayHex(), e);
      }
    }
    return new Place(false, -1, 0);
  }

  @Override
  public void close() {
    links.forEach(NodeLink::close);
  }
}
