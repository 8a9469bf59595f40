package org.adit.accounting.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.junit.jupiter.api.Test;

/** The corners of the schemes that vectors do not visit. */
class SchemeFamilyTest {
  private static final Amounts REWARD = new Amounts(1_000, 100);
  private static final WorkerKey ALICE = new WorkerKey("alice", "");
  private static final WorkerKey BOB = new WorkerKey("bob", "");
  private static final WorkerKey FINDER = new WorkerKey("finder", "");

  private static WindowShare share(long sequence, WorkerKey worker, long work, long network) {
    return new WindowShare(sequence, worker, BigInteger.valueOf(work), BigInteger.valueOf(network));
  }

  private static Window halfFull() {
    WindowWalk walk = new WindowWalk(Measure.UNITS, Rational.ONE);
    walk.add(share(1, ALICE, 5, 10));
    return walk.finish();
  }

  @Test
  void everyMemberKnowsItsKind() {
    assertThat(new RewardScheme.Solo(FeePpm.NONE).kind()).isEqualTo(SchemeKind.SOLO);
    assertThat(new RewardScheme.PpsPlus(FeePpm.NONE, UnfilledPolicy.SCALE).kind())
        .isEqualTo(SchemeKind.PPS_PLUS);
    assertThat(new RewardScheme.Sliced(FeePpm.NONE).kind()).isEqualTo(SchemeKind.SLICE);
    assertThat(new RewardScheme.PerShare(SchemeKind.FPPS, FeePpm.NONE).kind())
        .isEqualTo(SchemeKind.FPPS);
    assertThat(SchemeKind.values())
        .filteredOn(SchemeKind::dividesBlocksByWindow)
        .containsExactly(
            SchemeKind.PROP, SchemeKind.PPLNS_WORK, SchemeKind.PPLNS_UNITS, SchemeKind.TIDES);
    assertThat(SchemeKind.values())
        .filteredOn(SchemeKind::paysByShare)
        .containsExactly(SchemeKind.PPS, SchemeKind.PPS_PLUS, SchemeKind.FPPS);
    assertThat(SchemeKind.values())
        .filteredOn(SchemeKind::paysFinder)
        .containsExactly(SchemeKind.SOLO);
  }

  @Test
  void aSchemeIsNotTakenForAnother() {
    for (SchemeKind kind :
        List.of(SchemeKind.SOLO, SchemeKind.PPS, SchemeKind.SLICE, SchemeKind.PPS_PLUS)) {
      assertThatThrownBy(() -> new RewardScheme.Windowed(kind, FeePpm.NONE, UnfilledPolicy.SCALE))
          .hasMessageContaining("does not divide blocks");
    }
    assertThatThrownBy(
            () -> new RewardScheme.Windowed(SchemeKind.PROP, FeePpm.NONE, UnfilledPolicy.RESERVE))
        .hasMessageContaining("never unfilled");
    assertThat(new RewardScheme.Windowed(SchemeKind.PROP, FeePpm.NONE, UnfilledPolicy.SCALE).kind())
        .isEqualTo(SchemeKind.PROP);
    for (SchemeKind kind : List.of(SchemeKind.PPS_PLUS, SchemeKind.PROP)) {
      assertThatThrownBy(() -> new RewardScheme.PerShare(kind, FeePpm.NONE))
          .hasMessageContaining("by the share alone");
    }
    assertThat(new RewardScheme.PerShare(SchemeKind.PPS, FeePpm.NONE).kind())
        .isEqualTo(SchemeKind.PPS);
  }

  @Test
  void whoPaidForTheSharesOwnsTheBlock() {
    Settlement settlement =
        new RewardScheme.PerShare(SchemeKind.PPS, new FeePpm(10, 10)).settle(REWARD);
    assertThat(settlement.poolFee()).isEqualTo(REWARD);
    assertThat(settlement.credits()).isEmpty();
    assertThat(settlement.credited()).isEqualTo(Amounts.ZERO);
  }

  @Test
  void ppsPlusDividesFeesOnlyAndKeepsTheReserveApart() {
    FeePpm fee = new FeePpm(500_000, 100_000);
    Settlement scaled =
        new RewardScheme.PpsPlus(fee, UnfilledPolicy.SCALE).settle(REWARD, halfFull(), FINDER);
    assertThat(scaled.poolFee()).isEqualTo(new Amounts(1_000, 10));
    assertThat(scaled.byAccount()).containsExactly(Map.entry("alice", new Amounts(0, 90)));
    Settlement reserved =
        new RewardScheme.PpsPlus(fee, UnfilledPolicy.RESERVE).settle(REWARD, halfFull(), FINDER);
    assertThat(reserved.byAccount())
        .containsExactly(
            Map.entry("alice", new Amounts(0, 45)), Map.entry("~reserve", new Amounts(0, 45)));
  }

