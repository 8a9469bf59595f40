package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The cliff: one vector operation that C2 does not turn into an instruction allocates an object
 * each time and costs a factor of a hundred. So, untimed: once warm, nothing is allocated.
 */
class HotPathTest {
  private static final long GIVE_UP_NANOS = 60_000_000_000L;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void scanningWithRolledVersionsAllocatesNothing() {
    scansWithoutAllocating("vector-versions", 0x1fffe000);
  }

  @Test
  void scanningNoncesAllocatesNothing() {
    scansWithoutAllocating("vector-nonces", 0);
  }

  @Test
  void verifyingOneByOneAllocatesNothing() {
    verifiesWithoutAllocating(new ShareBatchVerifier(16, () -> null));
  }

  @Test
  void verifyingInLanesAllocatesNothing() {
    Assumptions.assumeTrue(VectorKernels.isModulePresent());
    VectorKernel kernel = ((VectorEngine) HashEngines.named("vector-versions")).kernel();
    verifiesWithoutAllocating(new ShareBatchVerifier(16, () -> new ShareLanes(kernel, 1)));
  }

  private static void scansWithoutAllocating(String engine, int mask) {
    Assumptions.assumeTrue(VectorKernels.isModulePresent());
    HeaderScanner scanner = HashEngines.named(engine).newScanner();
    scanner.prepare(new byte[80], mask, Difficulty.of(1_000_000).target());
    // A scan result is the one object of a scan: far less than a byte per hash.
    settlesBelow(
        1_000,
        () -> scanner.scan(0, (1L << 18) / scanner.versionsPerNonce(), (v, n) -> {}, () -> false));
  }

  private static void verifiesWithoutAllocating(ShareBatchVerifier verifier) {
    ShareJob job =
        ShareJob.of(
            new byte[60],
            12,
            new byte[178],
            MerkleBranch.of(List.of(Hash256.ZERO, Hash256.ZERO)),
            Hash256.ZERO,
            0x1d00ffff);
    ChannelJob channel = job.forChannel(new byte[4]);
    byte[] extranonce2 = new byte[8];
    Runnable batches =
        () -> {
          for (int round = 0; round < 500; round++) {
            verifier.clear();
            for (int i = 0; i < verifier.capacity(); i++) {
              verifier.add(channel, extranonce2, 0, i, round, i);
            }
            verifier.verify();
          }
        };
    settlesBelow(1_000, batches);
  }

  /** Runs the work until a run allocates less than that; fails when it never does. */
  private static void settlesBelow(long bytes, Runnable work) {
    long start = CpuClock.nanos();
    long allocated;
    do {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      work.run();
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    } while (allocated >= bytes && CpuClock.nanos() - start < GIVE_UP_NANOS);
    assertThat(allocated).isLessThan(bytes);
  }
}
