package org.adit.hasher;

/**
 * What the vector kernels need of a {@link ScanWork}, computed once per job.
 *
 * <p>A job block has 16 vectors: first the working variables after round 3 of the header's second
 * block, a and e still without the nonce's word; then the midstate, which is added at the end.
 */
final class ScanJob {
  /** Words of a header's second block: merkle tail, time, bits; then the nonce. */
  private static final int JOB_WORDS = 3;

  private static final int NONCE_WORD = 3;

  private final int lanes;
  private final int[] tail = new int[Sha256.ROUNDS];

  ScanJob(int lanes) {
    this.lanes = lanes;
  }

  /** Words 0 to 17 of the second block's schedule, the nonce's as 0; not to be changed. */
  int[] tail() {
    return tail;
  }

  /**
   * Fills a job block lane by lane.
   *
   * @param block receives the block at element {@code offset}
   * @param lane the lane this version goes to
   */
  void fillLane(ScanWork work, int version, int[] block, int offset, int lane) {
    readTail(work);
    int[] midstate = midstate(work, version);
    int[] state = midstate.clone();
    Sha256.rounds(state, tail, 0, NONCE_WORD + 1);
    for (int i = 0; i < Sha256.STATE_WORDS; i++) {
      block[offset + i * lanes + lane] = state[i];
      block[offset + (Sha256.STATE_WORDS + i) * lanes + lane] = midstate[i];
    }
  }

  /**
   * The sums the nonce schedule adds, in the order it needs them: the known terms of words 18, 19
   * and 31.
   */
  int[] parts() {
    int[] w = tail;
    return new int[] {
      Sha256.smallSigma1(w[16]) + w[11] + w[2],
      Sha256.smallSigma1(w[17]) + w[12] + Sha256.smallSigma0(w[4]),
      Sha256.smallSigma0(w[16]) + w[15]
    };
  }

  private void readTail(ScanWork work) {
    for (int i = 0; i < JOB_WORDS; i++) {
      tail[i] = work.word(Sha256.BLOCK_WORDS + i);
    }
    tail[NONCE_WORD] = 0;
    tail[NONCE_WORD + 1] = Sha256.END_MARK;
    tail[Sha256.BLOCK_WORDS - 1] = BlockHeader.BYTES * 8;
    Sha256.expand(tail);
  }

  /** The chaining state after the header's first 64 bytes, with this version. */
  static int[] midstate(ScanWork work, int version) {
    int[] schedule = new int[Sha256.ROUNDS];
    schedule[0] = Integer.reverseBytes(version);
    for (int i = 1; i < Sha256.BLOCK_WORDS; i++) {
      schedule[i] = work.word(i);
    }
    int[] midstate = Sha256.initialState();
    Sha256.compress(midstate, schedule);
    return midstate;
  }
}