  @Test
  void aFullWindowLeavesNothingToTheReserve() {
    WindowWalk walk = new WindowWalk(Measure.UNITS, Rational.ONE);
    walk.add(share(1, ALICE, 10, 10));
    Window full = walk.finish();
    assertThat(full.missing()).isEqualTo(Rational.ZERO);
    assertThat(
            new RewardScheme.Windowed(SchemeKind.PPLNS_UNITS, FeePpm.NONE, UnfilledPolicy.RESERVE)
                .settle(REWARD, full, FINDER)
                .byAccount())
        .containsExactly(Map.entry("alice", REWARD));
  }

  @Test
  void aSliceWithoutAttainableFeesCountsItsWork() {
    RewardScheme.Sliced scheme = new RewardScheme.Sliced(FeePpm.NONE);
    Slice empty =
        new Slice(
            0,
            List.of(
                new SliceShare(ALICE, BigInteger.valueOf(30), 50),
                new SliceShare(BOB, BigInteger.TEN, 0)));
    assertThat(scheme.feeScores(List.of(empty)))
        .containsExactly(
            Map.entry(ALICE, Rational.parse("3/4")), Map.entry(BOB, Rational.parse("1/4")));
    // Slices weigh by their work: 40 and 10.
    Slice second = new Slice(5, List.of(new SliceShare(BOB, BigInteger.TEN, 9)));
    assertThat(scheme.feeScores(List.of(empty, second)))
        .containsExactly(
            Map.entry(ALICE, Rational.parse("3/5")), Map.entry(BOB, Rational.parse("2/5")));
    Settlement settlement = scheme.settle(REWARD, List.of(empty, second), FINDER);
    assertThat(settlement.byAccount())
        .containsExactly(
            Map.entry("alice", new Amounts(600, 60)), Map.entry("bob", new Amounts(400, 40)));
  }

  @Test
  void slicesWithoutWorkGoToTheFinder() {
    RewardScheme.Sliced scheme = new RewardScheme.Sliced(FeePpm.NONE);
    Slice idle = new Slice(7, List.of(new SliceShare(ALICE, BigInteger.ZERO, 7)));
    for (List<Slice> slices : List.of(List.<Slice>of(), List.of(idle), List.of(idle, idle))) {
      assertThat(scheme.settle(REWARD, slices, FINDER).byAccount())
          .containsExactly(Map.entry("finder", REWARD));
      assertThat(scheme.feeScores(slices)).isEmpty();
    }
  }

  @Test
  void negativeNumbersAreRefusedEverywhere() {
    BigInteger minus = BigInteger.ONE.negate();
    assertThatThrownBy(() -> new SliceShare(ALICE, minus, 0)).hasMessageContaining("work -1");
    assertThatThrownBy(() -> new SliceShare(ALICE, BigInteger.ONE, -1))
        .hasMessageContaining("job fees -1");
    assertThatThrownBy(() -> new Slice(-1, List.of())).hasMessageContaining("reference fees -1");
    assertThatThrownBy(() -> share(1, ALICE, -1, 1)).hasMessageContaining("work -1");
    assertThatThrownBy(() -> share(1, ALICE, 1, 0)).hasMessageContaining("network work 0");
    assertThatThrownBy(() -> new WindowWalk(Measure.WORK, Rational.ZERO))
        .hasMessageContaining("window 0");
    assertThatThrownBy(() -> new Amounts(-1, 0)).hasMessageContaining("subsidy -1");
    assertThatThrownBy(() -> new Amounts(0, -1)).hasMessageContaining("fees -1");
    assertThatThrownBy(() -> new Amounts(Amounts.MAX_SAT + 1, 0)).hasMessageContaining("subsidy");
    assertThatThrownBy(() -> new Amounts(0, Amounts.MAX_SAT + 1)).hasMessageContaining("fees");
    assertThat(new Amounts(Amounts.MAX_SAT, Amounts.MAX_SAT).subsidySat())
        .isEqualTo(Amounts.MAX_SAT);
    assertThatThrownBy(() -> FeePpm.fee(-1, 1)).hasMessageContaining("amount -1");
    assertThatThrownBy(() -> new FeePpm(-1, 0)).hasMessageContaining("fee -1");
    assertThatThrownBy(() -> new FeePpm(0, 1_000_001)).hasMessageContaining("fee 1000001");
    assertThat(new FeePpm(1_000_000, 0).of(REWARD)).isEqualTo(new Amounts(1_000, 0));
    assertThat(FeePpm.fee(0, 5)).isZero();
    assertThatThrownBy(() -> LargestRemainder.split(-1, Map.of("a", BigInteger.ONE)))
        .hasMessageContaining("amount -1");
    assertThatThrownBy(() -> LargestRemainder.split(1, Map.of("a", minus)))
        .hasMessageContaining("weight -1");
    assertThatThrownBy(() -> LargestRemainder.split(1, Map.of()))
        .hasMessageContaining("nobody to pay");
  }

