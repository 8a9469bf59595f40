package org.adit.pool;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.adit.hasher.BlockHeader;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.work.CoinbaseClass;
import org.adit.pool.work.CoinbaseParts;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the node look at our own assembled block, with our own coinbase, once for each template and
 * each class of devices that mines it, and behind the miners' backs: jobs never wait for it. When
 * the node would refuse the block, the work is withdrawn and the last good one of the same tip goes
 * out again (Stratum V1 specification 6.7).
 */
final class TemplateGuard implements AutoCloseable {
  /** Asks the node. */
  @FunctionalInterface
  interface Judge {
    /** The node's word against a block; empty when it has none. */
    Optional<String> refusal(byte[] block) throws NodeException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(TemplateGuard.class);

  // Jobs are made by the event loops as they send; a pool without miners has none to look at.
  private static final long JOBS_MADE_MILLIS = 200;

  private final Judge judge;
  private final JobBook jobs;
  private final Consumer<Optional<Work>> onRefusal;
  private final AtomicReference<Work> newest = new AtomicReference<>();
  private final AtomicReference<BlockTemplate> trial = new AtomicReference<>();
  private volatile @Nullable Refusal blocked;
  private final Set<CoinbaseClass> seen = EnumSet.noneOf(CoinbaseClass.class);
  private @Nullable BlockTemplate seenOf;
  private final AtomicLong checked = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("template-guard").factory());

  /**
   * @param onRefusal given the work to send in place of what the node refuses; empty when there is
   *     nothing true to mine
   */
  TemplateGuard(Judge judge, JobBook jobs, Consumer<Optional<Work>> onRefusal) {
    this.judge = judge;
    this.jobs = jobs;
    this.onRefusal = onRefusal;
  }

  /**
   * No template is known whose block the node would take.
   *
   * @param word the node's word against the last one
   * @param account whom the refused block would have paid
   * @param layout the class its coinbase was made for
   */
  record Refusal(String word, String account, CoinbaseClass layout) {}

  /** Why nothing of ours may be mined now; null when the node takes our blocks. */
  @Nullable String blocked() {
    Refusal refusal = blocked;
    return refusal == null ? null : "the node would refuse our blocks: " + refusal.word();
  }

  /**
   * While {@link #blocked()}, has the node look at a template's block before any miner gets it.
   *
   * @param onGood run when the node takes it and nothing is blocked any more
   */
  void tryOut(BlockTemplate template, Runnable onGood) {
    if (trial.getAndSet(template) == null && !thread.isShutdown()) {
      thread.execute(() -> {
        BlockTemplate latest = trial.getAndSet(null);
        if (latest != null && isGood(latest)) {
          onGood.run();
        }
      });
    }
  }

  private boolean isGood(BlockTemplate template) {
    Refusal before = blocked;
    if (before == null) {
      return true;
    }
    try {
      Optional<String> word =
          judge.refusal(block(jobs.trial(template, before.account(), before.layout())));
      checked.incrementAndGet();
      if (word.isPresent()) {
        refused.incrementAndGet();
        blocked = new Refusal(word.get(), before.account(), before.layout());
        return false;
      }
      LOG.info("the node takes our block at height {} again", template.height());
      blocked = null;
      return true;
    } catch (NodeException | RuntimeException e) {
      LOG.warn("the node did not look at our block; nothing is mined yet", e);
      return false;
    }
  }

  /** Looks at new work soon; only the newest is looked at when they come fast. */
  void look(Work work) {
    if (newest.getAndSet(work) == null && !thread.isShutdown()) {
      thread.execute(this::run);
    }
  }

  /** Blocks the node has looked at. */
  long checked() {
    return checked.get();
  }

  /** Blocks the node would have refused. */
  long refused() {
    return refused.get();
  }

  private void run() {
    try {
      Thread.sleep(JOBS_MADE_MILLIS);
      Work work = newest.getAndSet(null);
      if (work != null) {
        check(work);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks soon at what has been made of the current work since it came; call it now and then. */
  void tick() {
    Work work = jobs.current();
    if (work != null && work.samples().stream().anyMatch(sample -> isNew(work, sample, false))) {
      look(work);
    }
  }

  /** Whether the node was not asked yet; once it is, it is not asked again, whatever it says. */
  @SuppressWarnings("ReferenceEquality") // renewed work keeps its template
  private boolean isNew(Work work, Work.Sample sample, boolean asked) {
    synchronized (seen) {
      if (seenOf != work.template()) {
        seenOf = work.template();
        seen.clear();
      }
      return asked ? seen.add(sample.layout()) : !seen.contains(sample.layout());
    }
  }

  /** Looks at work now: at one job for each class of devices that mines it. */
  void check(Work work) {
    boolean good = false;
    for (Work.Sample sample : work.samples()) {
      if (isNew(work, sample, true)) {
        if (!check(work, sample)) {
          return;
        }
        good = true;
      }
    }
    if (good) {
      jobs.approve(work);
    }
  }

  private boolean check(Work work, Work.Sample sample) {
    try {
      Optional<String> word = judge.refusal(block(sample.job()));
      checked.incrementAndGet();
      if (word.isEmpty()) {
        return true;
      }
      refused.incrementAndGet();
      LOG.error(
          "the node would refuse our block at height {}, with a coinbase of {} bytes: {}. Its jobs"
              + " are withdrawn; look at the node's and the pool's versions and at the payout"
              + " settings",
          sample.job().height(),
          sample.job().coinbase().size(),
          word.get());
      Optional<Work> instead = jobs.refuse(work);
      if (instead.isEmpty()) {
        blocked = new Refusal(word.get(), sample.account(), sample.layout());
      }
      onRefusal.accept(instead);
    } catch (NodeException e) {
      // Whether the node is well is the template source's business.
      LOG.debug("the node did not look at our block: {}", e.getMessage());
    }
    return false;
  }

  private static byte[] block(MiningJob job) {
    byte[] extranonce = new byte[CoinbaseParts.EXTRANONCE_BYTES];
    BlockHeader header = job.header(extranonce, job.version(), (int) job.time(), 0);
    return job.assembleBlock(header.toBytes(), extranonce);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
