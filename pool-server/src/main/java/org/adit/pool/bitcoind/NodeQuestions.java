package org.adit.pool.bitcoind;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;

/** What a {@link TemplateSource} asks its node: the best block, headers, templates. */
final class NodeQuestions {
  private final RpcClient rpc;
  private final Network network;
  private final Clock clock;
  private final boolean weighsTips;
  private final BlockTemplateParser parser;

  /**
   * Even between template questions, odd during one: tells whether a long poll's answer is the
   * newest.
   */
  private final AtomicLong epoch = new AtomicLong();

  private volatile @Nullable TipHeader tip;

  /**
   * @param rpc for these questions alone, which come one after another
   * @param weighsTips whether the header of each template's tip is wanted
   */
  NodeQuestions(RpcClient rpc, Network network, Clock clock, boolean weighsTips) {
    this.rpc = rpc;
    this.network = network;
    this.clock = clock;
    this.weighsTips = weighsTips;
    this.parser = new BlockTemplateParser(network);
  }

  long epoch() {
    return epoch.get();
  }

  /** How long a question has been waiting for its answer; zero when none is. */
  Duration waiting() {
    return rpc.longestWait();
  }

  /** The header asked for last; the newest template's tip, where headers are wanted. */
  Optional<TipHeader> tip() {
    return Optional.ofNullable(tip);
  }

  Hash256 best() throws RpcException, NodeUnavailableException, TemplateRefusedException {
    try {
      return Hash256.ofDisplayHex(rpc.call("getbestblockhash").asString(""));
    } catch (IllegalArgumentException e) {
      throw JsonFields.refused("bitcoind's getbestblockhash gave no block hash: " + e.getMessage());
    }
  }

  TipHeader header(Hash256 hash)
      throws RpcException, NodeUnavailableException, TemplateRefusedException {
    TipHeader known = tip;
    if (known == null || !known.hash().equals(hash)) {
      known = TipHeader.ask(rpc, hash);
      tip = known;
    }
    return known;
  }

  BlockTemplate template() throws RpcException, NodeUnavailableException, TemplateRefusedException {
    epoch.incrementAndGet();
    try {
      var answer =
          rpc.call("getblocktemplate", Map.of("rules", BlockTemplateParser.rulesToAskFor(network)));
      return bound(parser.parse(answer, clock.instant()));
    } finally {
      epoch.incrementAndGet();
    }
  }

  /** Asks for the tip's header where its work or its time matter. */
  BlockTemplate bound(BlockTemplate template)
      throws RpcException, NodeUnavailableException, TemplateRefusedException {
    boolean timed = MinDifficultyRule.holds(network);
    if (!timed && !weighsTips) {
      return template;
    }
    TipHeader parent = header(template.previousBlock());
    return timed ? MinDifficultyRule.bound(template, parent) : template;
  }
}
