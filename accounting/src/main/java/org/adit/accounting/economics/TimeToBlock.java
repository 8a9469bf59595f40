package org.adit.accounting.economics;

import java.math.BigInteger;

/**
 * How long until a block: exponential, so the past does not count.
 *
 * @param hashesPerSecond positive
 * @param networkWork expected hashes of a block, positive
 */
public record TimeToBlock(double hashesPerSecond, BigInteger networkWork) {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException when one is not positive
   */
  public TimeToBlock {
    Checks.positive("hashrate", hashesPerSecond);
    Checks.positive("network work", networkWork.doubleValue());
  }

  /** Mean time. */
  public double expectedSeconds() {
    return networkWork.doubleValue() / hashesPerSecond;
  }

  /**
   * The time by which a block is found with a given chance; 0.5 for the median.
   *
   * @param probability between 0 and 1
   */
  public double secondsFor(double probability) {
    return -Math.log1p(-Checks.fraction("probability", probability)) * expectedSeconds();
  }

  /** The chance of at least one block within so many seconds. */
  public double probabilityWithin(double seconds) {
    return Poisson.atLeastOne(Checks.notNegative("seconds", seconds) / expectedSeconds());
  }
}