  @Test
  void anAccrualRefusesWhatIsNoRate() {
    assertThatThrownBy(() -> new PpsAccrual(BigInteger.ZERO, 1, Rational.ZERO, FeePpm.NONE))
        .hasMessageContaining("network work 0");
    assertThatThrownBy(() -> new PpsAccrual(BigInteger.ONE, -1, Rational.ZERO, FeePpm.NONE))
        .hasMessageContaining("subsidy -1");
    assertThatThrownBy(() -> new PpsAccrual(BigInteger.ONE, 1, Rational.of(-1), FeePpm.NONE))
        .hasMessageContaining("expected fees -1");
    PpsAccrual accrual = new PpsAccrual(BigInteger.TEN, 0, Rational.ZERO, FeePpm.NONE);
    assertThatThrownBy(() -> accrual.add("a", BigInteger.ONE.negate()))
        .hasMessageContaining("work -1");
    assertThat(accrual.add("a", BigInteger.ZERO)).isEqualTo(Amounts.ZERO);
    assertThat(accrual.credited()).containsExactly(Map.entry("a", Amounts.ZERO));
  }

  @Test
  void aWalkSaysWhetherThereIsRoom() {
    WindowWalk walk = new WindowWalk(Measure.WORK, Rational.of(10));
    assertThat(walk.capsShares()).isFalse();
    assertThat(new WindowWalk(Measure.UNITS, Rational.ONE).capsShares()).isTrue();
    assertThat(walk.add(share(5, ALICE, 4, 3))).isTrue();
    assertThat(walk.isFull()).isFalse();
    assertThat(walk.left()).isEqualTo(Rational.of(6));
    assertThat(walk.add(share(4, ALICE, 0, 3))).isTrue();
    assertThat(walk.finish().edge()).isEqualTo(new Window.Edge(5, Rational.of(4), Rational.of(4)));
    assertThat(walk.add(share(3, BOB, 6, 3))).as("exactly full").isFalse();
    assertThat(walk.isFull()).isTrue();
    assertThat(walk.add(share(2, BOB, 6, 3))).isFalse();
    assertThat(walk.add(share(1, BOB, 0, 3))).isFalse();
    Window window = walk.finish();
    assertThat(window.weights())
        .containsExactly(Map.entry(ALICE, Rational.of(4)), Map.entry(BOB, Rational.of(6)));
    assertThat(window.edge()).isEqualTo(new Window.Edge(3, Rational.of(6), Rational.of(6)));
  }

  @Test
  void runsCountLikeTheirSharesAndMustFit() {
    WindowWalk walk = new WindowWalk(Measure.UNITS, Rational.of(2));
    walk.addRun(ALICE, BigInteger.valueOf(5), BigInteger.TEN);
    walk.addRuns(Map.of(ALICE, BigInteger.valueOf(3), BOB, BigInteger.valueOf(2)), BigInteger.TEN);
    walk.addRun(BOB, BigInteger.valueOf(7), BigInteger.valueOf(14));
    assertThat(walk.left()).isEqualTo(Rational.parse("1/2"));
    assertThatThrownBy(() -> walk.addRun(BOB, BigInteger.valueOf(6), BigInteger.TEN))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("do not fit");
    walk.addRun(BOB, BigInteger.valueOf(5), BigInteger.TEN);
    walk.edgeAt(share(9, BOB, 20, 10));
    assertThat(walk.isFull()).isTrue();
    Window window = walk.finish();
    assertThat(window.filled()).isEqualTo(Rational.of(2));
    assertThat(window.accountWeights())
        .containsExactly(
            Map.entry("alice", Rational.parse("4/5")), Map.entry("bob", Rational.parse("6/5")));
    assertThat(window.edge()).isEqualTo(new Window.Edge(9, Rational.ONE, Rational.ONE));
  }

  @Test
  void twoSetsOfWeightsAreDividedEachByItself() {
    SortedMap<WorkerKey, Rational> work = new TreeMap<>();
    work.put(ALICE, Rational.ONE);
    work.put(BOB, Rational.of(3));
    work.put(FINDER, Rational.ZERO);
    SortedMap<WorkerKey, Rational> scores = new TreeMap<>();
    scores.put(BOB, Rational.ONE);
    Settlement settlement = Settlement.divide(REWARD, FeePpm.NONE, work, scores);
    assertThat(settlement.credits())
        .containsExactly(
            new Credit(ALICE, Rational.ONE, new Amounts(250, 0)),
            new Credit(BOB, Rational.of(3), new Amounts(750, 100)));
  }

