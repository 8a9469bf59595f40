package org.adit.hasher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Hashes shares side by side, one per lane of a {@link VectorKernel}: the coinbase from the
 * channel's midstate on, the way up the merkle branch, the header. All lanes go through the same
 * steps; idle lanes hash what is left in them. Not safe for threads.
 */
final class ShareLanes {
  private static final VarHandle BE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int MERKLE_ROOT = 36;
  private static final int TIME_WORD = 1;
  private static final int BITS_WORD = 2;
  private static final int NONCE_WORD = 3;

  private final VectorKernel kernel;
  private final int threshold;
  private final int lanes;
  private final int[] state;
  private final int[] schedule;

  /** A schedule whose padding is that of a 32-byte message. */
  private final int[] second;

  /** The block of one lane before it is spread. */
  private final int[] block = new int[Sha256.BLOCK_WORDS];

  /** The last words of the merkle roots, which begin the headers' second blocks. */
  private final int[] rootEnds;

  /**
   * @param threshold fewest shares for which lanes are faster than single hashing
   */
  ShareLanes(VectorKernel kernel, int threshold) {
    this.kernel = kernel;
    this.threshold = threshold;
    lanes = kernel.lanes();
    state = new int[Sha256.STATE_WORDS * lanes];
    schedule = new int[VectorKernel.SCHEDULE_VECTORS * lanes];
    second = kernel.newScratch();
    rootEnds = new int[lanes];
  }

  int lanes() {
    return lanes;
  }

  int threshold() {
    return threshold;
  }

  /**
   * Writes headers and hashes of shares into the batch.
   *
   * @param shares numbers of shares that go through the same steps
   * @param count how many, at most {@link #lanes}
   */
  void hash(ShareBatchVerifier batch, int[] shares, int count) {
    boolean oneJob = isOneJob(batch, shares, count);
    coinbases(batch, shares, count);
    branches(batch, shares, count, oneJob);
    headers(batch, shares, count);
  }

  private static boolean isOneJob(ShareBatchVerifier batch, int[] shares, int count) {
    ShareJob first = batch.job(shares[0]).job();
    for (int lane = 1; lane < count; lane++) {
      if (!batch.job(shares[lane]).job().equals(first)) {
        return false;
      }
    }
    return true;
  }

  /** Leaves the coinbases' ids in {@link #state}. */
  private void coinbases(ShareBatchVerifier batch, int[] shares, int count) {
    for (int lane = 0; lane < count; lane++) {
      int[] midstate = batch.job(shares[lane]).midstate();
      for (int i = 0; i < Sha256.STATE_WORDS; i++) {
        state[i * lanes + lane] = midstate[i];
      }
    }
    ChannelJob model = batch.job(shares[0]);
    int blocks = model.job().coinbaseBlocks() - model.firstBlock();
    for (int step = 0; step < blocks; step++) {
      for (int lane = 0; lane < count; lane++) {
        coinbaseBlock(batch, shares[lane], step);
        for (int word = 0; word < Sha256.BLOCK_WORDS; word++) {
          schedule[word * lanes + lane] = block[word];
        }
      }
      kernel.compress(state, schedule);
    }
    hashAgain();
  }

  /**
   * Reads the coinbase block {@code step} blocks after the channel's first, with the share's
   * extranonce.
   */
  private void coinbaseBlock(ShareBatchVerifier batch, int share, int step) {
    ChannelJob channel = batch.job(share);
    int number = channel.firstBlock() + step;
    for (int word = 0; word < Sha256.BLOCK_WORDS; word++) {
      block[word] = channel.coinbaseWord(number, word);
    }
    int start = number * ShareJob.BLOCK_BYTES - channel.extranonce2Offset();
    int from = Math.max(0, start);
    int to = Math.min(channel.extranonce2Size(), start + ShareJob.BLOCK_BYTES);
    for (int i = from; i < to; i++) {
      ShareJob.putByte(block, i - start, batch.extranonces()[share * ShareJob.MAX_EXTRANONCE + i]);
    }
  }

  /** Takes the ids in {@link #state} up to merkle roots. */
  private void branches(ShareBatchVerifier batch, int[] shares, int count, boolean oneJob) {
    int levels = batch.job(shares[0]).job().levels();
    for (int level = 0; level < levels; level++) {
      System.arraycopy(state, 0, schedule, 0, state.length);
      for (int word = 0; word < Sha256.STATE_WORDS; word++) {
        int at = level * Sha256.STATE_WORDS + word;
        int vector = Sha256.STATE_WORDS + word;
        if (oneJob) {
          kernel.fill(schedule, vector, batch.job(shares[0]).job().branchWords()[at]);
        } else {
          for (int lane = 0; lane < count; lane++) {
            schedule[vector * lanes + lane] = batch.job(shares[lane]).job().branchWords()[at];
          }
        }
      }
      start();
      kernel.compress(state, schedule);
      kernel.compressPaddingOf64(state);
      hashAgain();
    }
  }

  /** Puts the headers together from the roots in {@link #state} and hashes them. */
  private void headers(ShareBatchVerifier batch, int[] shares, int count) {
    for (int lane = 0; lane < count; lane++) {
      int share = shares[lane];
      batch.assembleHeader(share);
      writeLane(batch.headers(), share * BlockHeader.BYTES + MERKLE_ROOT, lane);
      for (int word = 0; word < Sha256.BLOCK_WORDS; word++) {
        schedule[word * lanes + lane] =
            (int) BE_INT.get(batch.headers(), share * BlockHeader.BYTES + word * Integer.BYTES);
      }
    }
    int rootEnd = (Sha256.STATE_WORDS - 1) * lanes;
    System.arraycopy(state, rootEnd, rootEnds, 0, lanes);
    start();
    kernel.compress(state, schedule);
    System.arraycopy(rootEnds, 0, schedule, 0, lanes);
    for (int lane = 0; lane < count; lane++) {
      int share = shares[lane];
      schedule[TIME_WORD * lanes + lane] = Integer.reverseBytes(batch.time(share));
      schedule[BITS_WORD * lanes + lane] =
          batch.job(share).job().headerWords()[Sha256.BLOCK_WORDS + BITS_WORD];
      schedule[NONCE_WORD * lanes + lane] = Integer.reverseBytes(batch.nonce(share));
    }
    kernel.fill(schedule, NONCE_WORD + 1, Sha256.END_MARK);
    for (int word = NONCE_WORD + 2; word < Sha256.BLOCK_WORDS - 1; word++) {
      kernel.fill(schedule, word, 0);
    }
    kernel.fill(schedule, Sha256.BLOCK_WORDS - 1, BlockHeader.BYTES * Byte.SIZE);
    kernel.compress(state, schedule);
    hashAgain();
    for (int lane = 0; lane < count; lane++) {
      writeLane(batch.hashes(), shares[lane] * Hash256.BYTES, lane);
    }
  }

  /** The second SHA-256 of the digests in {@link #state}. */
  private void hashAgain() {
    System.arraycopy(state, 0, second, 0, state.length);
    kernel.hash32(state, second);
  }

  private void start() {
    for (int i = 0; i < Sha256.STATE_WORDS; i++) {
      kernel.fill(state, i, Sha256.initial(i));
    }
  }

  private void writeLane(byte[] bytes, int at, int lane) {
    for (int i = 0; i < Sha256.STATE_WORDS; i++) {
      BE_INT.set(bytes, at + i * Integer.BYTES, state[i * lanes + lane]);
    }
  }
}
