package org.adit.pool.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.adit.accounting.economics.Interval;
import org.adit.accounting.economics.Poisson;
import org.adit.pool.mining.FleetMeter;
import org.junit.jupiter.api.Test;

/** Windows, series and intervals, on a clock the test moves. */
final class FleetStatsTest {
  private static final long START = 1_800_000_000_000L;
  private long now = START;

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return Instant.ofEpochMilli(now);
        }
      };

  private static Sum share(double work) {
    return new Sum(1, work, work * work, 0);
  }

  @Test
  void theQuickIntervalIsTheExactOne() {
    for (double count : new double[] {30, 31.5, 100, 400, 10_000}) {
      Interval exact = Poisson.interval(count, 0.95);
      Interval quick = Estimate.interval(count);
      assertThat(quick.low()).isCloseTo(exact.low(), within(exact.low() * 0.002));
      assertThat(quick.high()).isCloseTo(exact.high(), within(exact.high() * 0.002));
    }
    assertThat(Estimate.interval(0).high()).isCloseTo(3.69, within(0.01));
  }

  @Test
  void unequalSharesSayLess() {
    Sum equal = new Sum(100, 100, 100, 0);
    Sum unequal = new Sum(100, 100, 1_000, 0);
    Estimate sharp = Estimate.of(equal, 60_000, 1);
    Estimate vague = Estimate.of(unequal, 60_000, 1);
    assertThat(vague.hashesPerSecond()).isEqualTo(sharp.hashesPerSecond());
    assertThat(vague.high() - vague.low()).isGreaterThan(2 * (sharp.high() - sharp.low()));
  }

  @Test
  void nineteenOfTwentyIntervalsHoldTheTruth() {
    Random random = new Random(7);
    int held = 0;
    int rounds = 2_000;
    for (int i = 0; i < rounds; i++) {
      int shares = 0;
      for (double at = -Math.log(1 - random.nextDouble());
          at < 20;
          at -= Math.log(1 - random.nextDouble())) {
        shares++;
      }
      Estimate estimate = Estimate.of(new Sum(shares, shares, shares, 0), 20_000, 1);
      held += estimate.low() <= 1 && 1 <= estimate.high() ? 1 : 0;
    }
    // The exact interval is never too narrow, and not much too wide.
    assertThat(held).isBetween((int) (0.94 * rounds), (int) (0.99 * rounds));
  }

  @Test
  void aWindowSlidesAndForgets() {
    FleetStats stats = new FleetStats(new FleetMeter(), clock);
    stats.rememberWorker(1, now, share(600));
    Tracked worker = Objects.requireNonNull(stats.worker(1));
    assertThat(worker.history().window(FleetStats.FIVE_MINUTES, now).shares()).isEqualTo(1);
    now += 4 * 60_000;
    assertThat(worker.history().window(FleetStats.FIVE_MINUTES, now).shares()).isEqualTo(1);
    now += 60_000;
    assertThat(worker.history().window(FleetStats.FIVE_MINUTES, now).shares()).isZero();
    assertThat(worker.history().window(FleetStats.HOUR, now).shares()).isEqualTo(1);
    now += FleetStats.HOUR;
    assertThat(worker.history().window(FleetStats.HOUR, now).shares()).isZero();
    assertThat(worker.history().window(FleetStats.DAY, now).shares()).isEqualTo(1);
    now += FleetStats.DAY;
    assertThat(worker.history().window(FleetStats.DAY, now).shares()).isZero();
  }

  @Test
  void aRingHoldsNothingTwiceHoweverTimeJumps() {
    Random random = new Random(11);
    History history = new History(new Coverage());
    double[] minutes = new double[4_000];
    long base = START - START % 14_400_000;
    int at = 0;
    for (int i = 0; i < 3_000 && at < minutes.length; i++) {
      double work = 1 + random.nextInt(100);
      history.add(base + at * 60_000L, share(work));
      minutes[at] += work;
      long time = base + at * 60_000L + 30_000;
      double expected = 0;
      for (int m = Math.max(0, at - 59); m <= at; m++) {
        expected += minutes[m];
      }
      assertThat(history.window(FleetStats.HOUR, time).work())
          .as("minute %d", at)
          .isCloseTo(expected, within(1e-3 * expected));
      at += random.nextInt(10) == 0 ? 1 + random.nextInt(200) : random.nextInt(3);
    }
  }

  @Test
  void timeWithoutThePoolIsAGapAndTimeWithoutSharesIsZero() {
    FleetStats stats = new FleetStats(new FleetMeter(), clock);
    stats.rememberPool(now - 30 * 60_000, now - 20 * 60_000, share(5));
    stats.look();
    now += 10 * 60_000;
    stats.look();
    List<Slot> slots = stats.pool().series(Range.HOUR, now);
    assertThat(slots).hasSize(Range.HOUR.slots() + 1);
    assertThat(slots.getLast().state()).isEqualTo(Slot.State.RUNNING);
    assertThat(slots.get(slots.size() - 2).state()).isEqualTo(Slot.State.CLOSED);
    assertThat(slots.get(slots.size() - 2).sum()).isEqualTo(Sum.NONE);
    assertThat(slots.get(slots.size() - 1 - 20).state()).isEqualTo(Slot.State.UNKNOWN);
    assertThat(slots.get(slots.size() - 1 - 35).state()).isEqualTo(Slot.State.CLOSED);
    for (int i = 1; i < slots.size(); i++) {
      assertThat(slots.get(i).startMillis()).isEqualTo(slots.get(i - 1).endMillis());
    }
  }
}
