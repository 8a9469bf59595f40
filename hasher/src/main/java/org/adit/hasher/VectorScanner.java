package org.adit.hasher;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Scans by a {@link VectorKernel}. With 16 versions per nonce the lanes are versions, which share
 * one message schedule; otherwise, or when told so, the lanes are nonces.
 *
 * <p>The kernels filter by bits of the last hash word only; what passes is hashed again on the
 * CPU's scalar side and compared in full.
 */
final class VectorScanner implements HeaderScanner {
  private final VectorKernel kernel;
  private final boolean versionLanes;
  private final int lanes;
  private final int[] schedules;
  private final int[] scratch;
  private final int[] table = new int[Sha256.ROUNDS * VectorKernel.COLUMNS];
  private final int[] parts;
  private final ScanJob scanJob;
  private final CandidateCheck candidates = new CandidateCheck();

  /** One block per group of lanes (versions) or per version (nonces). */
  private int[] job = new int[0];

  private int mask;
  private @Nullable ScanWork work;

  VectorScanner(VectorKernel kernel, boolean versionLanes) {
    this.kernel = kernel;
    this.versionLanes = versionLanes;
    lanes = kernel.lanes();
    schedules = new int[VectorKernel.STREAMS * VectorKernel.SCHEDULE_VECTORS * lanes];
    scratch = kernel.newScratch();
    parts = new int[3 * lanes];
    scanJob = new ScanJob(lanes);
  }

  @Override
  public void prepare(byte[] header80, int versionMask, Target target) {
    ScanWork next = new ScanWork(header80, versionMask, target);
    mask = filterMask(target);
    if (lanesAreVersions(next)) {
      prepareVersions(next);
    } else {
      prepareNonces(next);
    }
    candidates.prepare(next);
    work = next;
  }

  @Override
  public int versionsPerNonce() {
    return prepared().versionCount();
  }

  @Override
  public ScanResult scan(int fromNonce, long count, HitSink sink, BooleanSupplier stop) {
    ScanWork current = prepared();
    ScanWork.checkCount(count);
    boolean byVersions = lanesAreVersions(current);
    int step = byVersions ? VectorKernel.COLUMNS : VectorKernel.STREAMS * lanes;
    long done = 0;
    while (done < count && !stop.getAsBoolean()) {
      int chunk = (int) Math.min(step, count - done);
      if (byVersions) {
        scanVersions(fromNonce + (int) done, chunk, sink);
      } else {
        scanNonces(current, fromNonce + (int) done, chunk, sink);
      }
      done += chunk;
    }
    return new ScanResult(done * current.versionCount(), fromNonce + (int) done);
  }

  /**
   * Bits of the last hash word that are 0 in every hash that meets the target: as many as the
   * target has leading zero bits, at most 32. The last word ends with the number's first byte.
   */
  static int filterMask(Target target) {
    int zeros = Integer.numberOfLeadingZeros(target.topWord());
    int top = zeros == 0 ? 0 : -1 << (Integer.SIZE - zeros);
    return Integer.reverseBytes(top);
  }

  private boolean lanesAreVersions(ScanWork current) {
    return versionLanes && current.versionCount() == MAX_VERSIONS;
  }

  private int blockSize() {
    return VectorKernel.JOB_VECTORS * lanes;
  }

  // Lanes are versions.

  private void prepareVersions(ScanWork next) {
    job = new int[MAX_VERSIONS * VectorKernel.JOB_VECTORS];
    for (int v = 0; v < MAX_VERSIONS; v++) {
      scanJob.fillLane(next, next.version(v), job, v / lanes * blockSize(), v % lanes);
    }
    fillSchedule(0);
  }

  /** Tries up to 16 nonces. A schedule is made for whole vectors of nonces, idle ones included. */
  private void scanVersions(int nonce, int count, HitSink sink) {
    for (int column = 0; column < count; column += lanes) {
      setNonces(0, nonce + column);
      kernel.broadcastTable(schedules, table, column);
    }
    int groups = MAX_VERSIONS / lanes;
    if (groups == 1) {
      // The two streams are two nonces; an odd last one is hashed twice and read once.
      for (int i = 0; i < count; i += VectorKernel.STREAMS) {
        int other = Math.min(i + 1, count - 1);
        long found = kernel.versionsPass(job, 0, 0, table, i, other, scratch, mask);
        checkVersions(found & laneBits(), 0, nonce + i, sink);
        if (other != i) {
          checkVersions(found >>> lanes, 0, nonce + other, sink);
        }
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      for (int group = 0; group < groups; group += VectorKernel.STREAMS) {
        int block = group * blockSize();
        long found =
            kernel.versionsPass(job, block, block + blockSize(), table, i, i, scratch, mask);
        checkVersions(found, group * lanes, nonce + i, sink);
      }
    }
  }

  private void checkVersions(long found, int firstVersion, int nonce, HitSink sink) {
    for (long left = found; left != 0; left &= left - 1) {
      candidates.check(firstVersion + Long.numberOfTrailingZeros(left), nonce, sink);
    }
  }

  // Lanes are nonces.

  private void prepareNonces(ScanWork next) {
    job = new int[next.versionCount() * blockSize()];
    for (int v = 0; v < next.versionCount(); v++) {
      for (int lane = 0; lane < lanes; lane++) {
        scanJob.fillLane(next, next.version(v), job, v * blockSize(), lane);
      }
    }
    for (int stream = 0; stream < VectorKernel.STREAMS; stream++) {
      fillSchedule(stream);
    }
    int[] sums = scanJob.parts();
    for (int i = 0; i < sums.length; i++) {
      kernel.fill(parts, i, sums[i]);
    }
  }

  /** Tries up to two vectors of nonces with each version. */
  private void scanNonces(ScanWork current, int nonce, int count, HitSink sink) {
    for (int stream = 0; stream < VectorKernel.STREAMS; stream++) {
      setNonces(stream, nonce + stream * lanes);
    }
    for (int v = 0; v < current.versionCount(); v++) {
      long found = kernel.noncesPass(job, v * blockSize(), schedules, parts, scratch, mask);
      // Lanes past the end of the range were hashed for nothing.
      found &= count == Long.SIZE ? -1 : (1L << count) - 1;
      for (long left = found; left != 0; left &= left - 1) {
        candidates.check(v, nonce + Long.numberOfTrailingZeros(left), sink);
      }
    }
  }

  // Both.

  private void fillSchedule(int stream) {
    int[] tail = scanJob.tail();
    for (int word = 0; word < 18; word++) {
      kernel.fill(schedules, stream * VectorKernel.SCHEDULE_VECTORS + word, tail[word]);
    }
  }

  private void setNonces(int stream, int firstNonce) {
    int at = (stream * VectorKernel.SCHEDULE_VECTORS + 3) * lanes;
    for (int lane = 0; lane < lanes; lane++) {
      schedules[at + lane] = Integer.reverseBytes(firstNonce + lane);
    }
  }

  private long laneBits() {
    return (1L << lanes) - 1;
  }

  private ScanWork prepared() {
    if (work == null) {
      throw new IllegalStateException("nothing to scan (expected: prepare was called)");
    }
    return work;
  }
}
