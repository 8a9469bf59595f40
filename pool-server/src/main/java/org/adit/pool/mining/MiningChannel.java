package org.adit.pool.mining;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.adit.accounting.journal.ShareRecord;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.pool.work.MiningJob;
import org.jspecify.annotations.Nullable;

/**
 * One miner's connection as the core sees it, whatever protocol it speaks: its extranonce prefix,
 * the jobs it was sent and at which difficulty, its version mask. All methods run on the
 * connection's event loop.
 */
public final class MiningChannel {
  /** Bytes of the extranonce the miner counts in. */
  public static final int EXTRANONCE2_BYTES = 8;

  // An expired job stays known a while, so that its shares are called stale and not unknown.
  private static final long EXPIRED_KEPT_MILLIS = 60_000;

  private final ChannelContext context;
  private final byte[] prefix;
  private final Vardiff vardiff;
  private final Consumer<Vardiff.Change> onChange;
  private final LinkedHashMap<Long, ChannelJob> jobs = new LinkedHashMap<>();
  private @Nullable Integer grantedMask;
  private long newTipSentAtMillis;
  private long acceptedShares;

  /**
   * @param context of the event loop
   * @param prefix 4 bytes of extranonce, this channel's own
   * @param vardiff the difficulty of this channel
   * @param onChange told when the difficulty was changed and how to deliver it
   */
  public MiningChannel(
      ChannelContext context, byte[] prefix, Vardiff vardiff, Consumer<Vardiff.Change> onChange) {
    this.context = context;
    this.prefix = prefix.clone();
    this.vardiff = vardiff;
    this.onChange = onChange;
  }

  /** The difficulty in force: announced, or to be announced with the next job. */
  public Vardiff vardiff() {
    return vardiff;
  }

  /** Shares of this connection that were accepted and are on disk. */
  public long acceptedShares() {
    return acceptedShares;
  }

  /** Lets the miner roll these bits in jobs sent from now on. */
  public void grantVersionMask(int mask) {
    grantedMask = mask;
  }

  /**
   * Enters a job that is being sent now, at the difficulty now in force.
   *
   * @param firstOnTip whether it is the first one of its tip for this channel
   * @return the job with its requirement; its difficulty is to be announced in the same write
   */
  public ChannelJob send(MiningJob job, boolean firstOnTip) {
    long now = context.clock().millis();
    if (firstOnTip) {
      newTipSentAtMillis = now;
    }
    forgetOldJobs(now);
    int mask = grantedMask == null ? job.versionMask() : grantedMask & job.versionMask();
    ShareRequirement requirement = ShareRequirement.of(vardiff.difficulty(), job.networkTarget());
    ChannelJob sent = new ChannelJob(job, requirement, mask, now);
    jobs.put(job.id(), sent);
    vardiff.announced(now);
    return sent;
  }

  /** The job of this id, if it was sent over this channel and is not long gone. */
  public @Nullable ChannelJob job(long id) {
    return jobs.get(id);
  }

  /** Whether another share can be taken now; if not, see {@link ShareGate#whenRoom}. */
  public boolean hasRoom() {
    return context.gate().hasRoom();
  }

  /** Counts a refusal that was decided before the share could be judged. */
  public void refuse(Worker worker, ShareVerdict verdict) {
    context.counters().rejected(verdict.label());
    context.rejects().rejected(worker, verdict.label());
  }

  /**
   * Judges a share and, when it is good, makes it durable.
   *
   * @param sent the job it answers, from {@link #job}
   * @param share what was received
   * @param reply told the verdict once, on the event loop: an {@code Accepted} only after the share
   *     is on disk, every verdict on a block only after the block is
   */
  public void submit(ChannelJob sent, Submission share, Consumer<ShareVerdict> reply) {
    long now = context.clock().millis();
    ShareCheck.Result result =
        ShareCheck.judge(
            sent,
            prefix,
            share,
            new ShareCheck.Circumstances(
                vardiff.difficulty(), context.lifetimes(), newTipSentAtMillis, now));
    // A header seen before went this way when it came first.
    boolean seen = result.verdict() instanceof ShareVerdict.Duplicate;
    if (result.isBlock() && !seen && foundBlock(sent, share, result, now, reply)) {
      return;
    }
    if (result.verdict() instanceof ShareVerdict.Accepted accepted) {
      BlockHeader header = Objects.requireNonNull(result.header());
      Hash256 hash = Objects.requireNonNull(result.hash());
      int flags = accepted.grace() ? ShareRecord.GRACE : 0;
      ShareRecord entry = entry(sent, share, header, accepted.work(), flags, now);
      store(entry, sent, share, accepted, hash, false, reply);
    } else {
      refuse(share.worker(), result.verdict());
      reply.accept(result.verdict());
    }
  }

