package org.adit.pool.mining;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.adit.accounting.journal.ShareRecord;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Tip;
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
  // A list: a map's entries would be most of what ten thousand idle connections hold, and nearly
  // every share is for the job at its end.
  private final ArrayList<SentJob> jobs = new ArrayList<>(4);
  private final ChannelMeter meter = new ChannelMeter();
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

  /** When stale grace begins: as the tip's clean job was written, or as it came before that. */
  private long newTipKnownAtMillis() {
    // A share that comes while the clean job is still on its way was found in good faith.
    if (jobs.isEmpty()) {
      return newTipSentAtMillis;
    }
    Tip told = jobs.getLast().job().tip();
    return told.isCurrent() ? newTipSentAtMillis : told.supersededAtMillis();
  }

  /** What this connection did, readable from any thread. */
  public ChannelMeter meter() {
    return meter;
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
  public SentJob send(MiningJob job, boolean firstOnTip) {
    long now = context.clock().millis();
    if (firstOnTip) {
      newTipSentAtMillis = now;
    }
    forgetOldJobs(now);
    int mask = grantedMask == null ? job.versionMask() : grantedMask & job.versionMask();
    ShareRequirement requirement =
        context.requirements().of(vardiff.difficulty(), job.networkTarget());
    SentJob sent = new SentJob(job, requirement, mask, now, prefix);
    jobs.add(sent);
    vardiff.announced(now);
    meter.announced(requirement.difficulty());
    return sent;
  }

  /**
   * Takes over the jobs of an ended channel of the same miner and prefix, so that shares found for
   * them still count.
   *
   * @param ended what {@link #jobs} of that channel said
   */
  public void adopt(List<SentJob> ended) {
    for (SentJob job : ended) {
      if (!job.isFor(prefix)) {
        throw new IllegalArgumentException(
            "a job of an ended channel has another extranonce prefix");
      }
    }
    jobs.addAll(0, ended);
    forgetOldJobs(context.clock().millis());
  }

  /** The jobs that shares may still come for, the eldest first. */
  public List<SentJob> jobs() {
    return List.copyOf(jobs);
  }

  /** The job of this id, if it was sent over this channel and is not long gone. */
  public @Nullable SentJob job(long id) {
    for (int i = jobs.size() - 1; i >= 0; i--) {
      SentJob sent = jobs.get(i);
      if (sent.job().id() == id) {
        return sent;
      }
    }
    return null;
  }

  /** Whether another share can be taken now; if not, see {@link ShareGate#whenRoom}. */
  public boolean hasRoom() {
    return context.gate().hasRoom();
  }

  private void refuse(
      SentJob sent, Submission share, @Nullable Hash256 hash, ShareVerdict verdict) {
    context.counters().rejected(verdict.label());
    context.rejects().rejected(Rejection.of(sent, share, hash, verdict, context.clock().millis()));
  }

  /**
   * Judges a share and, when it is good, makes it durable.
   *
   * @param sent the job it answers, from {@link #job}
   * @param share what was received
   * @param reply told the verdict once, on the event loop: an {@code Accepted} only after the share
   *     is on disk, every verdict on a block only after the block is
   */
  public void submit(SentJob sent, Submission share, Consumer<ShareVerdict> reply) {
    if (!ShareCheck.mayRoll(sent, share)) {
      ShareVerdict verdict = new ShareVerdict.VersionBitsNotAllowed(sent.versionMask());
      refuse(sent, share, null, verdict);
      reply.accept(verdict);
      return;
    }
    // Judged as things stand when it came, although its hash is known only at the end of the turn.
    ShareCheck.Circumstances around =
        new ShareCheck.Circumstances(
            vardiff.difficulty(),
            context.lifetimes(),
            newTipKnownAtMillis(),
            context.clock().millis());
    context
        .shares()
        .add(
            sent,
            share,
            ShareCheck.version(sent, share),
            new ShareBatch.Hashed() {
              @Override
              public void hashed(byte[] header, Hash256 hash) {
                judge(
                    new HashedShare(sent, share, header, hash, around.nowMillis()),
                    ShareCheck.judge(sent, share, hash, around),
                    reply);
              }

              @Override
              public void failed() {
                reply.accept(new ShareVerdict.NotStored());
              }
            });
  }

  /** A share with the header it stands for. */
  @SuppressWarnings("ArrayRecordComponent") // lives for one check on one thread
  private record HashedShare(
      SentJob sent, Submission share, byte[] header, Hash256 hash, long receivedAtMillis) {
    ShareRecord record(long work, int flags) {
      MiningJob job = sent.job();
      return new ShareRecord(
          receivedAtMillis, share.worker().id(), job.bits(), work, flags, job.id(), header);
    }
  }

  private void judge(HashedShare hashed, ShareCheck.Result result, Consumer<ShareVerdict> reply) {
    // A header seen before went this way when it came first.
    boolean seen = result.verdict() instanceof ShareVerdict.Duplicate;
    if (result.isBlock() && !seen && foundBlock(hashed, result.verdict(), reply)) {
      return;
    }
    if (result.verdict() instanceof ShareVerdict.Accepted accepted) {
      int flags = accepted.grace() ? ShareRecord.GRACE : 0;
      store(hashed.record(accepted.work(), flags), hashed, accepted, false, reply);
    } else {
      refuse(hashed.sent(), hashed.share(), hashed.hash(), result.verdict());
      reply.accept(result.verdict());
    }
  }

  /** Looks at the clock; called about once a second. */
  public void tick(long nowMillis) {
    vardiff.onTick(nowMillis).ifPresent(onChange);
  }

  private boolean foundBlock(
      HashedShare hashed, ShareVerdict verdict, Consumer<ShareVerdict> reply) {
    MiningJob job = hashed.sent().job();
    Worker worker = hashed.share().worker();
    boolean credited = verdict instanceof ShareVerdict.Accepted;
    ShareRecord entry = blockEntry(hashed, verdict);
    BlockCandidate candidate =
        new BlockCandidate(
            hashed.hash(),
            job.height(),
            job.assembleBlock(hashed.header(), hashed.sent().extranonce(hashed.share())),
            job.bits(),
            job.subsidySat(),
            job.feesSat(),
            job.transactionCount(),
            worker.account(),
            worker.name(),
            entry,
            job.frozen());
    Runnable afterDisk =
        () -> {
          store(entry, hashed, verdict, true, credited ? reply : ignored -> {});
          if (!credited) {
            refuse(hashed.sent(), hashed.share(), hashed.hash(), verdict);
            reply.accept(verdict);
          }
        };
    boolean isNew = context.candidates().found(candidate, () -> context.loop().execute(afterDisk));
    if (isNew) {
      context.counters().emptyWork().block(job);
    }
    return isNew;
  }

  private static ShareRecord blockEntry(HashedShare hashed, ShareVerdict verdict) {
    if (verdict instanceof ShareVerdict.Accepted accepted) {
      int flags = ShareRecord.BLOCK | (accepted.grace() ? ShareRecord.GRACE : 0);
      return hashed.record(accepted.work(), flags);
    }
    return hashed.record(0, ShareRecord.BLOCK | ShareRecord.MARKER);
  }

  private void store(
      ShareRecord entry,
      HashedShare hashed,
      ShareVerdict verdict,
      boolean isBlock,
      Consumer<ShareVerdict> reply) {
    Hash256 hash = hashed.hash();
    SentJob sent = hashed.sent();
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
                if (verdict instanceof ShareVerdict.Accepted accepted) {
                  accepted(sent, hashed.share().worker(), accepted.work(), hash);
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
                  refuse(sent, hashed.share(), hash, notStored);
                  reply.accept(notStored);
                }
              }
            });
  }

  private void accepted(SentJob sent, Worker worker, long work, Hash256 hash) {
    long now = context.clock().millis();
    acceptedShares++;
    context.counters().accepted();
    ShareRequirement asked = sent.requirement();
    // A late share may have been credited by an easier job's requirement.
    double searched = work == asked.work() ? asked.searched() : (double) work;
    context.counters().fleet().accepted(worker, searched, hash, now);
    meter.accepted(searched, hash, now);
    context.counters().emptyWork().share(sent.job(), work);
    Difficulty ofJob = sent.requirement().difficulty();
    Difficulty current = vardiff.difficulty();
    double weight = ofJob.compareTo(current) >= 0 ? 1 : ofJob.toDouble() / current.toDouble();
    Optional<Vardiff.Change> change = vardiff.onShare(weight, now);
    change.ifPresent(onChange);
  }

  private void forgetOldJobs(long now) {
    int gone = 0;
    while (gone < jobs.size()
        && (jobs.size() - gone >= context.lifetimes().jobsKept() || isGone(jobs.get(gone), now))) {
      gone++;
    }
    if (gone > 0) {
      jobs.subList(0, gone).clear();
    }
  }

  private boolean isGone(SentJob old, long now) {
    JobLifetimes lifetimes = context.lifetimes();
    if (old.job().tip().isCurrent()) {
      return now - old.sentAtMillis() > lifetimes.jobMillis() + EXPIRED_KEPT_MILLIS;
    }
    return now - old.job().tip().supersededAtMillis() > lifetimes.previousTipMillis();
  }
}
