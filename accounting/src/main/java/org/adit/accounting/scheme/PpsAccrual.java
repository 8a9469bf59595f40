package org.adit.accounting.scheme;

import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Pay per share within one epoch (one network work, subsidy and fee estimate). A share is worth far
 * less than a satoshi, so work is summed and the credit is the growth of the floor of what the sum
 * is worth: many small credits are exactly one big one. The rest below a satoshi is dropped when
 * the epoch ends.
 */
public final class PpsAccrual {
  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  private final Rational subsidyRate;
  private final Rational feesRate;
  private final Map<String, BigInteger> work = new HashMap<>();
  private final SortedMap<String, Amounts> credited = new TreeMap<>(LargestRemainder.KEY_ORDER);

  /**
   * Starts an epoch.
   *
   * @param networkWork expected hashes of a block, positive
   * @param subsidySat block subsidy
   * @param expectedFeesSat expected transaction fees of a block; zero for plain PPS
   */
  public PpsAccrual(BigInteger networkWork, long subsidySat, Rational expectedFeesSat, FeePpm fee) {
    if (networkWork.signum() <= 0 || subsidySat < 0 || expectedFeesSat.signum() < 0) {
      throw new IllegalArgumentException(
          "network work "
              + networkWork
              + ", subsidy "
              + subsidySat
              + " and expected fees "
              + expectedFeesSat
              + " (expected: > 0, >= 0, >= 0)");
    }
    this.subsidyRate = rate(Rational.of(subsidySat), fee.subsidyPpm(), networkWork);
    this.feesRate = rate(expectedFeesSat, fee.feesPpm(), networkWork);
  }

  private static Rational rate(Rational perBlock, int feePpm, BigInteger networkWork) {
    BigInteger kept = MILLION.subtract(BigInteger.valueOf(feePpm));
    return perBlock.times(Rational.of(kept, MILLION.multiply(networkWork)));
  }

  /** Satoshi of subsidy per hash of work, exact. */
  public Rational subsidyRate() {
    return subsidyRate;
  }

  /** Satoshi of transaction fees per hash of work, exact. */
  public Rational feesRate() {
    return feesRate;
  }

  /**
   * Adds work of an account.
   *
   * @return what it is credited for it now
   */
  public Amounts add(String account, BigInteger moreWork) {
    if (moreWork.signum() < 0) {
      throw new IllegalArgumentException("work " + moreWork + " (expected: >= 0)");
    }
    Amounts worth = worth(work.merge(account, moreWork, BigInteger::add));
    Amounts before = credited.getOrDefault(account, Amounts.ZERO);
    credited.put(account, worth);
    return worth.minus(before);
  }

  /**
   * What an account's whole work of the epoch is worth, each part rounded down once.
   *
   * @param sum expected hashes, not negative
   */
  public Amounts worth(BigInteger sum) {
    return new Amounts(
        subsidyRate.timesFloor(sum).longValueExact(), feesRate.timesFloor(sum).longValueExact());
  }

  /** Work of the epoch so far, per account. */
  public Map<String, BigInteger> work() {
    return Collections.unmodifiableMap(work);
  }

  /** Credits of the epoch so far, per account. */
  public SortedMap<String, Amounts> credited() {
    return Collections.unmodifiableSortedMap(credited);
  }
}
