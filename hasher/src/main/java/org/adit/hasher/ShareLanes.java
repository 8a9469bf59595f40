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
  private static final int PREVIOUS_WORD = 1;
  private static final int ROOT_WORD = PREVIOUS_WORD + Sha256.STATE_WORDS;
  private static final int TIME_WORD = 1;
  private static final int BITS_WORD = 2;
  private static final int NONCE_WORD = 3;

  /** The end of a header's second block, behind the nonce. */
  private static final int[] HEADER_PADDING = padding(NONCE_WORD + 1, BlockHeader.BYTES);

  /** The end of the block of a 32-byte message. */
  private static final int[] DIGEST_PADDING = padding(Sha256.STATE_WORDS, Hash256.BYTES);

  private final VectorKernel kernel;
  private final int threshold;
  private final int lanes;
  private final int[] state;

  /** The blocks of coinbases, of merkle nodes and of headers. */
  private final int[] schedule;

  /** The blocks of the second hashes: a digest, then padding that stays. */
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
    second = new int[VectorKernel.SCHEDULE_VECTORS * lanes];
    kernel.spread(DIGEST_PADDING, 0, DIGEST_PADDING.length, second, Sha256.STATE_WORDS);
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
    coinbases(batch, shares, count, oneJob);
    branches(batch, shares, count, oneJob);
    headers(batch, shares, count, oneJob);
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

  /** Leaves the coinbases' ids in vectors 0 to 7 of {@link #schedule}. */
  private void coinbases(ShareBatchVerifier batch, int[] shares, int count, boolean oneJob) {
    for (int lane = 0; lane < count; lane++) {
      int[] midstate = batch.job(shares[lane]).midstate();
      for (int i = 0; i < Sha256.STATE_WORDS; i++) {
        state[i * lanes + lane] = midstate[i];
      }
    }
    ChannelJob model = batch.job(shares[0]);
    int blocks = model.job().coinbaseBlocks() - model.firstBlock();
    for (int step = 0; step < blocks; step++) {
      if (oneJob && model.isPlain(model.firstBlock() + step)) {
        int from = (model.firstBlock() + step) * Sha256.BLOCK_WORDS;
        kernel.spread(model.job().coinbaseWords(), from, Sha256.BLOCK_WORDS, schedule, 0);
      } else {
        for (int lane = 0; lane < count; lane++) {
          coinbaseBlock(batch, shares[lane], step);
          for (int word = 0; word < Sha256.BLOCK_WORDS; word++) {
            schedule[word * lanes + lane] = block[word];
          }
        }
      }
      kernel.compress(state, schedule);
    }
    hashAgain(schedule);
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

  /** Takes the ids in {@link #schedule} up to merkle roots. */
  private void branches(ShareBatchVerifier batch, int[] shares, int count, boolean oneJob) {
    int levels = batch.job(shares[0]).job().levels();
    for (int level = 0; level < levels; level++) {
      int from = level * Sha256.STATE_WORDS;
      if (oneJob) {
        int[] branch = batch.job(shares[0]).job().branchWords();
        kernel.spread(branch, from, Sha256.STATE_WORDS, schedule, Sha256.STATE_WORDS);
      } else {
        for (int lane = 0; lane < count; lane++) {
          int[] branch = batch.job(shares[lane]).job().branchWords();
          gather(branch, from, Sha256.STATE_WORDS, lane, Sha256.STATE_WORDS);
        }
      }
      kernel.compressFirst(schedule, state);
      kernel.compressPaddingOf64(state, second);
      kernel.compressFirst(second, schedule);
    }
  }

  /** Puts the headers together from the roots in {@link #schedule} and hashes them. */
  private void headers(ShareBatchVerifier batch, int[] shares, int count, boolean oneJob) {
    for (int lane = 0; lane < count; lane++) {
      int share = shares[lane];
      batch.assembleHeader(share);
      writeLane(schedule, batch.headers(), share * BlockHeader.BYTES + MERKLE_ROOT, lane);
    }
    int rootEnd = (Sha256.STATE_WORDS - 1) * lanes;
    System.arraycopy(schedule, rootEnd, rootEnds, 0, lanes);
    System.arraycopy(schedule, 0, schedule, ROOT_WORD * lanes, rootEnd);
    for (int lane = 0; lane < count; lane++) {
      schedule[lane] = Integer.reverseBytes(batch.version(shares[lane]));
      if (!oneJob) {
        int[] header = batch.job(shares[lane]).job().headerWords();
        gather(header, PREVIOUS_WORD, Sha256.STATE_WORDS, lane, PREVIOUS_WORD);
      }
    }
    if (oneJob) {
      int[] header = batch.job(shares[0]).job().headerWords();
      kernel.spread(header, PREVIOUS_WORD, Sha256.STATE_WORDS, schedule, PREVIOUS_WORD);
    }
    kernel.compressFirst(schedule, state);
    System.arraycopy(rootEnds, 0, schedule, 0, lanes);
    for (int lane = 0; lane < count; lane++) {
      int share = shares[lane];
      schedule[TIME_WORD * lanes + lane] = Integer.reverseBytes(batch.time(share));
      schedule[BITS_WORD * lanes + lane] =
          batch.job(share).job().headerWords()[Sha256.BLOCK_WORDS + BITS_WORD];
      schedule[NONCE_WORD * lanes + lane] = Integer.reverseBytes(batch.nonce(share));
    }
    kernel.spread(HEADER_PADDING, 0, HEADER_PADDING.length, schedule, NONCE_WORD + 1);
    kernel.compress(state, schedule);
    hashAgain(state);
    for (int lane = 0; lane < count; lane++) {
      writeLane(state, batch.hashes(), shares[lane] * Hash256.BYTES, lane);
    }
  }

  /** The second SHA-256 of the digests in {@link #state}, into vectors 0 to 7 of {@code out}. */
  private void hashAgain(int[] out) {
    System.arraycopy(state, 0, second, 0, state.length);
    kernel.compressFirst(second, out);
  }

  /** Copies words of one lane into the schedule. */
  private void gather(int[] words, int from, int count, int lane, int vector) {
    for (int i = 0; i < count; i++) {
      schedule[(vector + i) * lanes + lane] = words[from + i];
    }
  }

  private void writeLane(int[] vectors, byte[] bytes, int at, int lane) {
    for (int i = 0; i < Sha256.STATE_WORDS; i++) {
      BE_INT.set(bytes, at + i * Integer.BYTES, vectors[i * lanes + lane]);
    }
  }

  /** The words behind a message of whole words, in its last block, from word {@code end} on. */
  private static int[] padding(int end, int messageBytes) {
    int[] words = new int[Sha256.BLOCK_WORDS - end];
    words[0] = Sha256.END_MARK;
    words[words.length - 1] = messageBytes * Byte.SIZE;
    return words;
  }
}
