package org.adit.pool.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.adit.accounting.PoolAccounting;
import org.adit.config.PoolConfig;
import org.adit.pool.bitcoind.NodeState;
import org.adit.pool.bitcoind.NodeStatus;
import org.adit.pool.mining.PoolCounters;
import org.adit.pool.payouts.PayoutStatus;
import org.adit.pool.stats.FleetStats;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the web may look at. Thread-safe; nothing of it changes the pool. */
public interface PoolView {
  /** Which Adit this is, as the build wrote it. */
  String version();

  /** The settings. */
  PoolConfig config();

  /** Books and sums; its methods may wait for the disk. */
  PoolAccounting accounting();

  /** Counters since start. */
  PoolCounters counters();

  /** Figures over time. */
  FleetStats stats();

  /** What is mined; null when there is nothing true to mine. */
  @Nullable Work work();

  /** The state of the nodes as one, in words. */
  NodeState nodeState();

  /** Whether the pool has fresh work and lets miners in, and if not, why. */
  PoolReadiness readiness();

  /** What the node says to the pool's own blocks. */
  GuardFigures guard();

  /** Each node, the preferred one first. */
  List<NodeStatus> nodes();

  /** Where miners connect; empty while they are not let in. */
  List<InetSocketAddress> addresses();

  /** How paying out is doing. */
  PayoutStatus payoutStatus();

  /** Blocks found but not yet booked or refused. */
  int openBlocks();

  /**
   * The newest refused shares with what explains them, the newest last.
   *
   * @param account whose; null for all
   * @param worker of the account; null for all
   * @param most how many at most
   */
  List<JsonNode> rejects(@Nullable String account, @Nullable String worker, int most)
      throws IOException;
}
