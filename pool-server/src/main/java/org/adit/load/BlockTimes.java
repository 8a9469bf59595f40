package org.adit.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** When which block became known to connections. Thread-safe. */
final class BlockTimes {
  private static final int BLOCKS_KEPT = 10_000;

  private static final class Arrivals {
    final boolean submitted;
    long startNanos;
    long[] nanos;
    int count;

    Arrivals(boolean submitted, long startNanos, int expected) {
      this.submitted = submitted;
      this.startNanos = startNanos;
      this.nanos = new long[expected];
    }
  }

  private final int connections;
  private final Map<String, Arrivals> blocks = new LinkedHashMap<>();
  private boolean open;

  BlockTimes(int connections) {
    this.connections = connections;
  }

  /** From now on blocks are counted; jobs that come with a connection are none. */
  synchronized void open() {
    open = true;
  }

  /** A block is being given to the node. */
  synchronized void submitted(String hash, long nowNanos) {
    blocks.put(hash, new Arrivals(true, nowNanos, connections));
  }

  /** A connection heard of a block it did not know. */
  synchronized void heard(String hash, long nowNanos) {
    if (!open) {
      return;
    }
    Arrivals arrivals = blocks.get(hash);
    if (arrivals == null) {
      if (blocks.size() == BLOCKS_KEPT) {
        return;
      }
      arrivals = new Arrivals(false, nowNanos, connections);
      blocks.put(hash, arrivals);
    }
    if (arrivals.count < arrivals.nanos.length) {
      arrivals.nanos[arrivals.count++] = nowNanos - arrivals.startNanos;
    }
  }

  /** Connections that have heard of a block. */
  synchronized int reached(String hash) {
    Arrivals arrivals = blocks.get(hash);
    return arrivals == null ? 0 : arrivals.count;
  }

  synchronized List<LoadReport.BlockTravel> travels() {
    List<LoadReport.BlockTravel> travels = new ArrayList<>();
    blocks.forEach((hash, arrivals) -> {
      if (arrivals.count > 0) {
        long[] sorted = Arrays.copyOf(arrivals.nanos, arrivals.count);
        Arrays.sort(sorted);
        travels.add(
            new LoadReport.BlockTravel(
                hash,
                arrivals.submitted,
                sorted.length,
                sorted[0] / 1_000,
                sorted[sorted.length / 2] / 1_000,
                sorted[sorted.length - 1] / 1_000));
      }
    });
    return travels;
  }
}
