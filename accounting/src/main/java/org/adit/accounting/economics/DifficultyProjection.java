package org.adit.accounting.economics;

/**
 * Where difficulty is heading within a period of 2016 blocks. The period's time counts 2015
 * intervals, between its first and its last block. Early on, the pace is noise: its relative error
 * is one over the root of the intervals.
 *
 * @param intervals between blocks of the period so far, 1 to 2015
 * @param elapsedSeconds from the period's first block to the newest, positive
 */
public record DifficultyProjection(int intervals, double elapsedSeconds) {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public DifficultyProjection {
    if (intervals < 1 || intervals > Retarget.INTERVALS) {
      throw new IllegalArgumentException("intervals " + intervals + " (expected: 1 to 2015)");
    }
    Checks.positive("elapsed seconds", elapsedSeconds);
  }

  /** Mean seconds between the period's blocks. */
  public double averageSeconds() {
    return elapsedSeconds / intervals;
  }

  /** Relative change of difficulty if the pace holds. */
  public double changeAtThisPace() {
    return change(averageSeconds() * Retarget.INTERVALS);
  }

  /**
   * Where the relative change of difficulty ends when blocks go on to come at one pace that is
   * known from those so far only: both that pace and the blocks to come are left to chance.
   *
   * @param confidence such as 0.95
   */
  public Interval changeRange(double confidence) {
    double tail = (1 - Checks.fraction("confidence", confidence)) / 2;
    int left = Retarget.INTERVALS - intervals;
    if (left == 0) {
      return new Interval(changeAtThisPace(), changeAtThisPace());
    }
    double mean = left * averageSeconds();
    return new Interval(
        change(elapsedSeconds + mean * RatioOfTimes.quantile(1 - tail, left, intervals)),
        change(elapsedSeconds + mean * RatioOfTimes.quantile(tail, left, intervals)));
  }

  /** Relative change of difficulty if the rest of the period takes 600 s a block. */
  public double changeAtTargetPace() {
    return change(elapsedSeconds + (Retarget.INTERVALS - intervals) * 600.0);
  }

  /** Seconds to the last block of the period if the pace holds. */
  public double remainingSeconds() {
    return (Retarget.INTERVALS - intervals) * averageSeconds();
  }

  private static double change(double spanSeconds) {
    double clamped =
        Math.clamp(
            spanSeconds,
            Retarget.SPAN_SECONDS / (double) Retarget.MAX_STEP,
            Retarget.SPAN_SECONDS * (double) Retarget.MAX_STEP);
    return Retarget.SPAN_SECONDS / clamped - 1;
  }
}
