package org.adit.hasher;

import java.math.BigInteger;
import java.util.HexFormat;

/**
 * The compact form of a target, the header's {@code nBits} field: one byte of size, one sign bit,
 * 23 bits of mantissa; {@code mantissa * 256^(size - 3)}.
 *
 * <p>The rules are those of consensus: the sign and overflow checks of {@code
 * arith_uint256::SetCompact} and the normal form of {@code GetCompact} in Bitcoin Core. Every node
 * must agree on them, odd cases included.
 */
public final class CompactBits {
  private static final int MANTISSA = 0x007fffff;
  private static final int SIGN = 0x00800000;

  private CompactBits() {}

  /**
   * Expands the compact form.
   *
   * @return the number it stands for, 0 to 2^256-1. Zero is possible (mantissa 0, or a small size
   *     that shifts the mantissa out) and is no valid target, see {@link #isValidTarget}
   * @throws IllegalArgumentException if the number is negative or passes 256 bits: consensus
   *     refuses both
   */
  public static BigInteger expand(int nBits) {
    if (isNegative(nBits)) {
      throw new IllegalArgumentException(
          "nBits " + format(nBits) + " is negative (expected: sign bit 00800000 clear)");
    }
    if (overflows(nBits)) {
      throw new IllegalArgumentException(
          "nBits " + format(nBits) + " is larger than 256 bits (expected: at most 2^256-1)");
    }
    int size = nBits >>> 24;
    BigInteger word = BigInteger.valueOf(word(nBits));
    return size <= 3 ? word : word.shiftLeft(8 * (size - 3));
  }

  /** Whether the form stands for a target a header may carry: positive and within 256 bits. */
  public static boolean isValidTarget(int nBits) {
    return word(nBits) != 0 && !isNegative(nBits) && !overflows(nBits);
  }

  /**
   * Compresses a number to its normal form. All but the top 15 to 23 bits are cut off, so that
   * {@code expand(compress(t)) <= t}.
   *
   * @param target 0 to 2^256-1
   * @throws IllegalArgumentException if the number is outside that range
   */
  public static int compress(BigInteger target) {
    Target.checkRange(target, BigInteger.ZERO);
    int size = (target.bitLength() + 7) / 8;
    int mantissa =
        size <= 3
            ? target.intValue() << (8 * (3 - size))
            : target.shiftRight(8 * (size - 3)).intValue();
    // A mantissa that would reach into the sign bit gives a byte to the size.
    if ((mantissa & SIGN) != 0) {
      mantissa >>>= 8;
      size++;
    }
    return mantissa | (size << 24);
  }

  /**
   * Reads the form as bitcoind's JSON and Stratum V1 write it.
   *
   * @param hex8 exactly 8 hex digits of the big-endian number, either case
   * @throws IllegalArgumentException if the text is anything else
   */
  public static int parse(String hex8) {
    byte[] bytes = Hex.parse("nBits", hex8, 4);
    return ((bytes[0] & 0xff) << 24)
        | ((bytes[1] & 0xff) << 16)
        | ((bytes[2] & 0xff) << 8)
        | (bytes[3] & 0xff);
  }

  /** Writes the form as 8 lower-case hex digits of the big-endian number. */
  public static String format(int nBits) {
    return HexFormat.of().toHexDigits(nBits);
  }

  /** The mantissa after the right shift that small sizes ask for; consensus tests this one. */
  private static int word(int nBits) {
    int size = nBits >>> 24;
    int word = nBits & MANTISSA;
    return size <= 3 ? word >>> (8 * (3 - size)) : word;
  }

  private static boolean isNegative(int nBits) {
    return word(nBits) != 0 && (nBits & SIGN) != 0;
  }

  private static boolean overflows(int nBits) {
    int size = nBits >>> 24;
    int word = word(nBits);
    return word != 0 && (size > 34 || (word > 0xff && size > 33) || (word > 0xffff && size > 32));
  }
}
