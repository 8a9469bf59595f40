package org.adit.accounting.economics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the vectors do not reach: other counts, limits, nonsense. */
class EconomicsTest {
  private static final BigInteger WORK = BigInteger.valueOf(4_295_032_833L);

  /** Poisson sums term by term, an algorithm that shares nothing with the gamma function. */
  private static double atMost(long count, double mean) {
    double term = Math.exp(-mean);
    double sum = term;
    for (long k = 1; k <= count; k++) {
      term *= mean / k;
      sum += term;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 7, 10, 30, 100, 500})
  void limitsLeaveHalfOfTheRestOnEachSide(long count) {
    for (double confidence : new double[] {0.5, 0.9, 0.95, 0.999}) {
      Interval interval = Poisson.interval((double) count, confidence);
      double tail = (1 - confidence) / 2;
      assertThat(atMost(count, interval.high())).isCloseTo(tail, within(1e-9));
      assertThat(1 - atMost(count - 1, interval.low())).isCloseTo(tail, within(1e-9));
      assertThat(Poisson.atMost(count, 5.0)).isCloseTo(atMost(count, 5.0), within(1e-12));
    }
  }

  @Test
  void noEventsStillHaveAnUpperLimit() {
    Interval none = Poisson.interval(0, 0.95);
    assertThat(none.low()).isZero();
    assertThat(none.high()).isCloseTo(-Math.log(0.025), within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e4, 1e6, 9e7, 1.1e8, 1e12})
  void largeCountsApproachTheNormalInterval(double count) {
    Interval interval = Poisson.interval(count, 0.95);
    double normal = 1.959963984540054 * Math.sqrt(count);
    // The next terms of the expansion are about z^2/3 and of the count's own size one.
    assertThat(interval.high() - count).isCloseTo(normal, within(3 + 1e-7 * normal));
    assertThat(count - interval.low()).isCloseTo(normal, within(3 + 1e-7 * normal));
  }

  /** Simulated: the exact interval holds the truth at least as often as it says. */
  @Test
  void intervalsCoverWhatTheyPromise() {
    SplittableRandom random = new SplittableRandom(20_260_101);
    for (double mean : new double[] {0.5, 3, 12}) {
      int covered = 0;
      int trials = 2_000;
      for (int i = 0; i < trials; i++) {
        long count = -1;
        for (double t = 0; t < mean; t -= Math.log1p(-random.nextDouble())) {
          count++;
        }
        Interval interval = Poisson.interval((double) count, 0.9);
        covered += interval.low() <= mean && mean <= interval.high() ? 1 : 0;
      }
      assertThat(covered / (double) trials).isGreaterThan(0.88);
    }
  }

  @Test
  void aWorkerWithoutSharesHasAnUpperLimitByBothEstimators() {
    HashrateEstimate paid =
        HashrateEstimate.of(List.of(new HashrateEstimate.Group(0, WORK)), 300, 0.95);
    ExposureEstimate exposure =
        ExposureEstimate.of(List.of(new ExposureEstimate.Segment(0, WORK, 300)), 300, 0.95);
    assertThat(paid.hashesPerSecond()).isZero();
    assertThat(paid.interval().high())
        .isCloseTo(exposure.interval().high(), within(paid.interval().high() * 1e-12));
  }

  @Test
  void bothEstimatorsAgreeAtConstantDifficulty() {
    HashrateEstimate paid =
        HashrateEstimate.of(List.of(new HashrateEstimate.Group(60, WORK)), 300, 0.95);
    ExposureEstimate exposure =
        ExposureEstimate.of(List.of(new ExposureEstimate.Segment(60, WORK, 300)), 300, 0.95);
    assertThat(paid.hashesPerSecond()).isCloseTo(exposure.connectedHashesPerSecond(), within(1e-3));
    assertThat(paid.interval().low()).isCloseTo(exposure.interval().low(), within(1.0));
  }

  @Test
  void fewBlocksRaiseAnAlarmOnlyWhenTheyAreNoAccident() {
    assertThat(Luck.of(3, 0, 0.95).isAlarming()).isFalse();
    assertThat(Luck.of(7, 0, 0.95).isAlarming()).isTrue();
    assertThat(Luck.of(7, 1, 0.95).isAlarming()).isFalse();
    assertThat(Luck.of(12, 2, 0.95).isAlarming()).isTrue();
  }

