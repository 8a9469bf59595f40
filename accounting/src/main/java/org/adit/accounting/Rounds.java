package org.adit.accounting;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.BucketRow;
import org.adit.accounting.store.StoreReader;
import org.adit.hasher.Hash256;

/**
 * What rounds cost, from the bucket sums. A winning share begins a bucket, as windows leave it out;
 * so it counts for the round after it. Where old buckets were merged over one, the bucket's work is
 * taken to be spread evenly.
 */
final class Rounds {
  private final List<BlockRow> blocks = new ArrayList<>();
  private final Map<Hash256, BigInteger> work = new HashMap<>();
  private int next;
  private BigInteger before = BigInteger.ZERO;
  private long end;

  /** All work before the round that runs. */
  private BigInteger begin = BigInteger.ZERO;

  /** Whether that is known: older shares than the books reach may belong to the first round. */
  private boolean begun;

  private Rounds() {}

  /**
   * Work since the winning share of the newest earlier block that is not orphaned; blocks whose
   * round is not in the books, or not yet, are missing.
   */
  static Map<Hash256, BigInteger> read(StoreReader reader) {
    Rounds rounds = new Rounds();
    reader.forEachBlock(rounds.blocks::add);
    rounds.blocks.sort(Comparator.comparingLong(BlockRow::winnerSequence));
    reader.bucketsUp(rounds::bucket);
    // All of a round may be there and its winner not yet.
    rounds.endAt(rounds.end + 1, rounds.before);
    return rounds.work;
  }

  private boolean bucket(BucketRow bucket) {
    if (end == 0) {
      begun = bucket.firstSequence() <= 1;
    }
    endAt(bucket.firstSequence(), before);
    while (next < blocks.size() && winner() <= bucket.lastSequence()) {
      BigInteger shares = BigInteger.valueOf(bucket.lastSequence() - bucket.firstSequence() + 1);
      BigInteger part = BigInteger.valueOf(winner() - bucket.firstSequence());
      endAt(winner(), before.add(bucket.scoreWork().multiply(part).divide(shares)));
    }
    before = before.add(bucket.scoreWork());
    end = bucket.lastSequence();
    return next < blocks.size();
  }

  private long winner() {
    return blocks.get(next).winnerSequence();
  }

  /** Ends the rounds of blocks won by shares up to one, before which so much work was done. */
  private void endAt(long sequence, BigInteger done) {
    while (next < blocks.size() && winner() <= sequence) {
      BlockRow block = blocks.get(next++);
      if (begun) {
        work.put(block.hash(), done.subtract(begin));
      }
      if (block.state() != BlockState.ORPHANED) {
        begin = done;
        begun = true;
      }
    }
  }
}
