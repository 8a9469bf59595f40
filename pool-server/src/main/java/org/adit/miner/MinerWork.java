package org.adit.miner;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Target;

/**
 * A job together with all that decides which headers may be tried for it. Threads take {@link
 * Unit}s from it; no two units share a header.
 */
final class MinerWork {
  /** How far ntime is rolled at most. Pools accept up to 7 000 s; nobody needs that much. */
  static final int MAX_TIME_ROLL_SECONDS = 600;

  private final StratumSession session;
  private final StratumJob job;
  private final long generation;
  private final byte[] extranonce1;
  private final int extranonce2Size;
  private final int versionMask;
  private final Difficulty difficulty;
  private final Target target;
  private final AtomicLong units;
  private final long firstUnit;

  /**
   * Makes work.
   *
   * @param session the connection it came over
   * @param generation rises with each work of the session
   * @param units counts the units handed out; shared by all work of the session, so that a pool
   *     that sends the same coinbase in two jobs still never gets a header twice
   */
  MinerWork(
      StratumSession session,
      StratumJob job,
      long generation,
      byte[] extranonce1,
      int extranonce2Size,
      int versionMask,
      Difficulty difficulty,
      AtomicLong units) {
    this.session = session;
    this.job = job;
    this.generation = generation;
    this.extranonce1 = extranonce1.clone();
    this.extranonce2Size = extranonce2Size;
    this.versionMask = versionMask;
    this.difficulty = difficulty;
    this.target = difficulty.target();
    this.units = units;
    this.firstUnit = units.get();
  }

  /**
   * Work for one thread: all nonces and version bits of one header.
   *
   * @param extranonce2 hex as it is submitted
   * @param header the header, nonce 0
   */
  record Unit(String extranonce2, BlockHeader header) {}

  /** The next part of the search space; empty when it is used up and only a new job helps. */
  Optional<Unit> nextUnit() {
    long index = units.getAndIncrement();
    // Extranonce2 first; when all its values are used, the time goes one second ahead for each
    // further round.
    long rounds = 0;
    if (extranonce2Size < 7) {
      rounds = (index - firstUnit) >>> (8 * extranonce2Size);
    }
    if (rounds > MAX_TIME_ROLL_SECONDS) {
      return Optional.empty();
    }
    byte[] extranonce2 = littleEndian(index, extranonce2Size);
    return Optional.of(
        new Unit(
            HexFormat.of().formatHex(extranonce2),
            job.header(extranonce1, extranonce2, (int) rounds)));
  }

  private static byte[] littleEndian(long value, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < Math.min(size, Long.BYTES); i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  /**
   * Version bits the scanner may roll. Bits the job has set itself are left alone: the pools of the
   * world replace, OR or XOR them, and all agree only where the job's bit is zero.
   */
  int rollMask() {
    return versionMask & ~job.version();
  }

  /** The network's target; empty when the pool sent nonsense for it. */
  Optional<Target> networkTarget() {
    try {
      return Optional.of(Target.ofCompact(job.bits()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  StratumSession session() {
    return session;
  }

  StratumJob job() {
    return job;
  }

  long generation() {
    return generation;
  }

  int versionMask() {
    return versionMask;
  }

  Difficulty difficulty() {
    return difficulty;
  }

  Target target() {
    return target;
  }
}
