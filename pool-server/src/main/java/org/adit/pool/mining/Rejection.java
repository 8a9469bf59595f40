package org.adit.pool.mining;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.hasher.Target;
import org.adit.pool.work.MiningJob;
import org.jspecify.annotations.Nullable;

/**
 * A refused share with what explains it.
 *
 * @param worker who sent it
 * @param label {@link ShareVerdict#label}, or {@code malformed}
 * @param cause what probably lies behind it
 * @param atMillis when it came, milliseconds since 1970
 * @param job what is known of the job; empty when the job was not known
 * @param achieved difficulty of its hash, when it came to hashing
 * @param received the fields that came
 * @param worthSat what a good share of that job is worth in expectation, 0 where nothing was lost:
 *     a share that never met its target, or was credited before
 */
public record Rejection(
    Worker worker,
    String label,
    LikelyCause cause,
    long atMillis,
    Optional<OfJob> job,
    Optional<Difficulty> achieved,
    Optional<Received> received,
    long worthSat) {
  private static final int MOST_CHARACTERS = 40;

  /**
   * The job of a refused share.
   *
   * @param id as a number; hex on the wire
   * @param ageMillis since it was sent to this miner
   * @param height of the block it was for
   * @param required difficulty in force when it was sent
   */
  public record OfJob(long id, long ageMillis, int height, Difficulty required) {}

  /**
   * What came. A share that could be read has its numbers in hex; of one that could not, each field
   * is {@link #printable}, and empty where nothing came.
   *
   * @param job id as the miner named it
   * @param versionBits empty when none were sent
   */
  public record Received(
      String job, String extranonce2, String ntime, String nonce, Optional<String> versionBits) {

    /** From numbers. */
    public static Received of(
        long job, byte[] extranonce2, int ntime, int nonce, Optional<Integer> versionBits) {
      HexFormat hex = HexFormat.of();
      return new Received(
          Long.toHexString(job),
          hex.formatHex(extranonce2),
          hex.toHexDigits(ntime),
          hex.toHexDigits(nonce),
          versionBits.map(hex::toHexDigits));
    }

    /** A field of any kind as text: printable ASCII, 40 characters at most. */
    public static String printable(@Nullable Object field) {
      String text =
          switch (field) {
            case null -> "";
            case String string -> string;
            case Number number -> number.toString();
            default -> "(" + field.getClass().getSimpleName() + ")";
          };
      StringBuilder bounded = new StringBuilder();
      text.chars()
          .limit(MOST_CHARACTERS)
          .forEach(c -> bounded.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
      return bounded.toString();
    }
  }

  /** A share that could not be tied to a job, or not be read. */
  public static Rejection withoutJob(
      Worker worker, String label, LikelyCause cause, Received received, long nowMillis) {
    return new Rejection(
        worker,
        label,
        cause,
        nowMillis,
        Optional.empty(),
        Optional.empty(),
        Optional.of(received),
        0);
  }

  /**
   * A refused share of a known job.
   *
   * @param hash of its header; null when it did not come so far
   */
  static Rejection of(
      SentJob sent,
      Submission share,
      @Nullable Hash256 hash,
      ShareVerdict verdict,
      long nowMillis) {
    MiningJob job = sent.job();
    long superseded =
        job.tip().isCurrent() ? 0 : Math.max(0, nowMillis - job.tip().supersededAtMillis());
    return new Rejection(
        share.worker(),
        verdict.label(),
        LikelyCause.of(verdict, superseded),
        nowMillis,
        Optional.of(
            new OfJob(
                job.id(),
                nowMillis - sent.sentAtMillis(),
                job.height(),
                sent.requirement().difficulty())),
        Optional.ofNullable(hash).flatMap(Rejection::difficultyOf),
        Optional.of(
            Received.of(
                job.id(),
                share.extranonce2(),
                share.ntime(),
                share.nonce(),
                share.hasVersionBits() ? Optional.of(share.versionBits()) : Optional.empty())),
        isLost(verdict, sent, hash) ? worthSat(sent) : 0);
  }

  private static Optional<Difficulty> difficultyOf(Hash256 hash) {
    BigInteger value = new BigInteger(hash.toDisplayHex(), 16);
    return value.signum() == 0
        ? Optional.empty()
        : Optional.of(Difficulty.ofTarget(Target.of(value)));
  }

  private static boolean isLost(ShareVerdict verdict, SentJob sent, @Nullable Hash256 hash) {
    if (verdict instanceof ShareVerdict.Duplicate || hash == null) {
      return false;
    }
    return sent.requirement().accepted().isMetBy(hash);
  }

  /** The reward of the job's block times the share's part of the work for it, rounded down. */
  private static long worthSat(SentJob sent) {
    MiningJob job = sent.job();
    return BigInteger.valueOf(job.subsidySat() + job.feesSat())
        .multiply(BigInteger.valueOf(sent.requirement().work()))
        .divide(job.networkTarget().work().hashes())
        .longValueExact();
  }
}
