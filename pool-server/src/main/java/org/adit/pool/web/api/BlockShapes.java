package org.adit.pool.web.api;

import java.math.BigInteger;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.adit.accounting.economics.NetworkHashrate;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.hasher.Hash256;
import org.adit.pool.web.PoolView;
import org.adit.pool.work.Work;
import tools.jackson.databind.node.ObjectNode;

/** Blocks as the OpenAPI document shapes them. */
public final class BlockShapes {
  /** A coinbase may be spent in a block that has so many confirmations of it below. */
  private static final int MATURE = 101;

  private static final long EFFORTS_MILLIS = 15_000;

  private final PoolView pool;
  private final BlockLog blocks;
  private final Cached<Map<Hash256, Double>> reading;
  private volatile Map<Hash256, Double> efforts = Map.of();

  BlockShapes(PoolView pool, BlockLog blocks, Clock clock) {
    this.pool = pool;
    this.blocks = blocks;
    this.reading = new Cached<>(clock, EFFORTS_MILLIS, this::readEfforts);
  }

  /** Whoever shows blocks next has what their rounds cost, as the books say now. */
  void refresh() throws Exception {
    efforts = reading.get();
  }

  /** A block came or went: the next refresh reads anew. */
  void forget() {
    reading.forget();
  }

  private Map<Hash256, Double> readEfforts() throws Exception {
    Map<Hash256, Double> known = new HashMap<>();
    Map<Hash256, BigInteger> work = pool.accounting().roundWork();
    for (BlockRow block : blocks.get()) {
      BigInteger round = work.get(block.hash());
      if (round != null) {
        known.put(
            block.hash(),
            round.doubleValue() / NetworkHashrate.work(block.netBits()).doubleValue());
      }
    }
    return known;
  }

  /**
   * A block in short.
   *
   * @param seesAll whether the reader may see the finder's name
   */
  public ObjectNode line(BlockRow block, boolean seesAll) {
    ObjectNode node = Json.object();
    node.put("hash", block.hash().toDisplayHex());
    node.put("height", block.height());
    node.put("found_at_ms", block.foundAt().toEpochMilli());
    node.put("state", state(block.state()));
    Work work = pool.work();
    if (work == null || block.state() == BlockState.ORPHANED) {
      node.putNull("confirmations");
    } else {
      node.put("confirmations", Math.max(0, work.template().height() - block.height()));
    }
    node.put("confirmations_needed", MATURE);
    String account = block.finder().account();
    node.put("finder_account", seesAll ? account : Shapes.shortened(account));
    node.put("finder_worker", seesAll ? block.finder().worker() : null);
    node.put("subsidy_sat", block.reward().subsidySat());
    node.put("fees_sat", block.reward().feesSat());
    node.put("reward_sat", block.reward().totalSat());
    node.put("pool_fee_sat", block.poolFee().totalSat());
    node.put("transactions", block.transactions());
    node.put("scheme", block.scheme().name().toLowerCase(Locale.ROOT));
    node.put("direct", block.direct());
    Json.number(node, "effort", efforts.getOrDefault(block.hash(), Double.NaN));
    return node;
  }

  static String state(BlockState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
