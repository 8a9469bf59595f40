package org.adit.hasher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A 256-bit target: the largest hash that still counts, of a share or of a block. 1 to 2^256-1.
 *
 * <p>A smaller target is more work, so {@link #compareTo} orders from hard to easy. Immutable and
 * safe for threads; {@link #isMetBy} allocates nothing.
 */
public final class Target implements Comparable<Target> {
  private static final BigInteger TWO_256 = BigInteger.ONE.shiftLeft(256);

  /** 2^256-1: every hash meets it. */
  public static final Target MAX = new Target(TWO_256.subtract(BigInteger.ONE));

  private static final BigInteger PDIFF_FACTOR = BigInteger.valueOf(65536);
  private static final BigInteger BDIFF_FACTOR = BigInteger.valueOf(65535);
  private static final VarHandle LE_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final BigInteger value;

  /** The same number as four 64-bit digits, {@code t3} the most significant. */
  private final long t3;

  private final long t2;
  private final long t1;
  private final long t0;

  private Target(BigInteger value) {
    this.value = value;
    t0 = value.longValue();
    t1 = value.shiftRight(64).longValue();
    t2 = value.shiftRight(128).longValue();
    t3 = value.shiftRight(192).longValue();
  }

  /**
   * Takes a number as target.
   *
   * @throws IllegalArgumentException unless it is 1 to 2^256-1
   */
  public static Target of(BigInteger value) {
    checkRange(value, BigInteger.ONE);
    return new Target(value);
  }

  /**
   * Expands the {@code nBits} field of a header.
   *
   * @throws IllegalArgumentException if consensus would refuse it: zero, negative or more than 256
   *     bits
   */
  public static Target ofCompact(int nBits) {
    BigInteger value = CompactBits.expand(nBits);
    if (value.signum() == 0) {
      throw new IllegalArgumentException(
          "nBits " + CompactBits.format(nBits) + " is a target of zero (expected: at least 1)");
    }
    return new Target(value);
  }

  /**
   * The target of a share difficulty: {@code floor(0xffff * 2^208 / d)}, at most 2^256-1. Source:
   * Stratum V1 specification 4.1, accounting reference 1.1.
   */
  public static Target ofDifficulty(Difficulty difficulty) {
    return difficulty.target();
  }

  /**
   * Reads a target as people and bitcoind write it.
   *
   * @param bigEndian64 exactly 64 hex digits, most significant first, either case
   * @throws IllegalArgumentException if the text is anything else, or zero
   */
  public static Target ofHex(String bigEndian64) {
    return of(new BigInteger(1, Hex.parse("target", bigEndian64, 32)));
  }

  /** Whether the hash counts: {@code hash <= target}. */
  public boolean isMetBy(Hash256 hash) {
    return hash.isAtMost(t3, t2, t1, t0);
  }

  /**
   * Whether the hash counts: {@code hash <= target}.
   *
   * @param wireHash holds 32 bytes in wire order
   * @param offset where they begin
   * @throws IndexOutOfBoundsException if fewer than 32 bytes follow {@code offset}
   */
  public boolean isMetBy(byte[] wireHash, int offset) {
    Objects.checkFromIndexSize(offset, Hash256.BYTES, wireHash.length);
    long n3 = (long) LE_LONG.get(wireHash, offset + 24);
    if (n3 != t3) {
      return Long.compareUnsigned(n3, t3) < 0;
    }
    long n2 = (long) LE_LONG.get(wireHash, offset + 16);
    if (n2 != t2) {
      return Long.compareUnsigned(n2, t2) < 0;
    }
    long n1 = (long) LE_LONG.get(wireHash, offset + 8);
    if (n1 != t1) {
      return Long.compareUnsigned(n1, t1) < 0;
    }
    return Long.compareUnsigned((long) LE_LONG.get(wireHash, offset), t0) <= 0;
  }

  /** Whether the hash in SHA-256's own words counts; word 7 ends with the number's first byte. */
  boolean isMetByState(int[] state) {
    long n3 = digit(state[7], state[6]);
    if (n3 != t3) {
      return Long.compareUnsigned(n3, t3) < 0;
    }
    long n2 = digit(state[5], state[4]);
    if (n2 != t2) {
      return Long.compareUnsigned(n2, t2) < 0;
    }
    long n1 = digit(state[3], state[2]);
    if (n1 != t1) {
      return Long.compareUnsigned(n1, t1) < 0;
    }
    return Long.compareUnsigned(digit(state[1], state[0]), t0) <= 0;
  }

  private static long digit(int high, int low) {
    return ((long) Integer.reverseBytes(high) << 32)
        | Integer.toUnsignedLong(Integer.reverseBytes(low));
  }

  /**
   * The target to check a share against when the miner may have read the difficulty as "pdiff":
   * {@code floor(T * 65536 / 65535)}, at most 2^256-1. Credit stays with this target. Source:
   * Stratum V1 specification 4.2.
   */
  public Target withPdiffTolerance() {
    BigInteger tolerant = value.multiply(PDIFF_FACTOR).divide(BDIFF_FACTOR);
    return tolerant.compareTo(MAX.value) >= 0 ? MAX : new Target(tolerant);
  }

  /** The target as a number, 1 to 2^256-1. */
  public BigInteger value() {
    return value;
  }

  /**
   * The work of the target, {@code floor(2^256 / (T + 1))}: the expected number of hashes, in the
   * unit of a node's chainwork. 1 to 2^255. Source: accounting reference 1.1.
   */
  public Work work() {
    return new Work(TWO_256.divide(value.add(BigInteger.ONE)));
  }

  /** Returns 64 lower-case hex digits, most significant first. */
  public String toHex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(t3) + hex.toHexDigits(t2) + hex.toHexDigits(t1) + hex.toHexDigits(t0);
  }

  /** The most significant 32 bits, which the scanners' early-out filter is made from. */
  int topWord() {
    return (int) (t3 >>> 32);
  }

  /** Throws unless {@code least <= value <= 2^256-1}. */
  static void checkRange(BigInteger value, BigInteger least) {
    if (value.compareTo(least) < 0 || value.bitLength() > 256) {
      String seen = value.bitLength() > 256 ? value.bitLength() + " bits" : value.toString();
      throw new IllegalArgumentException(
          "target: " + seen + " (expected: " + least + " to 2^256-1)");
    }
  }

  /** Orders by the number: harder targets first. */
  @Override
  public int compareTo(Target other) {
    return value.compareTo(other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Target that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Returns the hex form. */
  @Override
  public String toString() {
    return toHex();
  }
}
