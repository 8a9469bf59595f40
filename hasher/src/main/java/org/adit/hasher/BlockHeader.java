package org.adit.hasher;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The 80-byte header of a block.
 *
 * @param version all 32 bits, rolled ones (BIP 320) included
 * @param previous hash of the block before
 * @param merkleRoot root of the transaction tree
 * @param time seconds since 1970, unsigned
 * @param bits network target in {@linkplain CompactBits compact form}
 * @param nonce unsigned
 */
public record BlockHeader(
    int version, Hash256 previous, Hash256 merkleRoot, int time, int bits, int nonce) {
  /** Length of a serialised header in bytes. */
  public static final int BYTES = 80;

  /** Returns the 80 bytes that are hashed: integers little-endian, hashes in wire order. */
  public byte[] toBytes() {
    byte[] header = new byte[BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(0, version);
    previous.copyTo(header, 4);
    merkleRoot.copyTo(header, 36);
    buffer.putInt(68, time);
    buffer.putInt(72, bits);
    buffer.putInt(76, nonce);
    return header;
  }

  /**
   * Reads a serialised header.
   *
   * @throws IllegalArgumentException unless it has exactly 80 bytes
   */
  public static BlockHeader parse(byte[] header80) {
    checkLength(header80);
    ByteBuffer buffer = ByteBuffer.wrap(header80).order(ByteOrder.LITTLE_ENDIAN);
    return new BlockHeader(
        buffer.getInt(0),
        Hash256.ofWire(header80, 4),
        Hash256.ofWire(header80, 36),
        buffer.getInt(68),
        buffer.getInt(72),
        buffer.getInt(76));
  }

  /** The block hash. */
  public Hash256 hash() {
    return Sha256d.hash256(toBytes());
  }

  /** Throws unless the array is as long as a header. */
  static void checkLength(byte[] header80) {
    if (header80.length != BYTES) {
      throw new IllegalArgumentException(
          "header: " + header80.length + " bytes (expected: " + BYTES + ")");
    }
  }
}
