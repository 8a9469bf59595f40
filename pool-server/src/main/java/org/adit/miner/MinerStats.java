package org.adit.miner;

import java.util.Map;
import java.util.Optional;
import org.adit.hasher.Difficulty;

/**
 * Counters of a mining client at one moment.
 *
 * @param state where it stands
 * @param everAuthorized whether the pool ever accepted the user
 * @param elapsedNanos time since the start, until the end if it is over
 * @param hashes headers tried
 * @param accepted shares credited
 * @param rejected shares refused
 * @param rejectsByCode the refused ones by the pool's error code; at most {@link #MAX_CODES} codes,
 *     the rest under 0
 * @param dropped finds not sent, because the pool had withdrawn their job or the connection was
 *     gone
 * @param unanswered shares whose connection ended before the answer
 * @param blockCandidates sent shares that met the network's target
 * @param reconnects connections after the first authorised one
 * @param difficulty of the newest job
 */
public record MinerStats(
    MinerState state,
    boolean everAuthorized,
    long elapsedNanos,
    long hashes,
    long accepted,
    long rejected,
    Map<Integer, Long> rejectsByCode,
    long dropped,
    long unanswered,
    long blockCandidates,
    long reconnects,
    Optional<Difficulty> difficulty) {

  /** Most error codes counted apart. */
  public static final int MAX_CODES = 32;

  /** Copies the map. */
  public MinerStats {
    rejectsByCode = Map.copyOf(rejectsByCode);
  }

  /** Mean hashes per second since the start, for display. */
  public double hashesPerSecond() {
    return elapsedNanos <= 0 ? 0 : hashes * 1e9 / elapsedNanos;
  }
}
