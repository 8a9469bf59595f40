package org.adit.accounting.proof;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.adit.accounting.scheme.Amounts;
import org.jspecify.annotations.Nullable;

/**
 * A node of a Merkle sum tree: a hash that commits to a weight and an amount.
 *
 * <p>Both children's weight and amount go into a parent's hash. Committing to their sum only would
 * let a pool under-count one child and over-count the other.
 *
 * @param hash 32 bytes, SHA-256
 * @param weight 0 to 2^127-1
 * @param amountSat 0 to 21 million bitcoin
 */
@SuppressWarnings("ArrayRecordComponent") // Copied on the way in and out.
public record SumNode(byte[] hash, BigInteger weight, long amountSat) {
  private static final int HASH_BYTES = 32;
  private static final int WEIGHT_BYTES = 16;
  private static final int MAX_WEIGHT_BITS = 127;
  private static final int NONCE_BYTES = 16;
  private static final int MAX_ACCOUNT_BYTES = 255;
  private static final byte LEAF = 0;
  private static final byte PARENT = 1;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when one is out of range; a proof with such a node is forged
   */
  public SumNode {
    if (hash.length != HASH_BYTES) {
      throw new IllegalArgumentException("hash has " + hash.length + " bytes (expected: 32)");
    }
    if (weight.signum() < 0 || weight.bitLength() > MAX_WEIGHT_BITS) {
      throw new IllegalArgumentException("weight " + weight + " (expected: 0 to 2^127-1)");
    }
    if (amountSat < 0 || amountSat > Amounts.MAX_SAT) {
      throw new IllegalArgumentException(
          "amount " + amountSat + " (expected: 0 to 2100000000000000)");
    }
    hash = hash.clone();
  }

  @Override
  public byte[] hash() {
    return hash.clone();
  }

  /** The hash in hexadecimal. */
  public String hashHex() {
    return HexFormat.of().formatHex(hash);
  }

  /**
   * An account's leaf: {@code SHA256(0x00 || len(account) || account || nonce || weight ||
   * amount)}, weight in 16 and amount in 8 big-endian bytes.
   *
   * @param account 1 to 255 bytes of UTF-8
   * @param nonce 16 random bytes, told to the account only, so that others cannot guess the leaf
   */
  public static SumNode leaf(String account, byte[] nonce, BigInteger weight, long amountSat) {
    byte[] name = account.getBytes(StandardCharsets.UTF_8);
    if (name.length < 1 || name.length > MAX_ACCOUNT_BYTES || nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException(
          "account of "
              + name.length
              + " bytes, nonce of "
              + nonce.length
              + " (expected: 1 to 255, and 16)");
    }
    SumNode sums = new SumNode(new byte[HASH_BYTES], weight, amountSat);
    MessageDigest digest = sha256();
    digest.update(LEAF);
    digest.update((byte) name.length);
    digest.update(name);
    digest.update(nonce);
    digest.update(sums.sumBytes());
    return new SumNode(digest.digest(), weight, amountSat);
  }

  /** The parent of two nodes: {@code SHA256(0x01 || hL || wL || sL || hR || wR || sR)}. */
  public static SumNode parent(SumNode left, SumNode right) {
    MessageDigest digest = sha256();
    digest.update(PARENT);
    digest.update(left.hash);
    digest.update(left.sumBytes());
    digest.update(right.hash);
    digest.update(right.sumBytes());
    return new SumNode(
        digest.digest(),
        left.weight.add(right.weight),
        Math.addExact(left.amountSat, right.amountSat));
  }

  private byte[] sumBytes() {
    byte[] bytes = new byte[WEIGHT_BYTES + Long.BYTES];
    byte[] w = weight.toByteArray();
    System.arraycopy(w, 0, bytes, WEIGHT_BYTES - w.length, w.length);
    byte[] s = BigInteger.valueOf(amountSat).toByteArray();
    System.arraycopy(s, 0, bytes, bytes.length - s.length, s.length);
    return bytes;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SumNode n
        && Arrays.equals(hash, n.hash)
        && weight.equals(n.weight)
        && amountSat == n.amountSat;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hash);
  }

  @Override
  public String toString() {
    return hashHex() + " weight " + weight + " amount " + amountSat;
  }
}
