package org.adit.hasher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The work of a scanner, checked and spread out: what {@link HeaderScanner#prepare} was told, and
 * the versions it means.
 */
final class ScanWork {
  /** Bits of the mask that are rolled; their 2^4 values are {@link HeaderScanner#MAX_VERSIONS}. */
  private static final int ROLLED_BITS = 4;

  private static final VarHandle BE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] header;
  private final int[] versions;
  private final Target target;

  ScanWork(byte[] header80, int versionMask, Target target) {
    BlockHeader.checkLength(header80);
    header = header80.clone();
    versions = versionsOf(Integer.reverseBytes(word(0)), versionMask);
    this.target = target;
  }

  /** The header as given; not to be changed. */
  byte[] header() {
    return header;
  }

  /** Word {@code index}, 0 to 19, of the header as SHA-256 reads it: big-endian. */
  int word(int index) {
    return (int) BE_INT.get(header, index * Integer.BYTES);
  }

  int versionCount() {
    return versions.length;
  }

  int version(int index) {
    return versions[index];
  }

  Target target() {
    return target;
  }

  /** Throws unless a scan may try that many nonces. */
  static void checkCount(long count) {
    if (count < 0 || count > HeaderScanner.ALL_NONCES) {
      throw new IllegalArgumentException(
          "count: " + count + " nonces (expected: 0 to 2^32 = " + HeaderScanner.ALL_NONCES + ")");
    }
  }

  private static int[] versionsOf(int version, int mask) {
    int bits = Math.min(ROLLED_BITS, Integer.bitCount(mask));
    int[] versions = new int[1 << bits];
    for (int i = 0; i < versions.length; i++) {
      versions[i] = version ^ Integer.expand(i, mask);
    }
    return versions;
  }
}
