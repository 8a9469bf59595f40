package org.adit.pool.mining;

/**
 * What probably lies behind a refused share, in words for the miner's owner; from the ways known
 * firmware behaves (Stratum V1 specification section 11).
 */
public enum LikelyCause {
  /** Late by some seconds at most. */
  LATENCY("found just before the block changed; a share on the way is lost to everybody"),
  /** Late by more than a connection can explain. */
  OLD_JOB_KEPT(
      "the miner still worked on the block before; some firmware changes late, or does not heed clean_jobs"),
  /** On a job of this block that is long over. */
  JOBS_NOT_TAKEN("the miner did not take newer jobs for minutes; restart it or renew its firmware"),
  /** A job of another connection, or of none. */
  FOREIGN_JOB(
      "the job was sent over another connection: a proxy mixes connections up, or the miner reconnected without its session id"),
  /** The same header again. */
  SENT_TWICE(
      "the same work was handed in before: sent again after a reconnect, or two machines behind a proxy share an extranonce"),
  /** Just short of what was asked for. */
  DIFFICULTY_MISREAD(
      "the miner worked at an easier difficulty than it was told: firmware that rounds difficulties, or takes a change over late"),
  /** Nothing like what was asked for. */
  OTHER_HEADER(
      "the hash is no better than chance, so the miner hashed another header: version bits, extranonce, byte order, a coinbase longer than its firmware takes, or a failing chip"),
  /** Bits it may not roll. */
  MASK_IGNORED("the miner rolls version bits it was not granted; it ignores the negotiated mask"),
  /** Time out of range. */
  CLOCK("the block time is out of range: the miner's clock is wrong, or it rolls the time too far"),
  /** Parameters of a wrong form. */
  BROKEN_FORM("a parameter has the wrong form: a proxy that does not keep to the extranonce size"),
  /** Ours. */
  POOL("the pool could not write the share to its disk; this is the pool's fault, not the miner's");

  private static final long LATENCY_MILLIS = 3_000;

  // A chance hash reaches a share of difficulty d with 1 in 2^32 d; an honest one far beyond.
  private static final double NEARLY = 1.0 / 1_024;

  private final String text;

  LikelyCause(String text) {
    this.text = text;
  }

  /** One sentence, printable ASCII. */
  public String text() {
    return text;
  }

  /**
   * The cause of a verdict.
   *
   * @param sinceSupersededMillis for a stale share, since the block changed
   */
  static LikelyCause of(ShareVerdict verdict, long sinceSupersededMillis) {
    return switch (verdict) {
      case ShareVerdict.StaleTip stale ->
          sinceSupersededMillis <= LATENCY_MILLIS ? LATENCY : OLD_JOB_KEPT;
      case ShareVerdict.StaleWork stale -> JOBS_NOT_TAKEN;
      case ShareVerdict.UnknownJob unknown -> FOREIGN_JOB;
      case ShareVerdict.Duplicate duplicate -> SENT_TWICE;
      case ShareVerdict.LowDifficulty low ->
          low.achieved().toDouble() >= low.required().toDouble() * NEARLY
              ? DIFFICULTY_MISREAD
              : OTHER_HEADER;
      case ShareVerdict.VersionBitsNotAllowed bits -> MASK_IGNORED;
      case ShareVerdict.TimeOutOfRange time -> CLOCK;
      case ShareVerdict.NotStored stored -> POOL;
      case ShareVerdict.Accepted accepted ->
          throw new IllegalArgumentException("an accepted share was not refused");
    };
  }
}
