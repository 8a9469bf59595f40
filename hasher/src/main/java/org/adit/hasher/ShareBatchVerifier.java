package org.adit.hasher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Computes the hashes of submitted shares, many side by side where that pays. It hashes and no
 * more: whether the share is a duplicate, stale or good enough is the caller's to decide, cheap
 * checks first.
 *
 * <p>Use: {@link #clear}, {@link #add} up to {@link #capacity} shares, {@link #verify}, then read
 * the results by the number {@code add} returned. Shares of any jobs and connections may be mixed;
 * shares of one job are the fastest. After construction nothing is allocated.
 *
 * <p>Not safe for threads: one verifier per event loop.
 */
public final class ShareBatchVerifier {
  /** Largest capacity. */
  public static final int MAX_CAPACITY = 4_096;

  private static final VarHandle LE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final ShareLanesSource lanesSource;
  private final SingleShareHasher single = new SingleShareHasher();
  private final @Nullable ChannelJob[] jobs;
  private final byte[] extranonces;
  private final int[] versions;
  private final int[] times;
  private final int[] nonces;
  private final byte[] hashes;
  private final byte[] headers;
  private final boolean[] done;
  private final int[] chunk = new int[VectorKernel.MAX_LANES];
  private int size;
  private int verified;
  private @Nullable ShareLanes lanes;

  /** Gives the lanes to use once there are some worth using. */
  @FunctionalInterface
  interface ShareLanesSource {
    /** Returns lanes for the caller's own use, or null as long as single hashing is faster. */
    @Nullable ShareLanes get();
  }

  /**
   * Makes a verifier on the best engine here, which is single hashing by {@code MessageDigest}
   * until the vectors are warm.
   *
   * @param capacity most shares of a batch, 1 to {@value #MAX_CAPACITY}
   */
  public ShareBatchVerifier(int capacity) {
    this(capacity, VerifierChoice::lanes);
  }

  ShareBatchVerifier(int capacity, ShareLanesSource lanesSource) {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "capacity: " + capacity + " shares (expected: 1 to " + MAX_CAPACITY + ")");
    }
    this.lanesSource = lanesSource;
    jobs = new @Nullable ChannelJob[capacity];
    extranonces = new byte[capacity * ShareJob.MAX_EXTRANONCE];
    versions = new int[capacity];
    times = new int[capacity];
    nonces = new int[capacity];
    hashes = new byte[capacity * Hash256.BYTES];
    headers = new byte[capacity * BlockHeader.BYTES];
    done = new boolean[capacity];
  }

  /** Most shares of a batch. */
  public int capacity() {
    return jobs.length;
  }

  /** Shares added since {@link #clear}. */
  public int size() {
    return size;
  }

  /** Begins a new batch; results of the last one are gone. */
  public void clear() {
    Arrays.fill(jobs, 0, size, null);
    size = 0;
    verified = 0;
  }

  /**
   * Adds a share.
   *
   * @param job the job as its connection got it
   * @param extranonce2 holds the miner's part of the extranonce, {@link ChannelJob#extranonce2Size}
   *     bytes; copied
   * @param offset where they begin
   * @param version all 32 bits of the header's version field
   * @param time the header's time
   * @param nonce the header's nonce
   * @return the number to ask for results with: 0, 1, 2, ...
   * @throws IllegalStateException if the batch is full
   * @throws IndexOutOfBoundsException if {@code extranonce2} is too short
   */
  public int add(ChannelJob job, byte[] extranonce2, int offset, int version, int time, int nonce) {
    if (size == jobs.length) {
      throw new IllegalStateException(
          "batch is full with " + size + " shares (expected: verify and clear before)");
    }
    int length = job.extranonce2Size();
    Objects.checkFromIndexSize(offset, length, extranonce2.length);
    System.arraycopy(extranonce2, offset, extranonces, size * ShareJob.MAX_EXTRANONCE, length);
    jobs[size] = job;
    versions[size] = version;
    times[size] = time;
    nonces[size] = nonce;
    done[size] = false;
    return size++;
  }

  /** Hashes all shares added since the last call. */
  public void verify() {
    if (lanes == null) {
      lanes = lanesSource.get();
    }
    ShareLanes vector = lanes;
    for (int i = verified; i < size; i++) {
      if (done[i]) {
        continue;
      }
      int alike = vector == null ? 1 : gather(i, vector.lanes());
      if (vector != null && alike >= vector.threshold()) {
        vector.hash(this, chunk, alike);
        for (int lane = 0; lane < alike; lane++) {
          done[chunk[lane]] = true;
        }
      } else {
        single.hash(this, i);
        done[i] = true;
      }
    }
    verified = size;
  }

  /** Hashes the whole batch again, for measurements. */
  void reverify() {
    Arrays.fill(done, 0, size, false);
    verified = 0;
    verify();
  }

  /**
   * Copies the hash of a share, 32 bytes in wire order.
   *
   * @throws IllegalArgumentException unless the share has been verified
   */
  public void copyHash(int share, byte[] destination, int offset) {
    check(share);
    System.arraycopy(hashes, share * Hash256.BYTES, destination, offset, Hash256.BYTES);
  }

  /** Returns the hash of a share; allocates it. */
  public Hash256 hash(int share) {
    check(share);
    return Hash256.ofWire(hashes, share * Hash256.BYTES);
  }

  /** Whether the hash of a share is at most the target; allocates nothing. */
  public boolean meets(int share, Target target) {
    check(share);
    return target.isMetBy(hashes, share * Hash256.BYTES);
  }

  /** Copies the 80 bytes of a share's header. */
  public void copyHeader(int share, byte[] destination, int offset) {
    check(share);
    System.arraycopy(headers, share * BlockHeader.BYTES, destination, offset, BlockHeader.BYTES);
  }

  /**
   * Collects shares that go through the same steps as {@code first}: as many coinbase blocks left,
   * as many branch levels.
   */
  private int gather(int first, int most) {
    ChannelJob model = job(first);
    int found = 0;
    for (int i = first; i < size && found < most; i++) {
      if (!done[i] && (job(i).equals(model) || sameSteps(job(i), model))) {
        chunk[found++] = i;
      }
    }
    return found;
  }

  private static boolean sameSteps(ChannelJob a, ChannelJob b) {
    return a.job().levels() == b.job().levels()
        && a.job().coinbaseBlocks() - a.firstBlock() == b.job().coinbaseBlocks() - b.firstBlock();
  }

  private void check(int share) {
    if (share < 0 || share >= verified) {
      throw new IllegalArgumentException(
          "share: " + share + " (expected: 0 to " + (verified - 1) + ", the shares verified)");
    }
  }

  /** Whether lanes have been taken up; small batches are hashed one by one even then. */
  boolean usesLanes() {
    return lanes != null;
  }

  // For the hashers.

  ChannelJob job(int share) {
    return Objects.requireNonNull(jobs[share]);
  }

  byte[] extranonces() {
    return extranonces;
  }

  int version(int share) {
    return versions[share];
  }

  int time(int share) {
    return times[share];
  }

  int nonce(int share) {
    return nonces[share];
  }

  byte[] hashes() {
    return hashes;
  }

  byte[] headers() {
    return headers;
  }

  /** Puts the header of a share together, all but its merkle root. */
  void assembleHeader(int share) {
    int at = share * BlockHeader.BYTES;
    System.arraycopy(job(share).job().header(), 0, headers, at, BlockHeader.BYTES);
    LE_INT.set(headers, at, versions[share]);
    LE_INT.set(headers, at + 68, times[share]);
    LE_INT.set(headers, at + 76, nonces[share]);
  }
}
