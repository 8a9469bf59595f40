package org.adit.accounting.journal;

import java.util.Arrays;
import java.util.Objects;
import org.adit.hasher.CompactBits;
import org.adit.hasher.Hash256;
import org.adit.hasher.Sha256d;
import org.jspecify.annotations.Nullable;

/**
 * One credited share as the journal keeps it. The header is held by reference: whoever makes the
 * record gives the array away and does not change it afterwards.
 *
 * @param timeMillis when the share was accepted, milliseconds since the epoch; informative only, it
 *     never decides membership of a reward window
 * @param workerId id from the worker registry, at least 1
 * @param netBits compact network target of the share's job
 * @param work expected hashes of the assigned target, at most the network work; 0 for a marker
 * @param flags {@link #BLOCK}, {@link #MARKER}, {@link #GRACE}, {@link #DIGEST}; only the low 16
 *     bits exist
 * @param jobId id of the job the share answers
 * @param header80 the 80 header bytes as hashed; with {@link #DIGEST}, the header's hash (32, in
 *     wire order), the hash of the block before (32) and zeros
 */
@SuppressWarnings("ArrayRecordComponent") // Hot path: copying 80 bytes per accessor buys nothing.
public record ShareRecord(
    long timeMillis, int workerId, int netBits, long work, int flags, long jobId, byte[] header80) {

  /** The header meets the network target of its job. */
  public static final int BLOCK = 1;

  /** A block candidate that is no credited share (stale, duplicate, ...); its work is 0. */
  public static final int MARKER = 2;

  /** A share on a stale job, credited within the grace time. */
  public static final int GRACE = 4;

  /** Evidence is not kept: the header's hash stands for the header. */
  public static final int DIGEST = 8;

  private static final int KNOWN_FLAGS = BLOCK | MARKER | GRACE | DIGEST;
  private static final int PREVIOUS = 4;
  private static final int HASH_BYTES = 32;

  /** Length of a block header. */
  public static final int HEADER_BYTES = 80;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when a field is out of its range
   */
  public ShareRecord {
    Objects.requireNonNull(header80, "header80");
    if (header80.length != HEADER_BYTES) {
      throw new IllegalArgumentException(
          "header80 has " + header80.length + " bytes (expected: 80)");
    }
    if (workerId < 1) {
      throw new IllegalArgumentException("workerId " + workerId + " (expected: >= 1)");
    }
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw new IllegalArgumentException("flags " + flags + " (expected: a sum of 1, 2, 4 and 8)");
    }
    if (!CompactBits.isValidTarget(netBits)) {
      throw new IllegalArgumentException(
          "netBits " + CompactBits.format(netBits) + " is no network target");
    }
    boolean marker = (flags & MARKER) != 0;
    if (marker ? work != 0 : work < 1) {
      throw new IllegalArgumentException(
          "work " + work + (marker ? " (expected: 0 for a marker)" : " (expected: >= 1)"));
    }
  }

  /** Hash of the header. */
  public Hash256 hash() {
    return isDigest() ? Hash256.ofWire(header80, 0) : Sha256d.hashHeader(header80);
  }

  /** Hash of the block the header builds on. */
  public Hash256 previous() {
    return Hash256.ofWire(header80, isDigest() ? HASH_BYTES : PREVIOUS);
  }

  /** Whether only the header's hash is known. */
  public boolean isDigest() {
    return (flags & DIGEST) != 0;
  }

  /**
   * The same without its evidence: enough to know the share again, not to compute its hash. Block
   * candidates keep their header.
   */
  public ShareRecord digest() {
    if (endsWindow() || isDigest()) {
      return this;
    }
    byte[] kept = new byte[HEADER_BYTES];
    System.arraycopy(hash().toWire(), 0, kept, 0, HASH_BYTES);
    System.arraycopy(header80, PREVIOUS, kept, HASH_BYTES, HASH_BYTES);
    return new ShareRecord(timeMillis, workerId, netBits, work, flags | DIGEST, jobId, kept);
  }

  /** Whether the header meets the network target. */
  public boolean isBlock() {
    return (flags & BLOCK) != 0;
  }

  /** Whether this record stands for a block candidate only and earns nothing. */
  public boolean isMarker() {
    return (flags & MARKER) != 0;
  }

  /** Whether a reward window may end in front of this record. */
  public boolean endsWindow() {
    return (flags & (BLOCK | MARKER)) != 0;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ShareRecord s
        && timeMillis == s.timeMillis
        && workerId == s.workerId
        && netBits == s.netBits
        && work == s.work
        && flags == s.flags
        && jobId == s.jobId
        && Arrays.equals(header80, s.header80);
  }

  @Override
  public int hashCode() {
    return Objects.hash(timeMillis, workerId, netBits, work, flags, jobId)
        ^ Arrays.hashCode(header80);
  }

  @Override
  public String toString() {
    return "ShareRecord[time=%d worker=%d netBits=%08x work=%d flags=%d job=%d]"
        .formatted(timeMillis, workerId, netBits, work, flags, jobId);
  }
}
