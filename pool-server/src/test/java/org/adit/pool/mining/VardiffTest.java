package org.adit.pool.mining;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.adit.hasher.Difficulty;
import org.junit.jupiter.api.Test;

class VardiffTest {
  private static final Vardiff.Settings FOLLOW = new Vardiff.Settings(0.2, true);
  private static final Difficulty LOWEST = Difficulty.powerOfTwo(-20);
  private static final Difficulty HIGHEST = Difficulty.of(1L << 30);
  // The clock's zero is no special time.
  private static final long START = 1_000_000;

  private static Vardiff at(long difficulty) {
    return new Vardiff(FOLLOW, Difficulty.of(difficulty), LOWEST, HIGHEST, START);
  }

  @Test
  void aFarmThatArrivesIsRaisedAtOnce() {
    Vardiff vardiff = at(1_024);
    Optional<Vardiff.Change> change = Optional.empty();
    int shares = 0;
    while (change.isEmpty()) {
      shares++;
      change = vardiff.onShare(1, START + shares * 9L);
    }

    assertThat(shares).isEqualTo(16);
    assertThat(change.get().difficulty()).isEqualTo(Difficulty.of(262_144));
    assertThat(change.get().delivery()).isEqualTo(Vardiff.Delivery.FRESH_CLEAN_JOB);
  }

  @Test
  void aSecondFastRaiseWaitsTwoSeconds() {
    Vardiff vardiff = at(1_024);
    for (int i = 1; i <= 16; i++) {
      vardiff.onShare(1, START + i);
    }
    vardiff.announced(START + 16);
    Optional<Vardiff.Change> early = Optional.empty();
    for (int i = 1; i <= 22; i++) {
      early = vardiff.onShare(1, START + 20 + i);
    }

    assertThat(early).isEmpty();
    assertThat(vardiff.onShare(1, START + 2_100)).isPresent();
  }

  @Test
  void aSilentMinerIsLoweredInGrowingSteps() {
    Vardiff vardiff = at(1_024);

    assertThat(vardiff.onTick(START + 24_999)).isEmpty();
    Vardiff.Change first = vardiff.onTick(START + 25_000).orElseThrow();
    vardiff.announced(START + 25_000);
    Vardiff.Change second = vardiff.onTick(START + 50_000).orElseThrow();
    vardiff.announced(START + 50_000);
    Vardiff.Change third = vardiff.onTick(START + 75_000).orElseThrow();

    assertThat(first.difficulty()).isEqualTo(Difficulty.of(256));
    assertThat(first.delivery()).isEqualTo(Vardiff.Delivery.FRESH_JOB);
    assertThat(second.difficulty()).isEqualTo(Difficulty.of(16));
    assertThat(third.difficulty()).isEqualTo(Difficulty.powerOfTwo(-2));
  }

  @Test
  void nothingIsJudgedBetweenADecisionAndItsJob() {
    Vardiff vardiff = at(1_024);
    assertThat(vardiff.onTick(START + 25_000)).isPresent();

    assertThat(vardiff.onTick(START + 300_000)).isEmpty();
  }

  @Test
  void theCapWinsOverTheFloor() {
    Difficulty network = Difficulty.powerOfTwo(-31);
    Vardiff vardiff = new Vardiff(FOLLOW, Difficulty.of(1), Difficulty.of(1), network, START);

    assertThat(vardiff.difficulty()).isEqualTo(network);
  }

  @Test
  void aPinnedDifficultyStays() {
    Vardiff vardiff =
        new Vardiff(new Vardiff.Settings(0.2, false), Difficulty.of(8), LOWEST, HIGHEST, START);
    for (int i = 0; i < 500; i++) {
      assertThat(vardiff.onShare(1, START + i)).isEmpty();
    }

    assertThat(vardiff.onTick(START + 900_000)).isEmpty();
  }

  @Test
  void lateSharesOfEasierJobsDoNotEcho() {
    Vardiff vardiff = at(1_024);
    for (int i = 1; i <= 16; i++) {
      vardiff.onShare(1, START + i * 9L);
    }
    vardiff.announced(START + 200);
    // The farm's next shares still answer jobs 256 times easier.
    for (int i = 1; i <= 300; i++) {
      assertThat(vardiff.onShare(1.0 / 256, START + 2_200 + i * 9L)).isEmpty();
    }

    assertThat(vardiff.difficulty()).isEqualTo(Difficulty.of(262_144));
  }

  @Test
  void steadyMinersOfAnySizeEndWithinTheWantedRate() {
    Random random = new Random(42);
    for (int size = -8; size <= 24; size += 4) {
      double hashesPerSecond = Math.pow(2, size) * 0.2 * 4_295_032_833.0 * 1.2;
      Vardiff vardiff = new Vardiff(FOLLOW, Difficulty.powerOfTwo(8), LOWEST, HIGHEST, START);
      double rate = simulate(vardiff, hashesPerSecond, random);

      assertThat(rate).as("shares per minute at 2^%d", size).isBetween(4.0, 30.0);
    }
  }

  /** Shares per minute in the last of two hours. */
  private static double simulate(Vardiff vardiff, double hashesPerSecond, Random random) {
    long counted = 0;
    long now = START;
    long end = START + 7_200_000;
    double dueMillis = START;
    double need = -1;
    while (now < end) {
      now += 1_000;
      while (true) {
        if (need < 0) {
          need = -Math.log(1 - random.nextDouble());
        }
        double perMilli =
            hashesPerSecond / 1_000 / (vardiff.difficulty().toDouble() * 4_295_032_833.0);
        double next = dueMillis + need / perMilli;
        if (next > now) {
          need -= (now - dueMillis) * perMilli;
          dueMillis = now;
          break;
        }
        dueMillis = next;
        need = -1;
        if (now > end - 3_600_000) {
          counted++;
        }
        vardiff.onShare(1, (long) next);
        vardiff.announced((long) next);
      }
      vardiff.onTick(now);
      vardiff.announced(now);
    }
    return counted / 60.0;
  }
}
