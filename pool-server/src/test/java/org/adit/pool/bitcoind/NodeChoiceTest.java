package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.adit.pool.bitcoind.NodeChoice.Health;
import org.junit.jupiter.api.Test;

class NodeChoiceTest {
  private static final long COMEBACK = 30_000;

  private long now = -5_000;
  private final NodeChoice choice = new NodeChoice(2, COMEBACK, now);

  /** A node with so much work behind its tip; zero: it is not well. */
  private Health node(int work) {
    return new Health(false, work > 0, work > 0 ? now : now - 1_000_000, BigInteger.valueOf(work));
  }

  private Health gone(int lastWork, long since) {
    return new Health(false, false, since, BigInteger.valueOf(lastWork));
  }

  private int choose(Health... nodes) {
    return choice.choose(List.of(nodes), now);
  }

  @Test
  void thePreferredNodeMayTakeAMomentAtTheStart() {
    Health starting = new Health(true, false, now - 1_000_000, BigInteger.ZERO);
    assertThat(choose(starting, node(7))).isEqualTo(-1);
    now += 400;
    assertThat(choose(node(7), node(7))).isZero();
  }

  @Test
  void butNotLonger() {
    Health starting = new Health(true, false, now - 1_000_000, BigInteger.ZERO);
    now += NodeChoice.START_PATIENCE_MILLIS;
    assertThat(choose(starting, node(7))).isEqualTo(1);
  }

  @Test
  void anotherNodeTakesOverAtOnceAndThePreferredOneComesBackLater() {
    assertThat(choose(node(7), node(7))).isZero();
    assertThat(choose(gone(7, now), node(7))).isEqualTo(1);
    now += 1_000;
    assertThat(choose(node(7), node(7))).isEqualTo(1);
    now += COMEBACK - 1;
    assertThat(choose(node(7), node(7))).isEqualTo(1);
    now += 1;
    assertThat(choose(node(7), node(7))).isZero();
  }

  @Test
  void aRelapseStartsTheWaitAnew() {
    assertThat(choose(node(0), node(7))).isEqualTo(1);
    assertThat(choose(node(7), node(7))).isEqualTo(1);
    now += COMEBACK - 1;
    assertThat(choose(gone(7, now), node(7))).isEqualTo(1);
    now += 10;
    assertThat(choose(node(7), node(7))).isEqualTo(1);
    now += COMEBACK - 1;
    assertThat(choose(node(7), node(7))).isEqualTo(1);
    now += 1;
    assertThat(choose(node(7), node(7))).isZero();
  }

  @Test
  void aNodeBehindIsNotUsed() {
    assertThat(choose(node(7), node(7))).isZero();
    assertThat(choose(node(7), node(8))).isEqualTo(1);
    assertThat(choose(node(8), node(8))).as("equal again").isEqualTo(1);
    assertThat(choose(node(9), node(8))).as("ahead").isZero();
  }

  @Test
  void toHearOfABlockAMomentLaterIsNoRelapse() {
    assertThat(choose(node(0), node(7))).isEqualTo(1);
    assertThat(choose(node(7), node(7))).isEqualTo(1);
    now += COMEBACK - 1_000;
    assertThat(choose(node(7), node(8))).isEqualTo(1);
    now += 1_000;
    assertThat(choose(node(8), node(8))).isZero();
  }

  @Test
  void toStayBehindIsOne() {
    assertThat(choose(node(0), node(7))).isEqualTo(1);
    assertThat(choose(node(6), node(7))).isEqualTo(1);
    now += NodeChoice.LATE_MILLIS + 1;
    assertThat(choose(node(6), node(7))).isEqualTo(1);
    now += COMEBACK;
    assertThat(choose(node(7), node(7))).isEqualTo(1);
  }

  @Test
  void anOlderTipIsNotMinedJustBecauseItsNodeIsTheOneLeft() {
    assertThat(choose(node(7), node(8))).isEqualTo(1);
    long died = now;
    now += NodeChoice.TIP_REMEMBERED_MILLIS;
    assertThat(choose(node(7), gone(8, died))).isEqualTo(1);
    now += 1;
    assertThat(choose(node(7), gone(8, died))).as("nobody knows that tip any more").isZero();
  }

  @Test
  void aReorganisationOfTheNodeInUseIsFollowedWhenItIsAlone() {
    assertThat(choose(node(7), node(0))).isZero();
    assertThat(choose(node(6), node(0))).isZero();
  }

  @Test
  void whateverHappensAWellNodeWithTheMostWorkIsUsedWhereThereIsOne() {
    Random random = new Random(4);
    for (int round = 0; round < 200; round++) {
      int nodes = 1 + random.nextInt(4);
      NodeChoice any = new NodeChoice(nodes, COMEBACK, now);
      List<Health> state = new ArrayList<>();
      for (int step = 0; step < 200; step++) {
        now += random.nextInt(3_000);
        state.clear();
        for (int i = 0; i < nodes; i++) {
          state.add(node(random.nextInt(4)));
        }
        int chosen = any.choose(state, now);
        BigInteger best = NodeChoice.bestWork(state, now);
        boolean oneIsGood = state.stream().anyMatch(h -> h.well() && h.work().equals(best));
        assertThat(oneIsGood && chosen < 0).isFalse();
        if (oneIsGood) {
          assertThat(state.get(chosen).well()).isTrue();
          assertThat(state.get(chosen).work()).isEqualTo(best);
        }
      }
    }
  }
}