  @Test
  void aMarginBelowBreakEvenIsNegative() {
    Margin margin = new Margin(20, 30, 0.05);
    assertThat(margin.grossMargin()).isCloseTo(-0.8, within(1e-12));
    assertThat(new Margin(20, 30, margin.breakEvenPricePerKwh()).grossMargin())
        .isCloseTo(0, within(1e-12));
    assertThat(new Margin(20, margin.breakEvenJoulesPerTerahash(), 0.05).grossMargin())
        .isCloseTo(0, within(1e-12));
  }

  @Test
  void aTestChainsEasiestTargetIsNeverPassed() {
    assertThat(Retarget.next(0x1d00ffff, 0, 10_000_000, 0x1d00ffff)).isEqualTo(0x1d00ffff);
    // A period that took no time counts as a quarter.
    assertThat(Retarget.change(0x1c00ffff, Retarget.next(0x1c00ffff, 5, 5, 0x1d00ffff)))
        .isCloseTo(3, within(1e-3));
    // The clock of the last block may even lie before the first.
    assertThat(Retarget.next(0x1c00ffff, 50, 5, 0x1d00ffff))
        .isEqualTo(Retarget.next(0x1c00ffff, 5, 5, 0x1d00ffff));
  }

  @Test
  void theReserveOfAnOperatorRuinsItselfAtTheChanceThatWasAccepted() {
    double exponent = SchemeTheory.ppsRuinExponent(0.02);
    double reserve = SchemeTheory.ppsReserveExact(1, 0.02, 0.001);
    assertThat(Math.exp(-exponent * reserve)).isCloseTo(0.001, within(1e-9));
    assertThat(exponent * 0.98).isCloseTo(-Math.expm1(-exponent), within(1e-12));
    assertThat(SchemeTheory.ppsRuinExponent(0.5)).isCloseTo(1.5936242600, within(1e-8));
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> new Hashprice(0, 144, 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Hashprice(1, 144, 1, 1, 1_000_001))
        .hasMessageContaining("1000001 ppm");
    assertThatThrownBy(() -> new Margin(1, Double.NaN, 1)).hasMessageContaining("J/TH");
    assertThatThrownBy(() -> Poisson.interval(1, 1)).hasMessageContaining("confidence");
    assertThatThrownBy(() -> new DifficultyProjection(0, 1)).hasMessageContaining("1 to 2015");
    assertThatThrownBy(() -> SchemeTheory.unfilledScaled(1.1)).hasMessageContaining("position");
    assertThatThrownBy(() -> Luck.of(0, 0, 0.95)).hasMessageContaining("expected blocks");
    assertThatThrownBy(() -> new Interval(2, 1)).hasMessageContaining("in order");
  }

  /** 97.5 % points of the F distribution with twice as many degrees of freedom, from its tables. */
  @Test
  void ratiosOfTimesAreThoseOfTheTables() {
    double[][] known = {{5, 5, 3.717}, {10, 2, 8.560}, {50, 50, 1.483}, {30, 10, 2.223}};
    for (double[] row : known) {
      int events = (int) row[0];
      int seen = (int) row[1];
      double high = RatioOfTimes.quantile(0.975, events, seen);
      assertThat(high / row[2]).isCloseTo(1, within(seen < 5 ? 0.08 : 0.01));
      // The other side is the same question asked the other way round.
      assertThat(RatioOfTimes.quantile(0.025, seen, events) * high).isCloseTo(1, within(1e-9));
    }
    assertThat(RatioOfTimes.quantile(0.9999, 2000, 1)).isInfinite();
  }

  /** Simulated: where the period really ended lies in the range that was told on the way. */
  @Test
  void theRangeOfTheNextDifficultyHoldsTheTruth() {
    SplittableRandom random = new SplittableRandom(8);
    int runs = 4_000;
    for (int seen : new int[] {50, 1_000, 1_900}) {
      int held = 0;
      for (int run = 0; run < runs; run++) {
        double soFar = 0;
        double whole = 0;
        for (int block = 0; block < 2_015; block++) {
          whole += -550 * Math.log(1 - random.nextDouble());
          soFar = block < seen ? whole : soFar;
        }
        Interval range = new DifficultyProjection(seen, soFar).changeRange(0.95);
        double truth = new DifficultyProjection(2_015, whole).changeAtThisPace();
        if (range.low() <= truth && truth <= range.high()) {
          held++;
        }
      }
      assertThat((double) held / runs).as("after %d", seen).isCloseTo(0.95, within(0.015));
    }
    DifficultyProjection done = new DifficultyProjection(2_015, 1_000_000);
    assertThat(done.changeRange(0.95))
        .isEqualTo(new Interval(done.changeAtThisPace(), done.changeAtThisPace()));
  }
}
