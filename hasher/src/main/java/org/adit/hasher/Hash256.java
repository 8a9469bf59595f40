package org.adit.hasher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A 256-bit hash: a transaction id, a block hash, a merkle node.
 *
 * <p>Bitcoin knows two byte orders for the same hash. <em>Wire order</em> is the order SHA-256d
 * produces, in which hashes are hashed again and travel inside headers. <em>Display order</em> is
 * its reverse, the one of block explorers and of bitcoind's JSON. This type holds the hash without
 * an order; each method names the one it speaks.
 *
 * <p>As a number, the hash is the little-endian reading of its wire bytes: that is what is compared
 * with a target, and how {@link #compareTo} orders.
 */
public final class Hash256 implements Comparable<Hash256> {
  /** Length of a hash in bytes. */
  public static final int BYTES = 32;

  /**
   * The hash of 32 zero bytes: the previous hash of a genesis block, the outpoint of a coinbase.
   */
  public static final Hash256 ZERO = new Hash256(0, 0, 0, 0);

  private static final VarHandle LE_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The number's 64-bit digits, {@code n3} the most significant; {@code n0} is wire bytes 0..7. */
  private final long n3;

  private final long n2;
  private final long n1;
  private final long n0;

  private Hash256(long n3, long n2, long n1, long n0) {
    this.n3 = n3;
    this.n2 = n2;
    this.n1 = n1;
    this.n0 = n0;
  }

  /**
   * Takes a hash as the hash function wrote it.
   *
   * @param wire exactly 32 bytes in wire order; copied
   * @throws IllegalArgumentException if the length is not 32
   */
  public static Hash256 ofWire(byte[] wire) {
    if (wire.length != BYTES) {
      throw new IllegalArgumentException(
          "wire: " + wire.length + " bytes (expected: " + BYTES + " bytes of a hash)");
    }
    return ofWire(wire, 0);
  }

  /**
   * Takes a hash out of a longer array.
   *
   * @param source bytes in wire order; 32 of them are copied
   * @param offset where the hash begins, {@code 0 <= offset <= source.length - 32}
   * @throws IndexOutOfBoundsException if fewer than 32 bytes follow {@code offset}
   */
  public static Hash256 ofWire(byte[] source, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, source.length);
    return new Hash256(
        (long) LE_LONG.get(source, offset + 24),
        (long) LE_LONG.get(source, offset + 16),
        (long) LE_LONG.get(source, offset + 8),
        (long) LE_LONG.get(source, offset));
  }

  /**
   * Reads 64 hex digits in wire order, either case.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Hash256 ofWireHex(String hex) {
    return ofWire(Hex.parse("hash in wire order", hex, BYTES));
  }

  /**
   * Reads 64 hex digits in display order, either case.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Hash256 ofDisplayHex(String hex) {
    byte[] bytes = Hex.parse("hash in display order", hex, BYTES);
    Hex.reverse(bytes);
    return ofWire(bytes);
  }

  /** Returns a new array with the 32 bytes in wire order. */
  public byte[] toWire() {
    byte[] wire = new byte[BYTES];
    copyTo(wire, 0);
    return wire;
  }

  /**
   * Writes the 32 bytes in wire order.
   *
   * @throws IndexOutOfBoundsException if fewer than 32 bytes follow {@code offset}; nothing is
   *     written then
   */
  public void copyTo(byte[] destination, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, destination.length);
    LE_LONG.set(destination, offset, n0);
    LE_LONG.set(destination, offset + 8, n1);
    LE_LONG.set(destination, offset + 16, n2);
    LE_LONG.set(destination, offset + 24, n3);
  }

  /**
   * Returns 64 lower-case hex digits in display order, as bitcoind and block explorers show the
   * hash.
   */
  public String toDisplayHex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(n3) + hex.toHexDigits(n2) + hex.toHexDigits(n1) + hex.toHexDigits(n0);
  }

  /** Returns 64 lower-case hex digits in wire order. */
  public String toWireHex() {
    return HexFormat.of().formatHex(toWire());
  }

  /** Whether the number this hash stands for is at most the 256-bit number of the four digits. */
  boolean isAtMost(long t3, long t2, long t1, long t0) {
    if (n3 != t3) {
      return Long.compareUnsigned(n3, t3) < 0;
    }
    if (n2 != t2) {
      return Long.compareUnsigned(n2, t2) < 0;
    }
    if (n1 != t1) {
      return Long.compareUnsigned(n1, t1) < 0;
    }
    return Long.compareUnsigned(n0, t0) <= 0;
  }

  /** Orders by the number the hash stands for: the smaller one has more work behind it. */
  @Override
  public int compareTo(Hash256 other) {
    if (equals(other)) {
      return 0;
    }
    return isAtMost(other.n3, other.n2, other.n1, other.n0) ? -1 : 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash256 that
        && n0 == that.n0
        && n1 == that.n1
        && n2 == that.n2
        && n3 == that.n3;
  }

  @Override
  public int hashCode() {
    // The low digits: a block hash has zeros at the top, its low bits are as good as random.
    return Long.hashCode(n0 ^ n1);
  }

  /** Returns the display form. */
  @Override
  public String toString() {
    return toDisplayHex();
  }
}
