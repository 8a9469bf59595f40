package org.adit.hasher;

import java.util.Arrays;
import java.util.Objects;
import org.adit.hasher.HeaderScanner.HitSink;
import org.jspecify.annotations.Nullable;

/** Hashes single headers again, exactly, and compares all 256 bits. Allocates nothing. */
final class CandidateCheck {
  private final int[] schedule = new int[Sha256.ROUNDS];
  private final int[] state = new int[Sha256.STATE_WORDS];
  private int[][] midstates = new int[0][];
  private @Nullable ScanWork work;

  void prepare(ScanWork next) {
    midstates = new int[next.versionCount()][];
    for (int v = 0; v < midstates.length; v++) {
      midstates[v] = ScanJob.midstate(next, next.version(v));
    }
    work = next;
  }

  void check(int version, int nonce, HitSink sink) {
    ScanWork current = Objects.requireNonNull(work);
    Arrays.fill(schedule, 0);
    for (int i = 0; i < 3; i++) {
      schedule[i] = current.word(Sha256.BLOCK_WORDS + i);
    }
    schedule[3] = Integer.reverseBytes(nonce);
    schedule[4] = Sha256.END_MARK;
    schedule[Sha256.BLOCK_WORDS - 1] = BlockHeader.BYTES * 8;
    System.arraycopy(midstates[version], 0, state, 0, state.length);
    Sha256.compress(state, schedule);
    System.arraycopy(state, 0, schedule, 0, state.length);
    schedule[8] = Sha256.END_MARK;
    Arrays.fill(schedule, 9, 15, 0);
    schedule[15] = Hash256.BYTES * 8;
    Sha256.reset(state);
    Sha256.compress(state, schedule);
    if (current.target().isMetByState(state)) {
      sink.hit(current.version(version), nonce);
    }
  }
}
