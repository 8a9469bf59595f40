package org.adit.hasher;

/**
 * The compression function of SHA-256 on {@code int} words (FIPS 180-4, section 6.2): for what is
 * computed once per job, for the exact check of a candidate, and for tables the vector kernels are
 * made from.
 */
final class Sha256 {
  /** Words of a hash or chaining state. */
  static final int STATE_WORDS = 8;

  /** Words of a message block. */
  static final int BLOCK_WORDS = 16;

  /** Rounds, and words of an expanded message schedule. */
  static final int ROUNDS = 64;

  /**
   * The word after the last byte of a message that ends on a word border: a one bit, then zeros.
   */
  static final int END_MARK = 0x80000000;

  /**
   * The round constants (FIPS 180-4, section 4.2.2). Read by generated kernels; never to be
   * changed.
   */
  static final int[] K = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
  };

  /** The initial state (FIPS 180-4, section 5.3.3). */
  private static final int[] INITIAL = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
  };

  /**
   * K + W of the block that pads a message of 64 bytes, the same for every merkle node: two of its
   * three parts of work are spared. Read by generated kernels; never to be changed.
   */
  static final int[] KW_AFTER_64_BYTES = paddingSchedule();

  private Sha256() {}

  /** Word {@code index} of the initial state. */
  static int initial(int index) {
    return INITIAL[index];
  }

  /** Returns a new copy of the initial state. */
  static int[] initialState() {
    return INITIAL.clone();
  }

  /**
   * Compresses one block into {@code state}. {@code schedule} holds the block in its first 16
   * words.
   */
  static void compress(int[] state, int[] schedule) {
    expand(schedule);
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    int e = state[4];
    int f = state[5];
    int g = state[6];
    int h = state[7];
    rounds(state, schedule, 0, ROUNDS);
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  /** Sets the state to the initial one. */
  static void reset(int[] state) {
    System.arraycopy(INITIAL, 0, state, 0, STATE_WORDS);
  }

  /** Fills words 16 to 63 from words 0 to 15. */
  static void expand(int[] w) {
    for (int t = BLOCK_WORDS; t < ROUNDS; t++) {
      w[t] = smallSigma1(w[t - 2]) + w[t - 7] + smallSigma0(w[t - 15]) + w[t - 16];
    }
  }

  /** Runs rounds {@code from} to {@code to - 1} on the working variables a to h. */
  static void rounds(int[] s, int[] w, int from, int to) {
    int a = s[0];
    int b = s[1];
    int c = s[2];
    int d = s[3];
    int e = s[4];
    int f = s[5];
    int g = s[6];
    int h = s[7];
    for (int t = from; t < to; t++) {
      int t1 = h + bigSigma1(e) + choose(e, f, g) + K[t] + w[t];
      int t2 = bigSigma0(a) + majority(a, b, c);
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    s[0] = a;
    s[1] = b;
    s[2] = c;
    s[3] = d;
    s[4] = e;
    s[5] = f;
    s[6] = g;
    s[7] = h;
  }

  static int choose(int e, int f, int g) {
    return g ^ (e & (f ^ g));
  }

  static int majority(int a, int b, int c) {
    return (a & b) | (c & (a | b));
  }

  static int bigSigma0(int x) {
    return Integer.rotateRight(x, 2) ^ Integer.rotateRight(x, 13) ^ Integer.rotateRight(x, 22);
  }

  static int bigSigma1(int x) {
    return Integer.rotateRight(x, 6) ^ Integer.rotateRight(x, 11) ^ Integer.rotateRight(x, 25);
  }

  static int smallSigma0(int x) {
    return Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ (x >>> 3);
  }

  static int smallSigma1(int x) {
    return Integer.rotateRight(x, 17) ^ Integer.rotateRight(x, 19) ^ (x >>> 10);
  }

  private static int[] paddingSchedule() {
    int[] w = new int[ROUNDS];
    w[0] = END_MARK;
    w[15] = 64 * 8;
    expand(w);
    for (int t = 0; t < ROUNDS; t++) {
      w[t] += K[t];
    }
    return w;
  }
}
