package org.adit.hasher;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings a kernel's verifying side up to speed, checks it, and finds from how many shares on it
 * pays.
 */
final class VerifierWarmUp {
  private static final Logger LOG = System.getLogger(HashEngines.class.getName());

  /** A usual share: coinbase of 250 bytes, a block of some thousand transactions. */
  private static final int COINBASE_BEFORE = 60;

  private static final int COINBASE_AFTER = 178;
  private static final int LEVELS = 12;
  private static final int EXTRANONCE = 12;

  private static final long SLICE_NANOS = 100_000_000;
  private static final long GIVE_UP_NANOS = 20_000_000_000L;
  private static final int SETTLED_SLICES = 3;

  private VerifierWarmUp() {}

  private static final AtomicBoolean STARTED = new AtomicBoolean();

  /**
   * Warms the widest vectors among the engines on a thread of its own, unless that was begun.
   *
   * @return the thread, if one was started
   */
  static Optional<Thread> start(List<HashEngine> engines) {
    Optional<VectorEngine> widest =
        engines.stream()
            .filter(VectorEngine.class::isInstance)
            .map(VectorEngine.class::cast)
            .findFirst();
    return widest
        .filter(engine -> !STARTED.get())
        .map(engine ->
            Thread.ofPlatform()
                .daemon()
                .name("adit-verifier-warm-up")
                .start(() -> run(engine.kernel())));
  }

  /**
   * Warms the kernel and, if it is right and pays, lets verifiers use it. Does so once per process:
   * a second caller returns at once.
   */
  static void run(VectorKernel kernel) {
    if (!STARTED.compareAndSet(false, true)) {
      return;
    }
    ShareBatchVerifier lanes =
        new ShareBatchVerifier(kernel.lanes(), () -> new ShareLanes(kernel, 1));
    ShareBatchVerifier single = new ShareBatchVerifier(kernel.lanes(), () -> null);
    fill(lanes);
    fill(single);
    double singleNanos = settledNanos(single, Double.MAX_VALUE);
    double batchNanos = settledNanos(lanes, kernel.lanes() * singleNanos);
    lanes.verify();
    for (int i = 0; i < kernel.lanes(); i++) {
      if (!lanes.hash(i).equals(single.hash(i))) {
        LOG.log(
            Level.ERROR,
            "share verification in {0} lanes is disabled: WRONG RESULT in its self-test",
            kernel.lanes());
        return;
      }
    }
    double perShare = singleNanos / kernel.lanes();
    int fewest = (int) Math.ceil(batchNanos / perShare);
    LOG.log(
        Level.INFO,
        () ->
            "share verification: %.2f us one by one, %.2f us for %d in lanes, used from %d shares on"
                .formatted(perShare / 1e3, batchNanos / 1e3, kernel.lanes(), fewest));
    if (fewest <= kernel.lanes()) {
      VerifierChoice.use(kernel, Math.max(2, fewest));
    }
  }

  /** Time of a batch once it shrinks no more; gives up when it stays above {@code hopeless}. */
  private static double settledNanos(ShareBatchVerifier batch, double hopeless) {
    long start = CpuClock.nanos();
    double best = Double.MAX_VALUE;
    int withoutRecord = 0;
    while (CpuClock.nanos() - start < GIVE_UP_NANOS) {
      double nanos = nanosPerBatch(batch);
      withoutRecord = nanos < best * 0.98 ? 0 : withoutRecord + 1;
      best = Math.min(best, nanos);
      if (withoutRecord >= SETTLED_SLICES && best < hopeless) {
        break;
      }
    }
    return best;
  }

  private static double nanosPerBatch(ShareBatchVerifier batch) {
    long start = CpuClock.nanos();
    int batches = 0;
    long taken;
    do {
      batch.reverify();
      batches++;
      taken = CpuClock.nanos() - start;
    } while (taken < SLICE_NANOS);
    return (double) taken / batches;
  }

  private static void fill(ShareBatchVerifier verifier) {
    SplittableRandom random = new SplittableRandom(7);
    byte[] before = new byte[COINBASE_BEFORE];
    byte[] after = new byte[COINBASE_AFTER];
    byte[] prefix = new byte[4];
    byte[] extranonce2 = new byte[EXTRANONCE - prefix.length];
    random.nextBytes(before);
    random.nextBytes(after);
    List<Hash256> branch = new ArrayList<>();
    for (int i = 0; i < LEVELS; i++) {
      byte[] entry = new byte[Hash256.BYTES];
      random.nextBytes(entry);
      branch.add(Hash256.ofWire(entry));
    }
    ShareJob job =
        ShareJob.of(
            before, EXTRANONCE, after, MerkleBranch.of(branch), branch.getFirst(), 0x1d00ffff);
    for (int i = 0; i < verifier.capacity(); i++) {
      random.nextBytes(prefix);
      random.nextBytes(extranonce2);
      ChannelJob channel = job.forChannel(prefix);
      verifier.add(channel, extranonce2, 0, random.nextInt(), random.nextInt(), random.nextInt());
    }
  }
}
