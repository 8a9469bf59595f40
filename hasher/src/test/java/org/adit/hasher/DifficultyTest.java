package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DifficultyTest {
  @Test
  void stratumVectors() {
    var cases =
        Vectors.load("stratum-v1-vectors.json").get("conversions").get("difficulty_to_target");
    assertThat(cases.size()).isPositive();
    cases
        .properties()
        .forEach(entry ->
            assertThat(Difficulty.parse(entry.getKey()).target().toHex())
                .as(entry.getKey())
                .isEqualTo(entry.getValue().asString()));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "8192, 8192",
    "0.5, 1/2",
    "0.001, 1/1000",
    ".5, 1/2",
    "2., 2",
    "1e-5, 1/100000",
    "1E3, 1000",
    "+4, 4",
    "00.2500, 1/4",
    "123456.789, 123456789/1000",
  })
  void parsesExactly(String text, String exact) {
    assertThat(Difficulty.parse(text)).hasToString(exact);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "0",
        "0.0",
        "-1",
        "-0",
        "nan",
        "Infinity",
        "1,5",
        "0x10",
        "1 ",
        "1e",
        "e5",
        ".",
        "1e1000000000",
        "1e-999",
        "1e300",
        "1/2",
        "１",
      })
  void refusesWhatIsNoPositiveDecimal(String text) {
    assertThatThrownBy(() -> Difficulty.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("difficulty")
        .hasMessageContaining("expected");
  }

  @Test
  void boundsTheInput() {
    assertThatThrownBy(() -> Difficulty.parse("1".repeat(101)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 100 characters");
    assertThatThrownBy(() -> Difficulty.of(new BigDecimal(BigInteger.ONE, 1_000_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1000000");
    assertThatThrownBy(() -> Difficulty.of(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Difficulty.ofRatio(BigInteger.ONE, BigInteger.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Difficulty.powerOfTwo(224))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("exponent: 224 (expected: -128 to 223)");
  }

  @Test
  void largestDifficultyHasTargetOne() {
    Difficulty largest = Difficulty.ofRatio(Difficulty.D1, BigInteger.ONE);
    assertThat(largest.target().value()).isEqualTo(1);
    assertThat(Difficulty.ofTarget(largest.target())).isEqualTo(largest);
    assertThatThrownBy(() -> Difficulty.ofRatio(Difficulty.D1.add(BigInteger.ONE), BigInteger.ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too large");
  }

  @Test
  void tinyDifficultyIsCappedAtTheMaximumTarget() {
    assertThat(Difficulty.powerOfTwo(-32).target()).isNotEqualTo(Target.MAX);
    assertThat(Difficulty.powerOfTwo(-33).target()).isEqualTo(Target.MAX);
    assertThat(Difficulty.powerOfTwo(-128).target()).isEqualTo(Target.MAX);
  }

  @Test
  void difficultyOfATargetGivesTheTargetBack() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(32)];
      random.nextBytes(bytes);
      BigInteger number = new BigInteger(1, bytes).max(BigInteger.ONE);
      Target target = Target.of(number);
      assertThat(Difficulty.ofTarget(target).target()).isEqualTo(target);
    }
  }

  @Test
  void floorToPowerOfTwo() {
    assertThat(Difficulty.of(1).floorToPowerOfTwo()).isEqualTo(Difficulty.of(1));
    assertThat(Difficulty.of(8191).floorToPowerOfTwo()).isEqualTo(Difficulty.of(4096));
    assertThat(Difficulty.parse("0.001").floorToPowerOfTwo()).isEqualTo(Difficulty.powerOfTwo(-10));
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 2_000; i++) {
      Difficulty d =
          Difficulty.ofRatio(
              BigInteger.valueOf(random.nextLong(1, 1L << random.nextInt(1, 63))),
              BigInteger.valueOf(random.nextLong(1, 1L << random.nextInt(1, 63))));
      Difficulty floor = d.floorToPowerOfTwo();
      Difficulty doubled = Difficulty.ofRatio(floor.numerator().shiftLeft(1), floor.denominator());
      assertThat(floor).isLessThanOrEqualTo(d);
      assertThat(doubled).isGreaterThan(d);
      assertThat(floor.numerator().bitCount() + floor.denominator().bitCount()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "65536, 65536",
    "0.5, 0.5",
    "0.001, 0.001",
    "0.0000152587890625, 0.0000152587890625",
    // what the form cannot hold goes up, never down
    "1.5, 2",
    "123456.789, 123457",
    "0.000003814697265625, 0.00000381469726563",
    "0.9999999999999, 1",
  })
  void wireForm(String difficulty, String wire) {
    assertThat(Difficulty.parse(difficulty).toWire()).isEqualTo(wire);
    assertThat(Difficulty.parse(difficulty).isExactOnWire()).isEqualTo(difficulty.equals(wire));
  }

  @Test
  void wireFormOfAThirdIsRoundedUp() {
    Difficulty third = Difficulty.ofRatio(BigInteger.ONE, BigInteger.valueOf(3));
    assertThat(third.toWire()).isEqualTo("0.333333333334");
    assertThat(Difficulty.parse(third.toWire()).target()).isLessThan(third.target());
  }

  @Test
  void ordersEasiestFirst() {
    assertThat(Difficulty.parse("0.5")).isLessThan(Difficulty.of(1));
    assertThat(Difficulty.parse("2.0"))
        .isEqualByComparingTo(Difficulty.of(2))
        .isEqualTo(Difficulty.of(2));
  }
}
