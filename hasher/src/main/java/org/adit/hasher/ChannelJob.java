package org.adit.hasher;

import java.util.Arrays;

/**
 * A {@link ShareJob} for one connection: the hash of the coinbase has been taken as far as the
 * connection's part of the extranonce allows. Immutable and safe for threads; from {@link
 * ShareJob#forChannel}.
 */
public final class ChannelJob {
  private final ShareJob job;
  private final byte[] prefix;
  private final int firstBlock;
  private final int[] midstate;
  private final int[] head;

  ChannelJob(ShareJob job, byte[] prefix) {
    this.job = job;
    this.prefix = prefix;
    firstBlock = (job.extranonceOffset() + prefix.length) / ShareJob.BLOCK_BYTES;
    midstate = Sha256.initialState();
    int[] schedule = new int[Sha256.ROUNDS];
    for (int block = 0; block < firstBlock; block++) {
      readBlock(block, schedule);
      Sha256.compress(midstate, schedule);
    }
    readBlock(firstBlock, schedule);
    head = Arrays.copyOf(schedule, Sha256.BLOCK_WORDS);
  }

  /** The job this belongs to. */
  public ShareJob job() {
    return job;
  }

  /** Bytes of the miner's part of the extranonce ("extranonce2"). */
  public int extranonce2Size() {
    return job.extranonceSize() - prefix.length;
  }

  /** Where the miner's part begins in the coinbase. */
  int extranonce2Offset() {
    return job.extranonceOffset() + prefix.length;
  }

  /** The connection's part; not to be changed. */
  byte[] prefix() {
    return prefix;
  }

  /** The first coinbase block that depends on the miner's part. */
  int firstBlock() {
    return firstBlock;
  }

  /** The chaining state before {@link #firstBlock}; not to be changed. */
  int[] midstate() {
    return midstate;
  }

  /** Word {@code word} of block {@code block}, the miner's part as zeros. */
  int coinbaseWord(int block, int word) {
    return block == firstBlock
        ? head[word]
        : job.coinbaseWords()[block * Sha256.BLOCK_WORDS + word];
  }

  /** Whether a block from {@link #firstBlock} on is the same for all shares of the job. */
  boolean isPlain(int block) {
    return block > firstBlock
        && block * ShareJob.BLOCK_BYTES >= job.extranonceOffset() + job.extranonceSize();
  }

  private void readBlock(int block, int[] schedule) {
    System.arraycopy(
        job.coinbaseWords(), block * Sha256.BLOCK_WORDS, schedule, 0, Sha256.BLOCK_WORDS);
    int start = block * ShareJob.BLOCK_BYTES;
    for (int i = 0; i < prefix.length; i++) {
      int position = job.extranonceOffset() + i - start;
      if (position >= 0 && position < ShareJob.BLOCK_BYTES) {
        ShareJob.putByte(schedule, position, prefix[i]);
      }
    }
  }
}
