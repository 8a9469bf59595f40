package org.adit.pool.blocks;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.hasher.Hash256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows booked blocks through the chain: reverses those that fall out of it, takes them back in
 * when they return, and releases their rewards when they are mature.
 */
public final class BlockTracker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockTracker.class);

  /** A node's wallet shows a coinbase as spendable at this depth; consensus needs one less. */
  private static final int MATURE_CONFIRMATIONS = 101;

  /**
   * How deep blocks are followed below the newest, whatever their state: a week. A reorganisation
   * that reaches a mature block is booked as a deep orphan, and one that takes it back as its
   * reconnection.
   */
  private static final int DEPTH_FOLLOWED = 1_008;

  private static final long MIN_PAUSE_MILLIS = 500;
  private static final long MAX_PAUSE_MILLIS = 60_000;

  private final ChainView chain;
  private final PoolAccounting accounting;
  private final BlockEvents events;

  /** Blocks seen in the chain by this run, so that it is noted once. */
  private final Set<Hash256> confirmed = new HashSet<>();

  private final AtomicBoolean wanted = new AtomicBoolean();
  private final ScheduledExecutorService task =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("block-tracker").factory());

  private long pauseMillis = MIN_PAUSE_MILLIS;

  /**
   * @param chain where blocks stand
   * @param accounting the ledger
   * @param events takes notes of what happens to blocks
   */
  public BlockTracker(ChainView chain, PoolAccounting accounting, BlockEvents events) {
    this.chain = chain;
    this.accounting = accounting;
    this.events = events;
  }

  /** Says that the chain has a new tip. Returns at once; several calls are joined. */
  public void tipChanged() {
    if (!task.isShutdown() && wanted.compareAndSet(false, true)) {
      task.execute(this::look);
    }
  }

  /** Looks at once and returns when everything the node says is booked. */
  public void lookNow() {
    look();
  }

  @Override
  public void close() {
    task.shutdownNow();
  }

  private synchronized void look() {
    wanted.set(false);
    boolean complete = false;
    try {
      List<BlockRow> newest = accounting.blocks(1);
      int from = newest.isEmpty() ? 0 : newest.getFirst().height() - DEPTH_FOLLOWED;
      // Oldest first: what a block frees may be what a later one's reversal needs.
      complete = true;
      for (BlockRow block : accounting.blocksFrom(from).reversed()) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        complete &= follow(block);
      }
    } catch (RuntimeException e) {
      complete = false;
      LOG.error("following the pool's blocks failed; trying again", e);
    }
    lookAgainUnless(complete);
  }

  /**
   * The next tip may be far away: what the node did not say is asked again soon, and then less and
   * less often, because it may never have heard of a block.
   */
  private void lookAgainUnless(boolean complete) {
    if (complete) {
      pauseMillis = MIN_PAUSE_MILLIS;
    } else if (!task.isShutdown()) {
      var _ = task.schedule(this::tipChanged, pauseMillis, TimeUnit.MILLISECONDS);
      pauseMillis = Math.min(MAX_PAUSE_MILLIS, 2 * pauseMillis);
    }
  }

  /** Books where a block stands; false when the node did not say. */
  private boolean follow(BlockRow block) {
    ChainView.Place place = chain.place(block.hash());
    if (!place.known()) {
      return false;
    }
    if (place.height() != block.height()) {
      LOG.error(
          "block {} is booked at height {}, but the node has it at {}; nothing is booked for it",
          block.hash().toDisplayHex(),
          block.height(),
          place.height());
      return true;
    }
    note(block, place);
    String name = block.hash().toDisplayHex();
    if (block.state() == BlockState.ORPHANED) {
      if (place.confirmations() > 0) {
        report(accounting.blockReconnected(block.hash()), "block {} is in the chain again", name);
      }
    } else if (place.confirmations() < 0) {
      report(accounting.blockOrphaned(block.hash()), "block {} fell out of the chain", name);
    } else if (block.state() == BlockState.IMMATURE
        && place.confirmations() >= MATURE_CONFIRMATIONS) {
      report(accounting.blockMatured(block.hash()), "block {} is mature", name);
    }
    return true;
  }

  private void note(BlockRow block, ChainView.Place place) {
    Hash256 hash = block.hash();
    if (place.confirmations() < 0) {
      if (confirmed.remove(hash) || block.state() != BlockState.ORPHANED) {
        events.note(hash, BlockEvents.Kind.ORPHANED, "", "");
      }
      return;
    }
    boolean old = block.state() == BlockState.MATURE;
    if (!old && confirmed.add(hash)) {
      String text = "at height " + place.height() + ", " + place.confirmations() + " deep";
      events.note(hash, BlockEvents.Kind.CONFIRMED, "", text);
    }
    if (!old && place.confirmations() >= MATURE_CONFIRMATIONS) {
      confirmed.remove(hash);
      events.note(hash, BlockEvents.Kind.MATURE, "", "");
    }
  }

  private static void report(Posting posting, String message, String block) {
    if (posting.isRefused()) {
      LOG.error("the ledger refused {}: {}", posting.key(), posting.reason());
    } else if (posting.isPosted()) {
      LOG.info(message, block);
    }
  }
}
