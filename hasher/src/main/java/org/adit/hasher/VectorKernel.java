package org.adit.hasher;

import java.util.Arrays;

/**
 * SHA-256 on vectors of {@link #lanes} hashes side by side. Implemented by classes {@link
 * KernelGenerator} spins at start-up, one per vector width.
 *
 * <p>All memory is {@code int[]} in lane order: "vector i" of an array is its elements {@code i *
 * lanes} to {@code i * lanes + lanes - 1}, one element per lane.
 */
interface VectorKernel {
  /** Hashes side by side in the widest vectors. */
  int MAX_LANES = 16;

  /** Vectors of a job block: 8 of state, 8 of midstate; see {@link ScanJob}. */
  int JOB_VECTORS = 16;

  /** Columns of a broadcast table, one nonce each. */
  int COLUMNS = 16;

  /**
   * Streams a pass works on at the same time, so that one computes while the other waits for a
   * result.
   */
  int STREAMS = 2;

  /** Vectors of a message schedule. */
  int SCHEDULE_VECTORS = Sha256.ROUNDS;

  /** Hashes side by side in a vector. */
  int lanes();

  /**
   * Expands the second header block of {@link #lanes} nonces into columns of a broadcast table.
   *
   * @param schedule vectors 0 to 15 are the block; 16 to 63 are overwritten
   * @param table receives, from word 3 on, word t of column c at {@code t * COLUMNS + c}: W for the
   *     nonce's word 3, K + W for the others
   * @param column the first of the columns written
   */
  void broadcastTable(int[] schedule, int[] table, int column);

  /**
   * Hashes headers whose lanes are versions, two streams, and filters.
   *
   * @param job blocks of {@link #JOB_VECTORS} vectors; stream A begins at element {@code jobA}
   * @param table broadcast table; stream A uses column {@code columnA}
   * @param scratch {@link #newScratch}
   * @param mask bits of the last hash word that must be 0 in a candidate
   * @return bit i: lane i of stream A is a candidate; bit lanes + i: lane i of stream B
   */
  long versionsPass(
      int[] job,
      int jobA,
      int jobB,
      int[] table,
      int columnA,
      int columnB,
      int[] scratch,
      int mask);

  /**
   * Hashes headers whose lanes are nonces, two streams, and filters.
   *
   * @param job blocks whose lanes are all alike
   * @param block the element at which the block to use begins
   * @param schedules two schedules; in each, vector 3 is the lanes' byte-swapped nonces, 4 to 17
   *     the prepared words ({@link ScanJob}); 18 to 63 are overwritten
   * @param parts three vectors the expansion adds, see {@link ScanJob}
   * @param scratch {@link #newScratch}
   * @param mask bits of the last hash word that must be 0 in a candidate
   * @return as {@link #versionsPass}
   */
  long noncesPass(int[] job, int block, int[] schedules, int[] parts, int[] scratch, int mask);

  /**
   * Compresses one block per lane into {@code state} (8 vectors).
   *
   * @param schedule vectors 0 to 15 are the block; 16 to 63 are overwritten
   */
  void compress(int[] state, int[] schedule);

  /**
   * Compresses the first block of messages.
   *
   * @param schedule vectors 0 to 15 are the block; 16 to 63 are overwritten
   * @param out vectors 0 to 7 receive the state; may be the schedule itself
   */
  void compressFirst(int[] schedule, int[] out);

  /**
   * Compresses the block that pads a message of 64 bytes.
   *
   * @param state 8 vectors
   * @param out vectors 0 to 7 receive the hash; may be the state itself
   */
  void compressPaddingOf64(int[] state, int[] out);

  /**
   * Copies words into all lanes: word {@code from + i} into vector {@code vector + i}.
   *
   * @param count 1 or more
   */
  void spread(int[] words, int from, int count, int[] array, int vector);

  /**
   * Makes scratch memory for the passes: two schedules with the padding of 32-byte messages set.
   */
  default int[] newScratch() {
    int size = SCHEDULE_VECTORS * lanes();
    int[] scratch = new int[STREAMS * size];
    for (int stream = 0; stream < STREAMS; stream++) {
      fill(scratch, stream * SCHEDULE_VECTORS + 8, Sha256.END_MARK);
      fill(scratch, stream * SCHEDULE_VECTORS + 15, 32 * 8);
    }
    return scratch;
  }

  /** Sets all lanes of a vector. */
  default void fill(int[] array, int vector, int value) {
    int from = vector * lanes();
    Arrays.fill(array, from, from + lanes(), value);
  }
}
