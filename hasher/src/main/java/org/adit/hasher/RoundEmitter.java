package org.adit.hasher;

import java.lang.classfile.Label;
import java.util.stream.IntStream;

/**
 * Writes the rounds of SHA-256 for one or two streams. Eight local variables per stream hold a to
 * h; a round renames them instead of moving them.
 *
 * <p>Long runs of rounds become a loop of four: small enough that C2 compiles it within its limits
 * and keeps the state of both streams in registers. After four rounds the names have turned by
 * half, so each turn of the loop ends by swapping the halves, which costs register renames only.
 */
final class RoundEmitter {
  static final int ROUNDS_PER_TURN = 4;

  private static final int FIRST_SLOT = 20;
  private static final int T1 = 40;

  private final VectorEmitter vectors;
  private final int[][] names;

  /** Writes what a round adds beside the state, K + W. */
  @FunctionalInterface
  interface RoundInput {
    /** Pops the sum so far (h) and pushes it with K + W of round {@code base + offset} added. */
    void addKw(int stream, int offset);
  }

  RoundEmitter(VectorEmitter vectors, int streams) {
    this.vectors = vectors;
    names =
        IntStream.range(0, streams)
            .mapToObj(s -> IntStream.range(FIRST_SLOT + 8 * s, FIRST_SLOT + 8 * s + 8).toArray())
            .toArray(int[][]::new);
  }

  int streams() {
    return names.length;
  }

  /** The local variable that is now called a (0) to h (7). */
  int slot(int stream, int name) {
    return names[stream][name];
  }

  /**
   * Writes a loop over rounds {@code from} to {@code to - 1}.
   *
   * @param counter local variable (int) that holds the round of each turn's begin
   */
  void loop(int from, int to, int counter, Runnable beginOfTurn, RoundInput input) {
    if ((to - from) % ROUNDS_PER_TURN != 0) {
      throw new IllegalArgumentException(
          "rounds " + from + " to " + to + " (expected: a multiple of " + ROUNDS_PER_TURN + ")");
    }
    var code = vectors.code();
    code.loadConstant(from).istore(counter);
    Label top = code.newBoundLabel();
    beginOfTurn.run();
    for (int offset = 0; offset < ROUNDS_PER_TURN; offset++) {
      for (int stream = 0; stream < streams(); stream++) {
        round(stream, offset, input);
      }
    }
    swapHalves();
    code.iinc(counter, ROUNDS_PER_TURN).iload(counter).loadConstant(to).if_icmplt(top);
  }

  /**
   * Writes a round without its a side, for ends where nobody reads it; h keeps its old name's
   * place.
   */
  void roundOfE(int stream, int offset, RoundInput input) {
    pushT1(stream, offset, input);
    vectors.push(slot(stream, 3));
    vectors.add();
    vectors.pop(slot(stream, 3));
    turn(stream);
  }

  private void round(int stream, int offset, RoundInput input) {
    pushT1(stream, offset, input);
    vectors.pop(T1);
    vectors.push(slot(stream, 3));
    vectors.push(T1);
    vectors.add();
    vectors.pop(slot(stream, 3));
    vectors.push(T1);
    vectors.pushBigSigma0(slot(stream, 0));
    vectors.pushMajority(slot(stream, 0), slot(stream, 1), slot(stream, 2));
    vectors.add();
    vectors.add();
    vectors.pop(slot(stream, 7));
    turn(stream);
  }

  private void pushT1(int stream, int offset, RoundInput input) {
    vectors.push(slot(stream, 7));
    input.addKw(stream, offset);
    vectors.pushBigSigma1(slot(stream, 4));
    vectors.pushChoose(slot(stream, 4), slot(stream, 5), slot(stream, 6));
    vectors.add();
    vectors.add();
  }

  /** The variable that was h now holds the new a, and so on. */
  private void turn(int stream) {
    int[] names8 = names[stream];
    int h = names8[7];
    System.arraycopy(names8, 0, names8, 1, 7);
    names8[0] = h;
  }

  private void swapHalves() {
    for (int stream = 0; stream < streams(); stream++) {
      for (int name = 0; name < ROUNDS_PER_TURN; name++) {
        vectors.push(slot(stream, name));
        vectors.push(slot(stream, name + ROUNDS_PER_TURN));
        vectors.pop(slot(stream, name));
        vectors.pop(slot(stream, name + ROUNDS_PER_TURN));
      }
      // The names stand again as at the begin of the loop; only the contents moved.
      int[] before = names[stream].clone();
      for (int name = 0; name < 8; name++) {
        names[stream][name] = before[(name + ROUNDS_PER_TURN) % 8];
      }
    }
  }
}
