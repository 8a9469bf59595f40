package org.adit.accounting.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.junit.jupiter.api.Test;

/** Where a window ends, exactly at its edge. */
class WindowWalkTest {
  private static final WorkerKey ALICE = new WorkerKey("alice", "");
  private static final WorkerKey BOB = new WorkerKey("bob", "");
  private static final BigInteger NETWORK = BigInteger.valueOf(100);

  private static WindowShare share(long sequence, WorkerKey worker, long work) {
    return new WindowShare(sequence, worker, BigInteger.valueOf(work), NETWORK);
  }

  @Test
  void aFullWindowTakesNothingAndKeepsItsEdge() {
    WindowWalk walk = new WindowWalk(Measure.UNITS, Rational.parse("1/2"));
    assertThat(walk.add(share(9, ALICE, 20))).isTrue();
    assertThat(walk.add(share(8, BOB, 30))).as("full to the last unit").isFalse();
    Window before = walk.finish();
    assertThat(before.edge())
        .isEqualTo(new Window.Edge(8, Rational.parse("3/10"), Rational.parse("3/10")));
    assertThat(walk.add(share(7, BOB, 30))).isFalse();
    assertThat(walk.add(share(6, BOB, 0))).isFalse();
    assertThat(walk.finish()).isEqualTo(before);
  }

  @Test
  void aWindowHasASize() {
    assertThatThrownBy(() -> new WindowWalk(Measure.WORK, Rational.ZERO))
        .hasMessageContaining("expected: > 0");
    WindowWalk walk = WindowWalk.unbounded(Measure.WORK);
    assertThat(walk.capsShares()).isFalse();
    assertThat(walk.add(share(1, ALICE, 300))).isTrue();
    assertThat(walk.isFull()).isFalse();
    assertThat(walk.finish().filled()).as("work is not capped").isEqualTo(Rational.of(300));
    assertThat(new WindowWalk(Measure.UNITS, Rational.ONE).capsShares()).isTrue();
  }

  @Test
  void runsFitAsAWholeOrAreRefused() {
    WindowWalk walk = new WindowWalk(Measure.WORK, Rational.of(50));
    walk.addRuns(Map.of(ALICE, BigInteger.TEN, BOB, BigInteger.valueOf(20)), NETWORK);
    assertThat(walk.left()).isEqualTo(Rational.of(20));
    assertThatThrownBy(() -> walk.addRun(ALICE, BigInteger.valueOf(21), NETWORK))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("do not fit");
    walk.addRun(ALICE, BigInteger.valueOf(20), NETWORK);
    assertThat(walk.isFull()).isTrue();
    assertThat(walk.finish().weights())
        .containsExactly(Map.entry(ALICE, Rational.of(30)), Map.entry(BOB, Rational.of(20)));
  }

  @Test
  void anEdgeInsideASumTakesTheSameFractionOfEverybody() {
    WindowWalk walk = new WindowWalk(Measure.UNITS, Rational.ONE);
    walk.addRun(ALICE, BigInteger.valueOf(40), NETWORK);
    Map<WorkerKey, BigInteger> works =
        Map.of(ALICE, BigInteger.valueOf(90), BOB, BigInteger.valueOf(30));
    walk.addFraction(3, works, NETWORK);
    Window window = walk.finish();
    assertThat(window.filled()).isEqualTo(Rational.ONE);
    assertThat(window.weights())
        .containsExactly(
            Map.entry(ALICE, Rational.parse("17/20")), Map.entry(BOB, Rational.parse("3/20")));
    assertThat(window.edge())
        .isEqualTo(new Window.Edge(3, Rational.parse("3/5"), Rational.parse("6/5")));
  }

  @Test
  void aRunThatFitsIsNotCut() {
    WindowWalk walk = new WindowWalk(Measure.UNITS, Rational.ONE);
    assertThatThrownBy(() -> walk.addFraction(3, Map.of(BOB, BigInteger.valueOf(99)), NETWORK))
        .hasMessageContaining("fits into 1");
    walk.addFraction(3, Map.of(BOB, BigInteger.valueOf(100)), NETWORK);
    assertThat(walk.finish().weights()).containsExactly(Map.entry(BOB, Rational.ONE));
  }

  @Test
  void equalFractionsHaveOneHashAndOthersRarelyDo() {
    Set<Integer> hashes = new HashSet<>();
    for (int i = 1; i <= 1_000; i++) {
      assertThat(Rational.parse(2 * i + "/14")).hasSameHashCodeAs(Rational.parse(i + "/7"));
      hashes.add(Rational.of(i).hashCode());
    }
    assertThat(hashes).hasSizeGreaterThan(900);
  }
}
