package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The odd cases follow the rules of consensus; see the class comment of {@link CompactBits}. */
class CompactBitsTest {
  @ParameterizedTest
  @CsvSource({
    // size 0 to 3: the mantissa is shifted right, down to nothing
    "00000000, 0, 00000000",
    "00123456, 0, 00000000",
    "01003456, 0, 00000000",
    "01123456, 12, 01120000",
    "02123456, 1234, 02123400",
    "03123456, 123456, 03123456",
    "04123456, 12345600, 04123456",
    // the sign bit counts only when a mantissa is left after the shift
    "00923456, 0, 00000000",
    "01803456, 0, 00000000",
    "02800056, 0, 00000000",
    "03800000, 0, 00000000",
    "04800000, 0, 00000000",
    "ff800000, 0, 00000000",
    // leading zero bytes are legal and are normalised away
    "05009234, 92340000, 05009234",
    "04000012, 1200, 02120000",
    "1d00ffff, ffff0000000000000000000000000000000000000000000000000000, 1d00ffff",
    // the last sizes that fit into 256 bits
    "207fffff, 7fffff0000000000000000000000000000000000000000000000000000000000, 207fffff",
    "2100ffff, ffff000000000000000000000000000000000000000000000000000000000000, 2100ffff",
    "220000ff, ff00000000000000000000000000000000000000000000000000000000000000, 2100ff00",
    "20123456, 1234560000000000000000000000000000000000000000000000000000000000, 20123456",
    "ff000000, 0, 00000000",
  })
  void expandsAndNormalises(String bits, String number, String normal) {
    BigInteger expanded = CompactBits.expand(CompactBits.parse(bits));
    assertThat(expanded).isEqualTo(new BigInteger(number, 16));
    assertThat(CompactBits.format(CompactBits.compress(expanded))).isEqualTo(normal);
    assertThat(CompactBits.isValidTarget(CompactBits.parse(bits))).isEqualTo(expanded.signum() > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"01fedcba", "04923456", "03800001", "1d80ffff", "20ffffff", "01810000"})
  void negativeIsRefused(String bits) {
    assertThat(CompactBits.isValidTarget(CompactBits.parse(bits))).isFalse();
    assertThatThrownBy(() -> CompactBits.expand(CompactBits.parse(bits)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(bits)
        .hasMessageContaining("negative");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff123456", "23000001", "22000100", "21010000", "24000001"})
  void overflowIsRefused(String bits) {
    assertThat(CompactBits.isValidTarget(CompactBits.parse(bits))).isFalse();
    assertThatThrownBy(() -> CompactBits.expand(CompactBits.parse(bits)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(bits)
        .hasMessageContaining("larger than 256 bits");
  }

  @Test
  void compressingCutsDownwardsAndIsStable() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(32)];
      random.nextBytes(bytes);
      BigInteger number = new BigInteger(1, bytes);
      int bits = CompactBits.compress(number);
      BigInteger cut = CompactBits.expand(bits);
      assertThat(cut).isLessThanOrEqualTo(number);
      // At least 16 significant bits survive: 15 and the leading one.
      assertThat(number.subtract(cut).bitLength())
          .isLessThanOrEqualTo(Math.max(0, number.bitLength() - 16));
      assertThat(CompactBits.compress(cut)).isEqualTo(bits);
    }
  }

  @Test
  void mantissaNeverTouchesTheSignBit() {
    assertThat(CompactBits.format(CompactBits.compress(BigInteger.valueOf(0x80))))
        .isEqualTo("02008000");
    assertThat(CompactBits.format(CompactBits.compress(BigInteger.valueOf(0x80_0000))))
        .isEqualTo("04008000");
    assertThat(CompactBits.format(CompactBits.compress(Target.MAX.value()))).isEqualTo("2100ffff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1d00fff", "1d00ffff0", "1d00fffg", "0x1d00ff", "+d00ffff", "１d00fff"})
  void textMustBeEightHexDigits(String text) {
    assertThatThrownBy(() -> CompactBits.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nBits")
        .hasMessageContaining("expected");
  }

  @Test
  void compressRefusesWhatNoTargetCanBe() {
    assertThatThrownBy(() -> CompactBits.compress(BigInteger.valueOf(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target: -1 (expected: 0 to 2^256-1)");
    assertThatThrownBy(() -> CompactBits.compress(BigInteger.ONE.shiftLeft(256)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
