package org.adit.hasher;

import java.util.function.BooleanSupplier;

/**
 * Searches nonces for headers whose hash meets a target: the inner loop of a CPU miner.
 *
 * <p><strong>Which headers are tried.</strong> For each nonce of the range, {@link
 * #versionsPerNonce} headers that differ in version bits only: {@code header.version XOR
 * Integer.expand(i, versionMask)} for {@code i} from 0 to at most 15, that is, the lowest four bits
 * of the mask are rolled and the first variant is the header as given. A mask of four bits or more
 * gives 16 versions, k bits give 2^k, mask 0 the header alone. All engines try exactly the same
 * headers, so that a search begun by one may be continued by another. When all nonces are spent,
 * change the other bits of the mask, the time or the extranonce.
 *
 * <p>Not safe for threads: one scanner per thread, from {@link HashEngine#newScanner}.
 */
public interface HeaderScanner {
  /** Most versions tried per nonce. */
  int MAX_VERSIONS = 16;

  /** All nonces there are: 2^32. */
  long ALL_NONCES = 1L << 32;

  /**
   * Sets the work. May be called again at any time outside {@link #scan}; the array is copied.
   *
   * @param header80 serialised header; its nonce is ignored
   * @param versionMask version bits that may be rolled, as negotiated by BIP 310; 0 for none
   * @param target every hash at most this is a hit
   * @throws IllegalArgumentException unless the header has 80 bytes
   */
  void prepare(byte[] header80, int versionMask, Target target);

  /** Headers tried per nonce of the prepared work: 1, 2, 4, 8 or 16. */
  int versionsPerNonce();

  /**
   * Tries the unsigned nonces {@code fromNonce, fromNonce + 1, ...}, {@code count} of them,
   * wrapping from 2^32-1 to 0. Reports each hit exactly once, in no promised order.
   *
   * @param count 0 to 2^32
   * @param sink told of each hit, on this thread; the scan goes on when it returns
   * @param stop polled at least every 50 ms; once true the scan ends early, after whole nonces
   * @return how far the scan came
   * @throws IllegalArgumentException if the count is outside its range
   * @throws IllegalStateException before {@link #prepare}
   */
  ScanResult scan(int fromNonce, long count, HitSink sink, BooleanSupplier stop);

  /** Receives headers that meet the target. */
  @FunctionalInterface
  interface HitSink {
    /**
     * The prepared header with this version and nonce meets the target.
     *
     * @param version all 32 bits of the version field
     * @param nonce unsigned
     */
    void hit(int version, int nonce);
  }
}
