package org.adit.pool.mining;

import java.math.BigInteger;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.work.MiningJob;
import org.jspecify.annotations.Nullable;

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
   * @param header the header it stands for; null when the share did not get as far as hashing
   * @param hash of that header; null likewise
   * @param isBlock whether the hash meets the network's target, whatever the verdict
   */
  public record Result(
      ShareVerdict verdict,
      @Nullable BlockHeader header,
      @Nullable Hash256 hash,
      boolean isBlock) {}

  /**
   * Circumstances of a check.
   *
   * @param current what the channel is asked for now; a lowering applies to older jobs at once
   * @param lifetimes how long shares are taken
   * @param newTipSentAtMillis when this channel was sent its first job of the current tip
   * @param nowMillis milliseconds since 1970
   */
  public record Circumstances(
      Difficulty current, JobLifetimes lifetimes, long newTipSentAtMillis, long nowMillis) {}

  /**
   * Judges a share of a known job.
   *
   * @param sent the job as it was sent to the channel
   * @param prefix the channel's 4 bytes of extranonce
   * @param share what was received
   * @param around clock and difficulty
   */
  public static Result judge(
      ChannelJob sent, byte[] prefix, Submission share, Circumstances around) {
    MiningJob job = sent.job();
    int mask = sent.versionMask();
    if ((share.versionBits() & ~mask) != 0) {
      return new Result(new ShareVerdict.VersionBitsNotAllowed(mask), null, null, false);
    }
    int version = (job.version() & ~mask) | (share.versionBits() & mask);
    BlockHeader header =
        job.header(extranonce(prefix, share), version, share.ntime(), share.nonce());
    Hash256 hash = header.hash();
    boolean isBlock = job.networkTarget().isMetBy(hash);
    return new Result(verdict(sent, share, hash, around), header, hash, isBlock);
  }

  /** The whole extranonce of a share: the channel's prefix and the miner's part. */
  public static byte[] extranonce(byte[] prefix, Submission share) {
    byte[] whole = new byte[prefix.length + share.extranonce2().length];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(share.extranonce2(), 0, whole, prefix.length, share.extranonce2().length);
    return whole;
  }

  private static ShareVerdict verdict(
      ChannelJob sent, Submission share, Hash256 hash, Circumstances around) {
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
    long maximum = around.nowMillis() / 1_000 + MAX_FUTURE_SECONDS;
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

  private static ShareRequirement need(ChannelJob sent, Difficulty current) {
    ShareRequirement ofJob = sent.requirement();
    if (current.compareTo(ofJob.difficulty()) >= 0) {
      return ofJob;
    }
    return ofJob.orEasier(ShareRequirement.of(current, sent.job().networkTarget()));
  }
}
