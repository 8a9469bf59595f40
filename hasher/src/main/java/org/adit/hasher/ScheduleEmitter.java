package org.adit.hasher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the message schedule (FIPS 180-4, section 6.2.2 step 1) in methods of 16 words, the last
 * 16 of which live in local variables. Words known beforehand are folded: literals into one literal
 * per sum, words of a job into sums made once per job.
 */
final class ScheduleEmitter {
  private static final int ARRAY = 0;
  private static final int OFFSET = 1;
  private static final int PARTS = 2;
  private static final int FIRST_SLOT = 20;

  /** Words of a 32-byte message's block that are known: its padding. */
  static final Known PADDING_OF_32 = Known.literals(8, 32 * 8);

  /**
   * Words of a header's second block that are known: padding, and per job the merkle tail, time and
   * bits (0 to 2) with what follows from them (16 and 17).
   */
  static final Known HEADER_TAIL = Known.literals(4, 80 * 8).withJobWords(0, 1, 2, 16, 17);

  static final Known NOTHING = new Known(Map.of(), Set.of());

  private final VectorEmitter vectors;
  private final int lanes;

  /** What is known when code is written: literals by word, and which words belong to the job. */
  record Known(Map<Integer, Integer> literals, Set<Integer> jobWords) {
    /** A block whose message ends before word {@code end}, {@code bits} long in all. */
    static Known literals(int end, int bits) {
      Map<Integer, Integer> words = new HashMap<>();
      for (int word = end; word < Sha256.BLOCK_WORDS; word++) {
        words.put(word, 0);
      }
      words.put(end, Sha256.END_MARK);
      words.put(Sha256.BLOCK_WORDS - 1, bits);
      return new Known(Map.copyOf(words), Set.of());
    }

    Known withJobWords(Integer... words) {
      return new Known(literals, Set.of(words));
    }
  }

  ScheduleEmitter(VectorEmitter vectors, int lanes) {
    this.vectors = vectors;
    this.lanes = lanes;
  }

  /**
   * Writes the body of {@code (int[] schedule, int offset[, int[] parts])}: words {@code from} to
   * {@code to - 1} from the 16 before.
   */
  void expand(int from, int to, Known known) {
    boolean[] inSlot = new boolean[Sha256.ROUNDS];
    int nextPart = 0;
    for (int word = from; word < to; word++) {
      int t = word;
      List<Runnable> terms = new ArrayList<>();
      int literal = 0;
      List<Integer> jobTerms = new ArrayList<>();
      for (int back : new int[] {2, 7, 15, 16}) {
        int source = t - back;
        Integer value = known.literals().get(source);
        if (value != null) {
          literal += apply(back, value);
        } else if (known.jobWords().contains(source)) {
          jobTerms.add(back);
        } else {
          terms.add(() -> pushTerm(back, source, inSlot));
        }
      }
      if (isPlainWord(jobTerms) && literal == 0) {
        int source = t - jobTerms.getFirst();
        terms.add(() -> pushWord(source, inSlot));
      } else if (!jobTerms.isEmpty()) {
        int part = nextPart++;
        terms.add(() -> vectors.load(PARTS, () -> vectors.code().loadConstant(part * lanes)));
      } else if (literal != 0) {
        int sum = literal;
        terms.add(() -> vectors.pushConstant(sum));
      }
      pushSum(terms);
      vectors.code().dup();
      vectors.pop(slotOf(t));
      inSlot[t] = true;
      vectors.store(ARRAY, () -> index(t));
    }
    vectors.code().return_();
  }

  /** The value of the term that reaches {@code back} words back. */
  private static int apply(int back, int word) {
    return switch (back) {
      case 2 -> Sha256.smallSigma1(word);
      case 15 -> Sha256.smallSigma0(word);
      default -> word;
    };
  }

  private static boolean isPlainWord(List<Integer> jobTerms) {
    return jobTerms.size() == 1 && (jobTerms.getFirst() == 7 || jobTerms.getFirst() == 16);
  }

  private void pushSum(List<Runnable> terms) {
    terms.getFirst().run();
    for (Runnable term : terms.subList(1, terms.size())) {
      term.run();
      vectors.add();
    }
  }

  private void pushTerm(int back, int source, boolean[] inSlot) {
    if (back == 7 || back == 16) {
      pushWord(source, inSlot);
      return;
    }
    ensureInSlot(source, inSlot);
    if (back == 2) {
      vectors.pushSmallSigma1(slotOf(source));
    } else {
      vectors.pushSmallSigma0(slotOf(source));
    }
  }

  private void pushWord(int source, boolean[] inSlot) {
    ensureInSlot(source, inSlot);
    vectors.push(slotOf(source));
  }

  private void ensureInSlot(int word, boolean[] inSlot) {
    if (!inSlot[word]) {
      vectors.load(ARRAY, () -> index(word));
      vectors.pop(slotOf(word));
      inSlot[word] = true;
    }
  }

  /** A word's variable is taken over by the word 16 later, whose sum is the last to read it. */
  private static int slotOf(int word) {
    return FIRST_SLOT + word % Sha256.BLOCK_WORDS;
  }

  private void index(int word) {
    vectors.code().iload(OFFSET).loadConstant(word * lanes).iadd();
  }
}