  /** Looks at the clock; called about once a second. */
  public void tick(long nowMillis) {
    vardiff.onTick(nowMillis).ifPresent(onChange);
  }

  private boolean foundBlock(
      ChannelJob sent,
      Submission share,
      ShareCheck.Result result,
      long now,
      Consumer<ShareVerdict> reply) {
    MiningJob job = sent.job();
    BlockHeader header = Objects.requireNonNull(result.header());
    Hash256 hash = Objects.requireNonNull(result.hash());
    boolean credited = result.verdict() instanceof ShareVerdict.Accepted;
    ShareRecord entry = blockEntry(sent, share, result, header, now);
    BlockCandidate candidate =
        new BlockCandidate(
            hash,
            job.height(),
            job.assembleBlock(header, ShareCheck.extranonce(prefix, share)),
            job.bits(),
            job.subsidySat(),
            job.feesSat(),
            job.transactionCount(),
            share.worker().account(),
            share.worker().name(),
            entry);
    Runnable afterDisk =
        () -> {
          store(entry, sent, share, result.verdict(), hash, true, credited ? reply : verdict -> {});
          if (!credited) {
            refuse(share.worker(), result.verdict());
            reply.accept(result.verdict());
          }
        };
    return context.candidates().found(candidate, () -> context.loop().execute(afterDisk));
  }

  private static ShareRecord blockEntry(
      ChannelJob sent, Submission share, ShareCheck.Result result, BlockHeader header, long now) {
    if (result.verdict() instanceof ShareVerdict.Accepted accepted) {
      int flags = ShareRecord.BLOCK | (accepted.grace() ? ShareRecord.GRACE : 0);
      return entry(sent, share, header, accepted.work(), flags, now);
    }
    return entry(sent, share, header, 0, ShareRecord.BLOCK | ShareRecord.MARKER, now);
  }

  private static ShareRecord entry(
      ChannelJob sent, Submission share, BlockHeader header, long work, int flags, long now) {
    MiningJob job = sent.job();
    return new ShareRecord(
        now, share.worker().id(), job.bits(), work, flags, job.id(), header.toBytes());
  }

  private void store(
      ShareRecord entry,
      ChannelJob sent,
      Submission share,
      ShareVerdict verdict,
      Hash256 hash,
      boolean isBlock,
      Consumer<ShareVerdict> reply) {
    context
        .gate()
        .offer(
            entry,
            new ShareGate.Pending() {
              @Override
              public void durable(long sequence) {
                if (isBlock) {
                  context.candidates().journaled(hash, sequence);
                }
                if (verdict instanceof ShareVerdict.Accepted) {
                  accepted(sent);
                  reply.accept(verdict);
                }
              }

              @Override
              public void refused() {
                if (isBlock) {
                  // The desk journals it itself when the disk is back; it stays a seen header.
                  context.candidates().notJournaled(hash);
                } else {
                  sent.job().tip().forget(hash);
                }
                if (verdict instanceof ShareVerdict.Accepted) {
                  ShareVerdict notStored = new ShareVerdict.NotStored();
                  refuse(share.worker(), notStored);
                  reply.accept(notStored);
                }
              }
            });
  }

  private void accepted(ChannelJob sent) {
    acceptedShares++;
    context.counters().accepted();
    Difficulty ofJob = sent.requirement().difficulty();
    Difficulty current = vardiff.difficulty();
    double weight = ofJob.compareTo(current) >= 0 ? 1 : ofJob.toDouble() / current.toDouble();
    Optional<Vardiff.Change> change = vardiff.onShare(weight, context.clock().millis());
    change.ifPresent(onChange);
  }

  private void forgetOldJobs(long now) {
    Iterator<ChannelJob> eldestFirst = jobs.values().iterator();
    while (eldestFirst.hasNext()) {
      ChannelJob old = eldestFirst.next();
      if (jobs.size() >= context.lifetimes().jobsKept() || isGone(old, now)) {
        eldestFirst.remove();
      } else {
        return;
      }
    }
  }

  private boolean isGone(ChannelJob old, long now) {
    JobLifetimes lifetimes = context.lifetimes();
    if (old.job().tip().isCurrent()) {
      return now - old.sentAtMillis() > lifetimes.jobMillis() + EXPIRED_KEPT_MILLIS;
    }
    return now - old.job().tip().supersededAtMillis() > lifetimes.previousTipMillis();
  }
}
