package org.adit.pool.mining;

import java.math.BigInteger;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.work.MiningJob;

/**
 * The rules a share is judged by, as pure functions: no clock, no I/O, nothing remembered but the
 * duplicate set of the job's tip. Order and reasons: Stratum V1 specification 3.4.
 */
public final class ShareCheck {
  // Consensus allows two hours ahead of the node's clock; the rest is room for clocks that differ.
  private static final long MAX_FUTURE_SECONDS = 7_000;

  private ShareCheck() {}

  /**
   * A judged share.
   *
   * @param verdict what to tell the miner, once it is durable where it is {@code Accepted}
   * @param isBlock whether the hash meets the network's target, whatever the verdict
   */
  public record Result(ShareVerdict verdict, boolean isBlock) {}

  /**
   * Circumstances of a check.
   *
   * @param current what the channel is asked for now; a lowering applies to older jobs at once
   * @param lifetimes how long shares are taken
   * @param newTipSentAtMillis when this channel was sent its first job of the current tip; before
   *     that, when the tip came
   * @param nowMillis milliseconds since 1970
   */
  public record Circumstances(
      Difficulty current, JobLifetimes lifetimes, long newTipSentAtMillis, long nowMillis) {}

  /** Whether the share rolled only bits its channel may roll; if not it stands for no header. */
  public static boolean mayRoll(SentJob sent, Submission share) {
    return (share.versionBits() & ~sent.versionMask()) == 0;
  }

  /** The header's version of a share that {@link #mayRoll}: the job's with the rolled bits. */
  public static int version(SentJob sent, Submission share) {
    int mask = sent.versionMask();
    return (sent.job().version() & ~mask) | (share.versionBits() & mask);
  }

  /**
   * Judges a share of a known job by its hash.
   *
   * @param sent the job as it was sent to the channel
   * @param share what was received; {@link #mayRoll}
   * @param hash of the header it stands for
   * @param around clock and difficulty
   */
  public static Result judge(SentJob sent, Submission share, Hash256 hash, Circumstances around) {
    MiningJob job = sent.job();
    // Beyond that time another target holds, and the header's bits are wrong.
    boolean bitsHold = Integer.toUnsignedLong(share.ntime()) <= job.maxTime();
    boolean isBlock = bitsHold && job.networkTarget().isMetBy(hash);
    return new Result(verdict(sent, share, hash, around), isBlock);
  }

  private static ShareVerdict verdict(
      SentJob sent, Submission share, Hash256 hash, Circumstances around) {
    MiningJob job = sent.job();
    boolean grace = false;
    if (!job.tip().isCurrent()) {
      grace = withinGrace(around);
      if (!grace) {
        return new ShareVerdict.StaleTip();
      }
    } else if (around.nowMillis() - sent.sentAtMillis() > around.lifetimes().jobMillis()) {
      return new ShareVerdict.StaleWork();
    }
    long ntime = Integer.toUnsignedLong(share.ntime());
    long minimum = job.minTime();
    long maximum = Math.min(around.nowMillis() / 1_000 + MAX_FUTURE_SECONDS, job.maxTime());
    if (ntime < minimum || ntime > maximum) {
      return new ShareVerdict.TimeOutOfRange(minimum, maximum);
    }
    ShareRequirement need = need(sent, around.current());
    if (!need.accepted().isMetBy(hash)) {
      return new ShareVerdict.LowDifficulty(
          Target.of(new BigInteger(hash.toDisplayHex(), 16)), need.difficulty());
    }
    if (!job.tip().firstSeen(hash)) {
      return new ShareVerdict.Duplicate();
    }
    return new ShareVerdict.Accepted(need.work(), grace);
  }

  private static boolean withinGrace(Circumstances around) {
    return around.nowMillis() - around.newTipSentAtMillis() < around.lifetimes().staleGraceMillis();
  }

  private static ShareRequirement need(SentJob sent, Difficulty current) {
    ShareRequirement ofJob = sent.requirement();
    if (current.compareTo(ofJob.difficulty()) >= 0) {
      return ofJob;
    }
    return ofJob.orEasier(ShareRequirement.of(current, sent.job().networkTarget()));
  }
}
