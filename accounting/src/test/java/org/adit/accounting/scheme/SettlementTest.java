package org.adit.accounting.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.junit.jupiter.api.Test;

class SettlementTest {
  private static final FeePpm FEE = new FeePpm(12_345, 6_789);

  private static SortedMap<WorkerKey, Rational> weights(Random random) {
    SortedMap<WorkerKey, Rational> weights = new TreeMap<>();
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      weights.put(
          new WorkerKey("account" + random.nextInt(5), "rig" + random.nextInt(5)),
          Rational.of(new BigInteger(80, random), BigInteger.valueOf(1 + random.nextInt(1_000))));
    }
    weights.put(new WorkerKey("last", ""), Rational.ONE);
    return weights;
  }

  @Test
  void feeAndCreditsAreTheRewardToTheSatoshiInBothParts() {
    Random random = new Random(2);
    for (int run = 0; run < 1_000; run++) {
      Amounts reward = new Amounts(random.nextLong(5_000_000_000L), random.nextLong(100_000_000));
      Settlement settlement = Settlement.divide(reward, FEE, weights(random));
      assertThat(settlement.credited().plus(settlement.poolFee())).isEqualTo(reward);
    }
  }

  /** Otherwise a miner could harvest rounding satoshis by inventing worker names. */
  @Test
  void anAccountEarnsTheSameHoweverManyWorkersItHas() {
    Random random = new Random(3);
    for (int run = 0; run < 500; run++) {
      SortedMap<WorkerKey, Rational> weights = weights(random);
      SortedMap<WorkerKey, Rational> merged = new TreeMap<>();
      weights.forEach(
          (key, weight) -> merged.merge(new WorkerKey(key.account(), ""), weight, Rational::plus));
      Amounts reward = new Amounts(random.nextLong(1_000), random.nextLong(100));
      assertThat(Settlement.divide(reward, FEE, weights).byAccount())
          .isEqualTo(Settlement.divide(reward, FEE, merged).byAccount());
    }
  }

  @Test
  void anAccountsPartIsDividedOverItsWorkersByTheSameRule() {
    SortedMap<WorkerKey, Rational> weights = new TreeMap<>();
    weights.put(new WorkerKey("a", "one"), Rational.ONE);
    weights.put(new WorkerKey("a", "three"), Rational.of(3));
    weights.put(new WorkerKey("a", "two"), Rational.of(2));
    weights.put(new WorkerKey("b", ""), Rational.of(6));
    weights.put(new WorkerKey("c", "idle"), Rational.ZERO);
    Settlement settlement = Settlement.divide(new Amounts(121, 12), FeePpm.NONE, weights);
    // 121 / 2 leaves one satoshi, which goes to a; 61 over 1, 3, 2: 10.17, 30.5, 20.33.
    assertThat(settlement.credits())
        .containsExactly(
            new Credit(new WorkerKey("a", "one"), Rational.ONE, new Amounts(10, 1)),
            new Credit(new WorkerKey("a", "three"), Rational.of(3), new Amounts(31, 3)),
            new Credit(new WorkerKey("a", "two"), Rational.of(2), new Amounts(20, 2)),
            new Credit(new WorkerKey("b", ""), Rational.of(6), new Amounts(60, 6)));
  }

  @Test
  void aWindowIsCutExactlyAndNeverOverfilled() {
    Random random = new Random(4);
    for (int run = 0; run < 500; run++) {
      Rational size = Rational.of(BigInteger.valueOf(1 + random.nextInt(50)), BigInteger.TEN);
      WindowWalk walk = new WindowWalk(Measure.UNITS, size);
      List<WindowShare> shares = new ArrayList<>();
      for (int i = 200; i > 0; i--) {
        shares.add(
            new WindowShare(
                i,
                new WorkerKey("a" + random.nextInt(3), ""),
                BigInteger.valueOf(random.nextInt(30)),
                BigInteger.valueOf(i > 100 ? 100 : 70)));
      }
      for (WindowShare share : shares) {
        if (!walk.add(share)) {
          break;
        }
      }
      Window window = walk.finish();
      Rational sum = window.weights().values().stream().reduce(Rational.ZERO, Rational::plus);
      assertThat(sum).isEqualTo(window.filled());
      Rational all = shares.stream().map(WindowShare::units).reduce(Rational.ZERO, Rational::plus);
      assertThat(window.filled()).isEqualTo(all.min(size));
      Window.Edge edge = java.util.Objects.requireNonNull(window.edge());
      assertThat(edge.taken()).isLessThanOrEqualTo(edge.of());
      assertThat(edge.taken()).isGreaterThan(Rational.ZERO);
    }
  }

  @Test
  void aShareEasierThanTheNetworkIsWorthOneUnit() {
    WindowShare share = new WindowShare(1, new WorkerKey("a", ""), BigInteger.TEN, BigInteger.TWO);
    assertThat(share.units()).isEqualTo(Rational.ONE);
    WindowWalk walk = new WindowWalk(Measure.UNITS, Rational.of(3));
    walk.add(share);
    assertThat(walk.finish().filled()).isEqualTo(Rational.ONE);
  }

  @Test
  void anEmptyWindowNeverBecomesThePoolsGain() {
    Window empty = new WindowWalk(Measure.UNITS, Rational.of(2)).finish();
    WorkerKey finder = new WorkerKey("f", "rig");
    Amounts reward = new Amounts(1_000_000, 10);
    RewardScheme.Windowed scale =
        new RewardScheme.Windowed(SchemeKind.PPLNS_UNITS, FeePpm.NONE, UnfilledPolicy.SCALE);
    assertThat(scale.settle(reward, empty, finder).byAccount())
        .containsExactly(java.util.Map.entry("f", reward));
    RewardScheme.Windowed reserve =
        new RewardScheme.Windowed(SchemeKind.PPLNS_UNITS, FeePpm.NONE, UnfilledPolicy.RESERVE);
    assertThat(reserve.settle(reward, empty, finder).byAccount())
        .containsExactly(java.util.Map.entry("~reserve", reward));
  }

  @Test
  void feesAreExactPpmOrRefused() {
    assertThat(FeePpm.ofPercent(new BigDecimal("1.5"))).isEqualTo(15_000);
    assertThat(FeePpm.ofPercent(new BigDecimal("0.0001"))).isEqualTo(1);
    assertThatThrownBy(() -> FeePpm.ofPercent(new BigDecimal("0.00001")))
        .hasMessageContaining("at most 4 decimals");
    assertThatThrownBy(() -> FeePpm.ofPercent(new BigDecimal("100.1")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(FeePpm.fee(999_999, 1)).isZero();
    assertThat(FeePpm.fee(1_000_000, 1)).isEqualTo(1);
    assertThat(FeePpm.fee(Amounts.MAX_SAT, 1_000_000)).isEqualTo(Amounts.MAX_SAT);
  }

  @Test
  void rationalsAreReadExactlyOrNotAtAll() {
    assertThat(Rational.parse("8.50")).isEqualTo(Rational.parse("17/2")).hasToString("17/2");
    assertThat(Rational.parse("-6/4")).hasToString("-3/2");
    assertThat(Rational.parse("-3/2").floor()).isEqualTo(BigInteger.valueOf(-2));
    for (String bad : List.of("", "1/0", "1e5", "0x1", "1/-2", ".5", "1.", "1 ", "1".repeat(201))) {
      assertThatThrownBy(() -> Rational.parse(bad)).isInstanceOf(NumberFormatException.class);
    }
  }
}
