package org.adit.pool.mining;

import java.util.Arrays;
import org.adit.hasher.ChannelJob;
import org.adit.pool.work.MiningJob;
import org.jspecify.annotations.Nullable;

/** A job as it was sent over one channel. Used on that channel's event loop only. */
public final class SentJob {
  private final MiningJob job;
  private final ShareRequirement requirement;
  private final int versionMask;
  private final long sentAtMillis;
  private final byte[] prefix;

  /** Made with the first share: most jobs of most connections never see one. */
  private @Nullable ChannelJob hashing;

  /**
   * Notes a job that is being sent.
   *
   * @param job the job
   * @param requirement in force when it was sent; later raises do not touch it (R2, R3)
   * @param versionMask bits this channel may roll on it
   * @param sentAtMillis when, milliseconds since 1970
   * @param prefix the channel's part of the extranonce; not copied, not to be changed
   */
  public SentJob(
      MiningJob job,
      ShareRequirement requirement,
      int versionMask,
      long sentAtMillis,
      byte[] prefix) {
    this.job = job;
    this.requirement = requirement;
    this.versionMask = versionMask;
    this.sentAtMillis = sentAtMillis;
    this.prefix = prefix;
  }

  /** The job. */
  public MiningJob job() {
    return job;
  }

  /** What shares of it must meet; later raises of the difficulty do not touch it (R2, R3). */
  public ShareRequirement requirement() {
    return requirement;
  }

  /** Bits this channel may roll on it. */
  public int versionMask() {
    return versionMask;
  }

  /** When it was sent, milliseconds since 1970. */
  public long sentAtMillis() {
    return sentAtMillis;
  }

  /** Whether it was sent to a channel with this part of the extranonce. */
  boolean isFor(byte[] channelPrefix) {
    return Arrays.equals(prefix, channelPrefix);
  }

  /** The job as the verifier wants it, with this channel's extranonce hashed in. */
  ChannelJob hashing() {
    ChannelJob prepared = hashing;
    if (prepared == null) {
      prepared = job.hashing().forChannel(prefix);
      hashing = prepared;
    }
    return prepared;
  }

  /** The whole extranonce of a share: the channel's part and the miner's. */
  byte[] extranonce(Submission share) {
    byte[] whole = new byte[prefix.length + share.extranonce2().length];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(share.extranonce2(), 0, whole, prefix.length, share.extranonce2().length);
    return whole;
  }
}
