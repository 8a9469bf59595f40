package org.adit.pool.blocks;

import java.time.Instant;
import java.util.List;
import org.adit.hasher.Hash256;

/**
 * What happened to one block, in the order it was noted.
 *
 * @param block its hash
 * @param moments oldest first
 */
public record BlockTimeline(Hash256 block, List<Moment> moments) {
  /** Copies the list. */
  public BlockTimeline {
    moments = List.copyOf(moments);
  }

  /**
   * One thing that happened.
   *
   * @param at when
   * @param kind what
   * @param node at which node; empty where it was not at one
   * @param text more about it, for people; may be empty
   */
  public record Moment(Instant at, BlockEvents.Kind kind, String node, String text) {}
}
