package org.adit.accounting.economics;

import java.math.BigInteger;
import java.util.List;

/**
 * Hashrate by exposure: shares over the sum of connected time divided by the work asked for. The
 * count is plainly Poisson whatever vardiff did, so the interval is exact.
 *
 * @param shares how many
 * @param secondsPerWork exposure: connected seconds over work, summed
 * @param connectedHashesPerSecond while connected
 * @param interval of that
 * @param averageHashesPerSecond over the whole window, the time away included
 * @param workHashesPerSecond sum of work over the window, for comparison
 */
public record ExposureEstimate(
    long shares,
    double secondsPerWork,
    double connectedHashesPerSecond,
    Interval interval,
    double averageHashesPerSecond,
    double workHashesPerSecond) {

  /**
   * Time connected at one share target.
   *
   * @param count shares in it
   * @param work of a share, positive
   * @param seconds connected, at least 0
   */
  public record Segment(long count, BigInteger work, double seconds) {}

  /**
   * Estimates.
   *
   * @param windowSeconds length of the window, positive
   * @param confidence such as 0.95
   * @throws IllegalArgumentException when there was no connected time
   */
  public static ExposureEstimate of(
      List<Segment> segments, double windowSeconds, double confidence) {
    Checks.positive("window seconds", windowSeconds);
    long shares = 0;
    double exposure = 0;
    double connected = 0;
    BigInteger work = BigInteger.ZERO;
    for (Segment segment : segments) {
      shares += segment.count();
      exposure +=
          Checks.notNegative("seconds", segment.seconds())
              / Checks.positive("work", segment.work().doubleValue());
      connected += segment.seconds();
      work = work.add(segment.work().multiply(BigInteger.valueOf(segment.count())));
    }
    Checks.positive("connected seconds", exposure);
    double rate = shares / exposure;
    return new ExposureEstimate(
        shares,
        exposure,
        rate,
        Poisson.interval((double) shares, confidence).times(1 / exposure),
        rate * connected / windowSeconds,
        work.doubleValue() / windowSeconds);
  }
}
