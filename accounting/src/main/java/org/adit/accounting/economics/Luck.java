package org.adit.accounting.economics;

import java.math.BigInteger;
import java.util.List;

/**
 * Blocks found against blocks to be expected.
 *
 * @param efforts work over network work of each round; below 1 is good
 * @param expected sum of the efforts
 * @param found blocks found
 * @param luck found over expected; above 1 is good
 * @param interval where the luck behind the count lies
 * @param probabilityAtMost chance of so few blocks or fewer if all is well
 */
public record Luck(
    List<Double> efforts,
    double expected,
    long found,
    double luck,
    Interval interval,
    double probabilityAtMost) {

  /** Below this chance something is wrong: withheld blocks, a broken submission. */
  public static final double ALARM = 0.001;

  public Luck {
    efforts = List.copyOf(efforts);
  }

  /**
   * A round.
   *
   * @param work of its shares
   * @param networkWork expected hashes of a block, positive
   * @param found whether it ended with a block; the newest one may not have
   */
  public record Round(BigInteger work, BigInteger networkWork, boolean found) {
    /** Work over network work. */
    public double effort() {
      return work.doubleValue() / Checks.positive("network work", networkWork.doubleValue());
    }
  }

  /**
   * Luck over rounds.
   *
   * @param confidence of the interval, such as 0.95
   * @throws IllegalArgumentException when there was no work at all
   */
  public static Luck of(List<Round> rounds, double confidence) {
    List<Double> efforts = rounds.stream().map(Round::effort).toList();
    double expected = efforts.stream().mapToDouble(Double::doubleValue).sum();
    long found = rounds.stream().filter(Round::found).count();
    return of(efforts, expected, found, confidence);
  }

  /** Luck over a span of work. */
  public static Luck of(double expected, long found, double confidence) {
    return of(List.of(), expected, found, confidence);
  }

  private static Luck of(List<Double> efforts, double expected, long found, double confidence) {
    Checks.positive("expected blocks", expected);
    return new Luck(
        efforts,
        expected,
        found,
        found / expected,
        Poisson.interval((double) found, confidence).times(1 / expected),
        Poisson.atMost(found, expected));
  }

  /** Whether so few blocks are no accident. */
  public boolean isAlarming() {
    return probabilityAtMost < ALARM;
  }
}
