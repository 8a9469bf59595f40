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
