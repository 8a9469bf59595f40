package org.adit.accounting.economics;

import java.math.BigInteger;
import org.adit.hasher.CompactBits;
import org.adit.hasher.Target;

/** The network's rule for the next target, exactly as consensus computes it. */
public final class Retarget {
  /** Seconds a period should take. */
  static final long SPAN_SECONDS = 14L * 24 * 60 * 60;

  /** Intervals that are counted: the one to the first block of a period is not. */
  static final int INTERVALS = 2015;

  /** A period's time counts at least a quarter and at most four times what it should. */
  static final int MAX_STEP = 4;

  private Retarget() {}

  /**
   * The compact target of the next period.
   *
   * @param nBits of the last block of this period (on testnet4: of its first block)
   * @param firstTime header time of the period's first block, seconds
   * @param lastTime header time of its last block
   * @param limitBits the chain's easiest target
   */
  public static int next(int nBits, long firstTime, long lastTime, int limitBits) {
    long span =
        Math.clamp(
            Math.subtractExact(lastTime, firstTime),
            SPAN_SECONDS / MAX_STEP,
            SPAN_SECONDS * MAX_STEP);
    BigInteger target =
        Target.ofCompact(nBits)
            .value()
            .multiply(BigInteger.valueOf(span))
            .divide(BigInteger.valueOf(SPAN_SECONDS));
    return CompactBits.compress(target.min(Target.ofCompact(limitBits).value()));
  }

  /** Relative change of difficulty from one compact target to another; 0.05 is five percent up. */
  public static double change(int fromBits, int toBits) {
    return Target.ofCompact(fromBits).value().doubleValue()
            / Target.ofCompact(toBits).value().doubleValue()
        - 1;
  }
}
