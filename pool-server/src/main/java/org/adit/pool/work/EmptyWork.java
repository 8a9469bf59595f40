package org.adit.pool.work;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.bitcoind.BlockTemplate;

/**
 * Counts what was mined on work without transactions while the node was making the full template of
 * a new tip, and the fees such blocks do without. The alternative would have been work on the old
 * tip, which is worth nothing; so this is what a faster node would earn. For people to look at.
 * Thread-safe; shares of empty work are rare.
 */
public final class EmptyWork {
  private static final int TIPS_OPEN = 16;
  private static final BigInteger MICRO = BigInteger.valueOf(1_000_000);

  /**
   * The counts since start.
   *
   * @param tips new tips whose full template took too long
   * @param millis how long miners had nothing but empty work, all tips together
   * @param shares shares acknowledged for it
   * @param expectedFeesSat fees the blocks would have had that these shares were worth on average,
   *     rounded down
   * @param blocks blocks found on it
   * @param blockFeesSat fees the full templates had in the place of those blocks
   */
  public record Figures(
      long tips, long millis, long shares, long expectedFeesSat, long blocks, long blockFeesSat) {}

  private static final class Tally {
    final long sentAtMillis;
    final BigInteger networkHashes;
    boolean full;
    long feesSat;
    BigInteger hashes = BigInteger.ZERO;
    long blocks;

    Tally(long sentAtMillis, Target target) {
      this.sentAtMillis = sentAtMillis;
      this.networkHashes = target.work().hashes();
    }

    BigInteger expectedMicroSat() {
      return hashes
          .multiply(BigInteger.valueOf(feesSat))
          .multiply(MICRO)
          .divide(networkHashes.max(BigInteger.ONE));
    }
  }

  private final Map<Hash256, Tally> open = new LinkedHashMap<>();
  private BigInteger closedMicroSat = BigInteger.ZERO;
  private long closedBlockFeesSat;
  private long tips;
  private long millis;
  private long shares;
  private long blocks;

  /** A template goes out to the miners; one after another. */
  public synchronized void sent(BlockTemplate template, long nowMillis) {
    Tally tally = open.get(template.previousBlock());
    if (template.emptyFirst()) {
      if (tally == null) {
        tips++;
        open.put(template.previousBlock(), new Tally(nowMillis, template.target()));
        closeOldest();
      }
    } else if (tally != null && !tally.full) {
      tally.full = true;
      tally.feesSat = template.feesSat();
      millis += Math.max(0, nowMillis - tally.sentAtMillis);
    }
  }

  /** A share was acknowledged with so many expected hashes; counts when its job was empty work. */
  public void share(MiningJob job, long hashes) {
    if (job.template().emptyFirst()) {
      count(job.template(), hashes);
    }
  }

  /** A block was found; counts when its job was empty work. */
  public void block(MiningJob job) {
    if (job.template().emptyFirst()) {
      countBlock(job.template());
    }
  }

  private synchronized void count(BlockTemplate template, long hashes) {
    shares++;
    Tally tally = open.get(template.previousBlock());
    if (tally != null) {
      tally.hashes = tally.hashes.add(BigInteger.valueOf(hashes));
    }
  }

  private synchronized void countBlock(BlockTemplate template) {
    blocks++;
    Tally tally = open.get(template.previousBlock());
    if (tally != null) {
      tally.blocks++;
    }
  }

  /** The counts now. */
  public synchronized Figures figures() {
    BigInteger microSat = closedMicroSat;
    long blockFeesSat = closedBlockFeesSat;
    for (Tally tally : open.values()) {
      microSat = microSat.add(tally.expectedMicroSat());
      blockFeesSat += tally.blocks * tally.feesSat;
    }
    return new Figures(
        tips, millis, shares, microSat.divide(MICRO).longValue(), blocks, blockFeesSat);
  }

  private void closeOldest() {
    if (open.size() > TIPS_OPEN) {
      Iterator<Tally> tallies = open.values().iterator();
      Tally eldest = tallies.next();
      tallies.remove();
      closedMicroSat = closedMicroSat.add(eldest.expectedMicroSat());
      closedBlockFeesSat += eldest.blocks * eldest.feesSat;
    }
  }
}
