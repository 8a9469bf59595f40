package org.adit.pool.bitcoind;

import java.util.Optional;
import org.adit.config.Network;

/**
 * Testnet4's exception: a block more than 20 minutes after its parent may, and must, have the least
 * difficulty there is. A template's target therefore holds on one side of that edge only, and the
 * header's time must stay there (Stratum V1 specification 6.9).
 */
final class MinDifficultyRule {
  /** Compact form of the least difficulty. */
  static final int LEAST = 0x1d00ffff;

  private static final int PERIOD = 2_016;
  private static final long EDGE_SECONDS = 20 * 60;

  private MinDifficultyRule() {}

  /** Whether times of blocks decide about targets on this chain. */
  static boolean holds(Network network) {
    // On regtest too, but every target is the least one there.
    return network == Network.TESTNET4;
  }

  /** Bounds a node's template by the edge its parent sets. */
  static BlockTemplate bound(BlockTemplate template, TipHeader parent) {
    long edge = edge(parent);
    if (template.height() % PERIOD == 0) {
      return template; // The first block of a period has its target whatever its time is.
    }
    if (template.curTime() <= edge) {
      return template.bits() == LEAST
          ? template // The same on both sides.
          : template.withTimes(template.minTime(), edge);
    }
    return template.withTimes(Math.max(template.minTime(), edge + 1), BlockTemplate.NO_MAX_TIME);
  }

  /**
   * Bounds an empty template that has its parent's target; empty when that target is not the next
   * block's for sure: the parent may be an exception itself, or the next block be one.
   */
  static Optional<BlockTemplate> onNormalWork(BlockTemplate template, TipHeader parent) {
    long edge = edge(parent);
    return parent.bits() == LEAST || template.curTime() > edge || template.minTime() > edge
        ? Optional.empty()
        : Optional.of(template.withTimes(template.minTime(), edge));
  }

  private static long edge(TipHeader parent) {
    return parent.time() + EDGE_SECONDS;
  }
}
