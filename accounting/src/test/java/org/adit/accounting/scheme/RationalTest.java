package org.adit.accounting.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RationalTest {

  private static BigInteger number(Random random) {
    BigInteger number = new BigInteger(random.nextInt(140), random);
    return random.nextBoolean() ? number : number.negate();
  }

  @Test
  void fractionsAreInLowestTermsWithAPositiveDenominator() {
    Random random = new Random(1);
    for (int run = 0; run < 20_000; run++) {
      BigInteger factor = new BigInteger(random.nextInt(70), random).setBit(0);
      BigInteger above = number(random).multiply(factor);
      BigInteger below = number(random).multiply(factor);
      if (below.signum() == 0) {
        below = factor;
      }
      Rational fraction = Rational.of(above, below);
      assertThat(fraction.denominator().signum()).isEqualTo(1);
      assertThat(fraction.numerator().gcd(fraction.denominator())).isEqualTo(BigInteger.ONE);
      assertThat(fraction.numerator().multiply(below))
          .isEqualTo(fraction.denominator().multiply(above));
    }
  }

  @Test
  void theEdgesOfAMachineWordAreNumbersLikeOthers() {
    BigInteger most = BigInteger.ONE.shiftLeft(63);
    for (int off = -2; off <= 2; off++) {
      BigInteger near = most.add(BigInteger.valueOf(off));
      assertThat(Rational.of(near.multiply(BigInteger.TEN), near)).isEqualTo(Rational.of(10));
      assertThat(Rational.of(near, near.multiply(BigInteger.TEN)))
          .isEqualTo(Rational.of(BigInteger.ONE, BigInteger.TEN));
      assertThat(Rational.of(near.negate(), near)).isEqualTo(Rational.of(-1));
    }
    assertThat(Rational.of(BigInteger.ZERO, most)).isEqualTo(Rational.ZERO);
  }

  @Test
  void nothingIsDividedByZero() {
    assertThatThrownBy(() -> Rational.of(BigInteger.ONE, BigInteger.ZERO))
        .isInstanceOf(ArithmeticException.class);
  }
}
