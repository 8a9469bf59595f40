package org.adit.pool.blocks;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.ledger.Posting;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
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

  private static final int BLOCKS_FOLLOWED = 1_000;

  private final ChainView chain;
  private final PoolAccounting accounting;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final ExecutorService task =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("block-tracker").factory());

  /**
   * @param chain where blocks stand
   * @param accounting the ledger
   */
  public BlockTracker(ChainView chain, PoolAccounting accounting) {
    this.chain = chain;
    this.accounting = accounting;
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
    try {
      List<BlockRow> blocks = accounting.blocks(BLOCKS_FOLLOWED);
      int newest = blocks.isEmpty() ? 0 : blocks.getFirst().height();
      for (BlockRow block : blocks) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        if (mayChange(block, newest)) {
          follow(block);
        }
      }
    } catch (RuntimeException e) {
      LOG.error("following the pool's blocks failed; trying again with the next tip", e);
    }
  }

  /** No chain that could bring a block back is longer than maturity is deep. */
  private static boolean mayChange(BlockRow block, int newest) {
    return switch (block.state()) {
      case IMMATURE -> true;
      case MATURE -> false;
      case ORPHANED -> block.height() > newest - MATURE_CONFIRMATIONS;
    };
  }

  private void follow(BlockRow block) {
    ChainView.Place place = chain.place(block.hash());
    if (!place.known()) {
      return;
    }
    String name = block.hash().toDisplayHex();
    if (block.state() == BlockState.ORPHANED) {
      if (place.confirmations() > 0) {
        report(accounting.blockReconnected(block.hash()), "block {} is in the chain again", name);
      }
    } else if (place.confirmations() < 0) {
      report(accounting.blockOrphaned(block.hash()), "block {} fell out of the chain", name);
    } else if (place.confirmations() >= MATURE_CONFIRMATIONS) {
      report(accounting.blockMatured(block.hash()), "block {} is mature", name);
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
