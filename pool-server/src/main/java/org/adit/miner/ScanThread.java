package org.adit.miner;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Hash256;
import org.adit.hasher.HeaderScanner;
import org.adit.hasher.Sha256d;
import org.jspecify.annotations.Nullable;

/** Searches the newest work until the board is closed. */
final class ScanThread implements Runnable {
  /**
   * A scan of about this length keeps the counter of hashes fresh; a new job interrupts it anyway.
   */
  private static final long SLICE_NANOS = 100_000_000;

  private static final long MIN_SLICE = 1L << 8;
  private static final long MAX_SLICE = 1L << 28;

  /** Takes finds; on the searching thread. */
  @FunctionalInterface
  interface Finds {
    void found(MinerWork work, MinerWork.Unit unit, BlockHeader header, Hash256 hash)
        throws InterruptedException;
  }

  private final WorkBoard board;
  private final HeaderScanner scanner;
  private final LongAdder hashes;
  private final LongAdder dropped;
  private final Finds finds;
  private final LongSupplier nanoTime;
  private long slice = 1L << 12;

  ScanThread(
      WorkBoard board,
      HeaderScanner scanner,
      LongAdder hashes,
      LongAdder dropped,
      Finds finds,
      LongSupplier nanoTime) {
    this.board = board;
    this.scanner = scanner;
    this.hashes = hashes;
    this.dropped = dropped;
    this.finds = finds;
    this.nanoTime = nanoTime;
  }

  @Override
  public void run() {
    try {
      MinerWork usedUp = null;
      while (true) {
        @Nullable MinerWork work = board.await(usedUp);
        if (work == null) {
          return;
        }
        usedUp = search(work) ? work : null;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Searches until there is newer work; true when this one's search space is used up before. */
  private boolean search(MinerWork work) {
    while (board.isCurrent(work)) {
      Optional<MinerWork.Unit> unit = work.nextUnit();
      if (unit.isEmpty()) {
        return true;
      }
      searchUnit(work, unit.get());
    }
    return false;
  }

  private void searchUnit(MinerWork work, MinerWork.Unit unit) {
    scanner.prepare(unit.header().toBytes(), work.rollMask(), work.target());
    long remaining = HeaderScanner.ALL_NONCES;
    int nonce = 0;
    while (remaining > 0 && board.isCurrent(work)) {
      long begun = nanoTime.getAsLong();
      long count = Math.min(slice, remaining);
      var result =
          scanner.scan(
              nonce,
              count,
              (version, n) -> check(work, unit, version, n),
              () -> !board.isCurrent(work));
      hashes.add(result.hashes());
      // A slice is far below 2^32 nonces, so the difference is unambiguous.
      remaining -= Integer.toUnsignedLong(result.nextNonce() - nonce);
      nonce = result.nextNonce();
      adaptSlice(nanoTime.getAsLong() - begun);
    }
  }

  private void adaptSlice(long tookNanos) {
    if (tookNanos < SLICE_NANOS / 2) {
      slice = Math.min(MAX_SLICE, slice * 2);
    } else if (tookNanos > SLICE_NANOS * 2) {
      slice = Math.max(MIN_SLICE, slice / 2);
    }
  }

  /** The engine found it; the exact target decides. */
  private void check(MinerWork work, MinerWork.Unit unit, int version, int nonce) {
    // At tiny difficulties every other hash is a find; those of withdrawn work must cost next to
    // nothing, because the
    // scanner asks whether to stop only now and then.
    if (!board.isCurrent(work) && !work.session().isUseful(work)) {
      dropped.increment();
      return;
    }
    BlockHeader h = unit.header();
    BlockHeader header =
        new BlockHeader(version, h.previous(), h.merkleRoot(), h.time(), h.bits(), nonce);
    Hash256 hash = Sha256d.hashHeader(header.toBytes());
    if (!work.target().isMetBy(hash)) {
      return;
    }
    try {
      finds.found(work, unit, header, hash);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
