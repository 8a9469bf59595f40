package org.adit.pool.bitcoind;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Hash256;
import org.adit.hasher.Sha256d;
import org.adit.hasher.Target;

/**
 * A block with nothing but a coinbase, built by the rules unless a test breaks one on purpose. For
 * regtest's target.
 */
final class TestBlock {
  Hash256 previous;
  Hash256 merkleRoot = Hash256.ZERO;
  boolean merkleRootWrong;
  boolean workMissing;
  int version;
  long time;
  int bits;
  int coinbaseHeight;
  long valueSat;
  int salt;
  int extraBytes = 4;
  int lockTime;
  int sequence = -1;

  /** What a pool would build on this template; different salts give different blocks. */
  static TestBlock on(BlockTemplate template, int salt) {
    TestBlock block = new TestBlock(template.previousBlock());
    block.version = template.version();
    block.time = template.curTime();
    block.bits = template.bits();
    block.coinbaseHeight = template.height();
    block.valueSat = template.coinbaseValueSat();
    block.salt = salt;
    return block;
  }

  private TestBlock(Hash256 previous) {
    this.previous = previous;
  }

  byte[] build() {
    byte[] coinbase = coinbase();
    merkleRoot = merkleRootWrong ? Sha256d.hash256(new byte[] {1}) : Sha256d.hash256(coinbase);
    BlockHeader header = header();
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(header.toBytes());
    block.write(1);
    block.writeBytes(coinbase);
    return block.toByteArray();
  }

  static Hash256 hashOf(byte[] block) {
    return BlockHeader.parse(Arrays.copyOf(block, BlockHeader.BYTES)).hash();
  }

  private BlockHeader header() {
    Target target = Target.ofCompact(0x207fffff);
    for (int nonce = 0; nonce < 1_000; nonce++) {
      BlockHeader header = new BlockHeader(version, previous, merkleRoot, (int) time, bits, nonce);
      if (target.isMetBy(header.hash()) != workMissing) {
        return header;
      }
    }
    throw new AssertionError("on regtest every second hash is a block");
  }

  private byte[] coinbase() {
    byte[] script = script();
    ByteBuffer tx = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    tx.putInt(2).put((byte) 1).put(new byte[32]).putInt(-1);
    tx.put((byte) script.length).put(script).putInt(sequence);
    tx.put((byte) 1).putLong(valueSat).put((byte) 1).put((byte) 0x51);
    tx.putInt(lockTime);
    return Arrays.copyOf(tx.array(), tx.position());
  }

  /** BIP 34: the height as a minimal script number; up to 16 that is one opcode. */
  private byte[] script() {
    ByteBuffer script = ByteBuffer.allocate(120).order(ByteOrder.LITTLE_ENDIAN);
    if (coinbaseHeight <= 16) {
      script.put((byte) (0x50 + coinbaseHeight));
    } else if (coinbaseHeight < 128) {
      script.put((byte) 1).put((byte) coinbaseHeight);
    } else {
      script.put((byte) 2).putShort((short) coinbaseHeight);
    }
    if (extraBytes >= 4) {
      script.put((byte) extraBytes).putInt(salt).put(new byte[extraBytes - 4]);
    }
    return Arrays.copyOf(script.array(), script.position());
  }
}