  @Test
  void theOrderOfAMapDoesNotMatter() {
    SortedMap<WorkerKey, Rational> backwards =
        new TreeMap<WorkerKey, Rational>(java.util.Comparator.reverseOrder());
    for (WorkerKey worker : List.of(ALICE, BOB, FINDER)) {
      backwards.put(worker, Rational.ONE);
    }
    Settlement settlement = Settlement.divide(new Amounts(100, 0), FeePpm.NONE, backwards);
    assertThat(settlement.credits())
        .extracting(credit -> credit.amounts().subsidySat())
        .containsExactly(34L, 33L, 33L);
    assertThat(settlement.credits().getFirst().worker()).isEqualTo(ALICE);
  }

  @Test
  void keysAreOrderedByTheirBytes() {
    List<String> byBytes =
        List.of("", "A", "Z", "a", "aa", "b", "~reserve", "\u00e9", "\uffee", "\ud83d\ude00");
    for (int i = 0; i < byBytes.size(); i++) {
      for (int j = 0; j < byBytes.size(); j++) {
        assertThat(
                Integer.signum(LargestRemainder.KEY_ORDER.compare(byBytes.get(i), byBytes.get(j))))
            .as("%s %s", byBytes.get(i), byBytes.get(j))
            .isEqualTo(Integer.compare(i, j));
      }
    }
    assertThat(WorkerKey.RESERVE.isReserve()).isTrue();
    assertThat(ALICE.isReserve()).isFalse();
    assertThat(new WorkerKey("a", "2")).isGreaterThan(new WorkerKey("a", "1"));
    assertThat(new WorkerKey("b", "1")).isGreaterThan(new WorkerKey("a", "2"));
  }

  @Test
  void fractionsAreExact() {
    Rational half = Rational.parse("1/2");
    Rational third = Rational.parse("1/3");
    assertThat(half.plus(third))
        .isEqualTo(Rational.parse("5/6"))
        .hasSameHashCodeAs(Rational.parse("10/12"));
    assertThat(half.minus(third)).isEqualTo(Rational.parse("1/6"));
    assertThat(half.times(third)).isEqualTo(Rational.parse("1/6"));
    assertThat(half.dividedBy(third)).isEqualTo(Rational.parse("3/2"));
    assertThat(half.over(4)).isEqualTo(Rational.parse("1/8"));
    assertThat(half.min(third)).isEqualTo(third);
    assertThat(third.min(half)).isEqualTo(third);
    assertThat(half.compareTo(third)).isPositive();
    assertThat(half).isNotEqualTo(third).isNotEqualTo(Rational.parse("3/2")).isNotEqualTo("1/2");
    assertThat(half.hashCode()).isNotEqualTo(third.hashCode());
    assertThat(Rational.parse("7/2").floor()).isEqualTo(BigInteger.valueOf(3));
    assertThat(Rational.of(-4).floor()).isEqualTo(BigInteger.valueOf(-4));
    assertThat(Rational.of(BigInteger.TWO, BigInteger.valueOf(-4)))
        .isEqualTo(Rational.parse("-1/2"));
    assertThat(Rational.parseStored("-5")).isEqualTo(Rational.of(-5));
    assertThat(Rational.parseStored("5/10")).isEqualTo(half);
    assertThat(half.signum()).isEqualTo(1);
    assertThat(half.numerator()).isEqualTo(BigInteger.ONE);
    assertThat(half.denominator()).isEqualTo(BigInteger.TWO);
    assertThatThrownBy(() -> Rational.of(BigInteger.ONE, BigInteger.ZERO))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> half.dividedBy(Rational.ZERO)).isInstanceOf(ArithmeticException.class);
    String long200 = "1" + "0".repeat(199);
    assertThat(Rational.parse(long200).numerator()).isEqualTo(new BigInteger(long200));
  }

  @Test
  void estimatesNeedBlocks() {
    assertThatThrownBy(() -> ExpectedFees.mean(List.of())).hasMessageContaining("no blocks");
    assertThat(ExpectedFees.mean(List.of(1L, 2L))).isEqualTo(Rational.parse("3/2"));
    // One absurd fee among ten is cut, and the lowest with it.
    List<Long> fees = List.of(9L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 1_000_000L);
    assertThat(ExpectedFees.trimmedMean(fees)).isEqualTo(Rational.parse("11/2"));
    assertThat(ExpectedFees.trimmedMean(fees.subList(0, 9))).isEqualTo(Rational.of(5));
  }
}
