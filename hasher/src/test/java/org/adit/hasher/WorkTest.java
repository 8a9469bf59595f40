package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkTest {
  @Test
  void difficultyOneIsNotTwoToThe32() {
    assertThat(Work.ofDifficulty(Difficulty.of(1))).isEqualTo(Work.of(4_295_032_833L));
    assertThat(Work.ofCompact(0x1d00ffff)).isEqualTo(Work.of(4_295_032_833L));
    assertThat(Work.ofCompact(0x207fffff)).isEqualTo(Work.of(2));
    assertThat(Work.ofTarget(Target.MAX)).isEqualTo(Work.of(1));
  }

  /**
   * The definition by multiplication instead of division: W is the largest with W * (T + 1) <=
   * 2^256.
   */
  @Test
  void isTheLargestNumberThatFitsTheTargetIntoTheWholeRange() {
    SplittableRandom random = new SplittableRandom(2);
    BigInteger all = BigInteger.TWO.pow(256);
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(32)];
      random.nextBytes(bytes);
      bytes[0] |= 1;
      BigInteger above = new BigInteger(1, bytes).add(BigInteger.ONE);
      BigInteger work = Work.ofTarget(Target.of(new BigInteger(1, bytes))).hashes();
      assertThat(work.multiply(above)).isLessThanOrEqualTo(all);
      assertThat(work.add(BigInteger.ONE).multiply(above)).isGreaterThan(all);
    }
  }

  @Test
  void sumsAndOrderAreExact() {
    Work chain = new Work(BigInteger.TWO.pow(96));
    assertThat(chain.plus(Work.of(1)).minus(chain)).isEqualTo(Work.of(1));
    assertThat(chain.plus(Work.of(1))).isGreaterThan(chain);
    assertThat(Work.NONE.plus(chain)).isEqualTo(chain);
    assertThat(Work.of(Long.MAX_VALUE).toLongExact()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> Work.of(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("work: -1 hashes (expected: 0 or more)");
    assertThatThrownBy(() -> Work.NONE.minus(Work.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Work(BigInteger.TWO.pow(63)).toLongExact())
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 H",
    "999, 999 H",
    "1000, 1.00 kH",
    "4295032833, 4.29 GH",
    "999999, 999 kH",
    "12345678, 12.3 MH",
    "622000000000000000000000, 622 ZH",
  })
  void isShownWithThreeDigits(BigInteger hashes, String text) {
    assertThat(new Work(hashes).toDisplay()).isEqualTo(text);
  }
}
