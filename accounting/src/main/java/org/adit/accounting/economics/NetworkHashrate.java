package org.adit.accounting.economics;

import java.math.BigInteger;
import org.adit.hasher.Target;

/** Hashrates of a whole network, in hashes per second. */
public final class NetworkHashrate {
  /** What difficulty aims at. */
  public static final int BLOCK_SECONDS = 600;

  /** Expected hashes of difficulty 1: {@code floor(2^256 / (0xffff * 2^208 + 1))}, not 2^32. */
  public static final double DIFFICULTY_1_WORK = 4_295_032_833.0;

  private NetworkHashrate() {}

  /** Expected hashes of a block at a compact target. */
  public static BigInteger work(int nBits) {
    return Target.ofCompact(nBits).work().hashes();
  }

  /**
   * What the difficulty implies: a block's work every so many seconds. It is not a measurement.
   *
   * @param blockSeconds time between blocks, positive; 600 on Bitcoin
   */
  public static double implied(BigInteger networkWork, double blockSeconds) {
    return networkWork.doubleValue() / Checks.positive("block seconds", blockSeconds);
  }

  /**
   * What was measured: chainwork gained over a span of header times.
   *
   * @param seconds length of the span, positive
   */
  public static double measured(BigInteger chainworkGained, double seconds) {
    return chainworkGained.doubleValue() / Checks.positive("seconds", seconds);
  }
}
