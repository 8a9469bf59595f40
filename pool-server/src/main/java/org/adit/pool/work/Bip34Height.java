package org.adit.pool.work;

/**
 * The block height as first element of the coinbase's scriptSig (BIP 34), in the one encoding nodes
 * accept: the minimal push of a script number.
 */
public final class Bip34Height {
  private Bip34Height() {}

  /**
   * Script bytes of a height.
   *
   * @param height 0 to 2^31 - 1; 0 is the genesis block's and never mined by a pool
   * @return {@code OP_0} for 0, {@code OP_1..OP_16} for 1 to 16 (a push of one byte is refused
   *     there as {@code bad-cb-height}), else a length byte and the little-endian number, with a
   *     zero byte added where its top bit would make it negative
   */
  public static byte[] script(int height) {
    if (height < 0) {
      throw new IllegalArgumentException("height is " + height + " (expected: >= 0)");
    }
    if (height == 0) {
      return new byte[] {0};
    }
    if (height <= 16) {
      return new byte[] {(byte) (0x50 + height)};
    }
    ByteWriter number = new ByteWriter(5);
    int rest = height;
    int last = 0;
    while (rest != 0) {
      last = rest & 0xff;
      number.u8(last);
      rest >>>= 8;
    }
    if ((last & 0x80) != 0) {
      number.u8(0);
    }
    return new ByteWriter(6).u8(number.size()).bytes(number.toBytes()).toBytes();
  }
}
