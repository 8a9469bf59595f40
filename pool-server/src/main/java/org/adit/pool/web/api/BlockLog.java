package org.adit.pool.web.api;

import java.time.Clock;
import java.util.List;
import org.adit.accounting.store.BlockRow;
import org.adit.pool.web.PoolView;

/** The pool's blocks, newest first, read at most once a second and when one moved. */
public final class BlockLog {
  private static final int MOST = 10_000;
  private static final long AGE_MILLIS = 1_000;

  private final Cached<List<BlockRow>> blocks;

  BlockLog(PoolView pool, Clock clock) {
    this.blocks = new Cached<>(clock, AGE_MILLIS, () -> pool.accounting().blocks(MOST));
  }

  /** Newest first. */
  public List<BlockRow> get() throws Exception {
    return blocks.get();
  }

  /** Something moved: the next one to ask gets fresh ones. */
  public void forget() {
    blocks.forget();
  }
}
