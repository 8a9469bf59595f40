package org.adit.pool.mining;

import org.adit.hasher.Difficulty;
import org.adit.hasher.Target;

/**
 * What a share of one job must meet and what it is worth.
 *
 * @param difficulty as announced to the miner
 * @param required the target whose work is credited; never harder than the network's, so that every
 *     block is a share (Stratum V1 specification R6)
 * @param accepted the target compared with: {@code required} and the tolerance for miners that read
 *     difficulty 1 as 2^224 - 1 (specification 4.2)
 * @param work expected hashes of {@code required}
 * @param searched expected hashes of the announced difficulty, for figures shown to people: more
 *     than {@code work} on a chain that is easier than what paces its miners
 */
public record ShareRequirement(
    Difficulty difficulty, Target required, Target accepted, long work, double searched) {

  /** Difficulty above which the work of one share no longer fits 63 bits. */
  public static final long MAX_DIFFICULTY = (1L << 31) - 1;

  /** The requirement of an announced difficulty on a job with this network target. */
  public static ShareRequirement of(Difficulty difficulty, Target network) {
    Target announced = difficulty.target();
    Target required = easier(announced, network);
    Target accepted = easier(announced.withPdiffTolerance(), network);
    return new ShareRequirement(
        difficulty,
        required,
        accepted,
        required.work().toLongExact(),
        announced.work().hashes().doubleValue());
  }

  /** The easier of two: what R3 calls {@code need}. */
  public ShareRequirement orEasier(ShareRequirement other) {
    return other.required.compareTo(required) > 0 ? other : this;
  }

  private static Target easier(Target a, Target b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
