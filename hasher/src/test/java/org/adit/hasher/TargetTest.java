package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class TargetTest {
  static Stream<JsonNode> fromNbits() {
    return Vectors.accounting("work.from_nbits");
  }

  static Stream<JsonNode> fromDifficulty() {
    return Vectors.accounting("work.from_difficulty");
  }

  @ParameterizedTest
  @MethodSource("fromNbits")
  void workVectorsFromNbits(JsonNode vector) {
    JsonNode out = vector.get("out");
    int bits = CompactBits.parse(vector.get("in").get("nbits").asString());
    Target target = Target.ofCompact(bits);

    assertThat(target.toHex()).isEqualTo(out.get("target").asString());
    assertThat(target.work().hashes()).isEqualTo(new BigInteger(out.get("work").asString()));
    assertThat(Difficulty.ofTarget(target)).hasToString(out.get("difficulty_exact").asString());
    assertThat(Difficulty.ofTarget(target).toDouble())
        .isEqualTo(Double.parseDouble(out.get("difficulty").asString()));
    assertThat(CompactBits.compress(target.value())).isEqualTo(bits);
  }

  @ParameterizedTest
  @MethodSource("fromDifficulty")
  void workVectorsFromDifficulty(JsonNode vector) {
    String[] ratio = vector.get("in").get("difficulty").asString().split("/", 2);
    Difficulty difficulty =
        Difficulty.ofRatio(
            new BigInteger(ratio[0]),
            ratio.length == 1 ? BigInteger.ONE : new BigInteger(ratio[1]));
    Target target = Target.ofDifficulty(difficulty);

    assertThat(target.toHex()).isEqualTo(vector.get("out").get("target").asString());
    assertThat(target.work().hashes())
        .isEqualTo(new BigInteger(vector.get("out").get("work").asString()));
  }

  @Test
  void difficultyOneIsNotTwoToThe32() {
    assertThat(Difficulty.of(1).target().work().hashes()).isEqualTo(4_295_032_833L);
  }

  @Test
  void hashEqualToTheTargetMeetsItAndOneMoreDoesNot() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] wire = new byte[40];
      random.nextBytes(wire);
      // Zeros and ones at the seams of the 64-bit digits are where carries and signs go wrong.
      Arrays.fill(wire, 4, 4 + random.nextInt(33), (byte) (random.nextBoolean() ? 0 : 0xff));
      Hash256 hash = Hash256.ofWire(wire, 4);
      BigInteger number = new BigInteger(hash.toDisplayHex(), 16);
      if (number.compareTo(BigInteger.TWO) < 0 || number.equals(Target.MAX.value())) {
        continue;
      }
      Target equal = Target.of(number);
      Target below = Target.of(number.subtract(BigInteger.ONE));
      Target above = Target.of(number.add(BigInteger.ONE));
      assertThat(equal.isMetBy(hash)).isTrue();
      assertThat(equal.isMetBy(wire, 4)).isTrue();
      assertThat(below.isMetBy(hash)).isFalse();
      assertThat(below.isMetBy(wire, 4)).isFalse();
      assertThat(above.isMetBy(hash)).isTrue();
      assertThat(above.isMetBy(wire, 4)).isTrue();
    }
  }

  @Test
  void everyHashMeetsTheMaximum() {
    byte[] wire = new byte[32];
    Arrays.fill(wire, (byte) 0xff);
    assertThat(Target.MAX.isMetBy(Hash256.ofWire(wire))).isTrue();
    assertThat(Target.MAX.isMetBy(Hash256.ZERO)).isTrue();
    assertThat(Target.MAX.work()).isEqualTo(Work.of(1));
  }

  @Test
  void pdiffToleranceIsOnePartIn65535AndCapped() {
    Target bdiff = Difficulty.of(1).target();
    assertThat(bdiff.withPdiffTolerance().toHex()).isEqualTo("00000001" + "0".repeat(56));
    assertThat(Target.of(BigInteger.valueOf(65_534)).withPdiffTolerance().value())
        .isEqualTo(65_534);
    assertThat(Target.of(BigInteger.valueOf(65_535)).withPdiffTolerance().value())
        .isEqualTo(65_536);
    assertThat(Target.MAX.withPdiffTolerance()).isEqualTo(Target.MAX);
  }

  @Test
  void ordersHardestFirst() {
    assertThat(Difficulty.of(2).target()).isLessThan(Difficulty.of(1).target());
    assertThat(Target.MAX).isGreaterThan(Target.ofHex("f".repeat(63) + "e"));
  }

  @Test
  void refusesWhatIsNoTarget() {
    assertThatThrownBy(() -> Target.of(BigInteger.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target: 0 (expected: 1 to 2^256-1)");
    assertThatThrownBy(() -> Target.of(BigInteger.ONE.shiftLeft(256)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target: 257 bits (expected: 1 to 2^256-1)");
    assertThatThrownBy(() -> Target.ofHex("ff"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: 64 hex digits");
    assertThatThrownBy(() -> Target.ofCompact(0x1d000000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("target of zero");
    assertThatThrownBy(() -> Target.MAX.isMetBy(new byte[32], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
