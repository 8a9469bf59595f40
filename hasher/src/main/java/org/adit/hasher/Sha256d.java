package org.adit.hasher;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Double SHA-256, {@code SHA256(SHA256(data))}: Bitcoin's hash for transactions, merkle nodes and
 * headers.
 *
 * <p>Plain and correct, on the JDK's {@link MessageDigest}; for mining see {@link HeaderScanner}.
 * Safe for threads.
 */
public final class Sha256d {
  /**
   * Never fed, only cloned: that is cheaper than the provider lookup, and a clone belongs to its
   * caller.
   */
  private static final MessageDigest PRISTINE = lookUp();

  private Sha256d() {}

  /** Hashes the whole array; returns 32 new bytes in wire order. */
  public static byte[] hash(byte[] data) {
    MessageDigest digest = newDigest();
    return digest.digest(digest.digest(data));
  }

  /** Hashes the whole array. */
  public static Hash256 hash256(byte[] data) {
    return Hash256.ofWire(hash(data));
  }

  /** Hashes two hashes put together: one step of a merkle tree. */
  public static Hash256 hashPair(Hash256 left, Hash256 right) {
    byte[] pair = new byte[2 * Hash256.BYTES];
    left.copyTo(pair, 0);
    right.copyTo(pair, Hash256.BYTES);
    return hash256(pair);
  }

  /**
   * Hashes a serialised block header.
   *
   * @throws IllegalArgumentException unless it has exactly 80 bytes
   */
  public static Hash256 hashHeader(byte[] header80) {
    BlockHeader.checkLength(header80);
    return hash256(header80);
  }

  /** Returns a fresh SHA-256 digest. */
  static MessageDigest newDigest() {
    return clone(PRISTINE);
  }

  /** Returns an independent digest in the same state. */
  static MessageDigest clone(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(
          "SHA-256 of provider " + digest.getProvider() + " cannot be cloned", e);
    }
  }

  /** Finishes the inner hash, then the outer one, into {@code out}; the digest is reset. */
  static void finishDouble(MessageDigest digest, byte[] out) {
    try {
      digest.digest(out, 0, Hash256.BYTES);
      digest.update(out, 0, Hash256.BYTES);
      digest.digest(out, 0, Hash256.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 needs more than 32 bytes of output", e);
    }
  }

  private static MessageDigest lookUp() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      // Every Java platform must provide it (see the class comment of MessageDigest).
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }
}
