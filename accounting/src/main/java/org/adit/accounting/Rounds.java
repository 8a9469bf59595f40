package org.adit.accounting;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.StoreReader;
import org.adit.hasher.Hash256;

/** What rounds cost, from the bucket sums, which end at winning shares. */
final class Rounds {
  private Rounds() {}

  /** Work since the winning share of the newest earlier block that is not orphaned. */
  static Map<Hash256, BigInteger> read(StoreReader reader) {
    List<BlockRow> blocks = new ArrayList<>();
    reader.forEachBlock(blocks::add);
    blocks.sort(Comparator.comparingLong(BlockRow::winnerSequence));
    Map<Hash256, BigInteger> rounds = new HashMap<>();
    BigInteger[] sum = {BigInteger.ZERO};
    int[] next = {0};
    BigInteger[] begin = {BigInteger.ZERO};
    reader.bucketsUp(bucket -> {
      sum[0] = sum[0].add(bucket.scoreWork());
      while (next[0] < blocks.size()
          && blocks.get(next[0]).winnerSequence() <= bucket.lastSequence()) {
        BlockRow block = blocks.get(next[0]++);
        rounds.put(block.hash(), sum[0].subtract(begin[0]));
        if (block.state() != BlockState.ORPHANED) {
          begin[0] = sum[0];
        }
      }
      return next[0] < blocks.size();
    });
    return rounds;
  }
}
