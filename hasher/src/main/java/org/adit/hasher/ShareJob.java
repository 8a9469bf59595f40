package org.adit.hasher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What the hashes of all shares of a job have in common, prepared for {@link ShareBatchVerifier}:
 * the coinbase around the extranonce, the merkle branch and the header fields no miner changes.
 * Immutable and safe for threads; make one per job.
 */
public final class ShareJob {
  /** Longest coinbase accepted, in bytes; the largest that fits a block's legacy size. */
  public static final int MAX_COINBASE = 1_000_000;

  /** Longest extranonce (both parts): the scriptSig that holds it has at most 100 bytes. */
  public static final int MAX_EXTRANONCE = 100;

  static final int BLOCK_BYTES = 64;

  private static final VarHandle BE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] coinbase;
  private final int extranonceOffset;
  private final int extranonceSize;

  /** The coinbase with an extranonce of zeros and its padding, as SHA-256 reads it. */
  private final int[] coinbaseWords;

  /** The merkle branch, wire order, one entry after the other; and the same as words. */
  private final byte[] branch;

  private final int[] branchWords;

  /** A header of this job: version, merkle root, time and nonce are 0. */
  private final byte[] header;

  private final int[] headerWords;

  private ShareJob(byte[] coinbase, int offset, int size, MerkleBranch branch, byte[] header) {
    this.coinbase = coinbase;
    extranonceOffset = offset;
    extranonceSize = size;
    coinbaseWords = padded(coinbase);
    this.branch = new byte[branch.entries().size() * Hash256.BYTES];
    for (int i = 0; i < branch.entries().size(); i++) {
      branch.entries().get(i).copyTo(this.branch, i * Hash256.BYTES);
    }
    branchWords = words(this.branch);
    this.header = header;
    headerWords = words(header);
  }

  /**
   * Prepares a job.
   *
   * @param coinbaseBefore serialised coinbase without witness up to the extranonce ("coinb1")
   * @param extranonceSize bytes of the whole extranonce, the connection's part and the miner's, 1
   *     to {@value #MAX_EXTRANONCE}
   * @param coinbaseAfter the rest of the coinbase ("coinb2")
   * @param branch merkle branch of the coinbase
   * @param previous hash of the block before
   * @param bits network target in compact form
   * @throws IllegalArgumentException if a size is out of range
   */
  public static ShareJob of(
      byte[] coinbaseBefore,
      int extranonceSize,
      byte[] coinbaseAfter,
      MerkleBranch branch,
      Hash256 previous,
      int bits) {
    if (extranonceSize < 1 || extranonceSize > MAX_EXTRANONCE) {
      throw new IllegalArgumentException(
          "extranonceSize: " + extranonceSize + " bytes (expected: 1 to " + MAX_EXTRANONCE + ")");
    }
    long length = (long) coinbaseBefore.length + extranonceSize + coinbaseAfter.length;
    if (length > MAX_COINBASE) {
      throw new IllegalArgumentException(
          "coinbase: " + length + " bytes (expected: at most " + MAX_COINBASE + ")");
    }
    byte[] coinbase = Arrays.copyOf(coinbaseBefore, (int) length);
    System.arraycopy(
        coinbaseAfter, 0, coinbase, coinbaseBefore.length + extranonceSize, coinbaseAfter.length);
    byte[] header = new BlockHeader(0, previous, Hash256.ZERO, 0, bits, 0).toBytes();
    return new ShareJob(coinbase, coinbaseBefore.length, extranonceSize, branch, header);
  }

  /**
   * Prepares the job for one connection. Costs about as much as hashing the coinbase up to the
   * extranonce.
   *
   * @param extranoncePrefix the connection's part of the extranonce ("extranonce1"), shorter than
   *     the whole
   * @throws IllegalArgumentException if it leaves no byte for the miner
   */
  public ChannelJob forChannel(byte[] extranoncePrefix) {
    if (extranoncePrefix.length >= extranonceSize) {
      throw new IllegalArgumentException(
          "extranoncePrefix: "
              + extranoncePrefix.length
              + " bytes (expected: at most "
              + (extranonceSize - 1)
              + ", the whole extranonce has "
              + extranonceSize
              + ")");
    }
    return new ChannelJob(this, extranoncePrefix.clone());
  }

  byte[] coinbase() {
    return coinbase;
  }

  int extranonceOffset() {
    return extranonceOffset;
  }

  int extranonceSize() {
    return extranonceSize;
  }

  int[] coinbaseWords() {
    return coinbaseWords;
  }

  int coinbaseBlocks() {
    return coinbaseWords.length / Sha256.BLOCK_WORDS;
  }

  byte[] branch() {
    return branch;
  }

  int[] branchWords() {
    return branchWords;
  }

  int levels() {
    return branch.length / Hash256.BYTES;
  }

  byte[] header() {
    return header;
  }

  int[] headerWords() {
    return headerWords;
  }

  /** ORs a byte into words as SHA-256 reads them. */
  static void putByte(int[] words, int position, byte value) {
    words[position >> 2] |= (value & 0xff) << (24 - 8 * (position & 3));
  }

  private static int[] words(byte[] bytes) {
    int[] words = new int[bytes.length / Integer.BYTES];
    for (int i = 0; i < words.length; i++) {
      words[i] = (int) BE_INT.get(bytes, i * Integer.BYTES);
    }
    return words;
  }

  /** The message with the padding of FIPS 180-4, section 5.1.1. */
  private static int[] padded(byte[] message) {
    int blocks = (message.length + 1 + Long.BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES;
    byte[] padded = Arrays.copyOf(message, blocks * BLOCK_BYTES);
    padded[message.length] = (byte) 0x80;
    int[] words = words(padded);
    // Messages are far shorter than 2^32 bits, so the high word of the length stays 0.
    words[words.length - 1] = message.length * Byte.SIZE;
    return words;
  }
}
