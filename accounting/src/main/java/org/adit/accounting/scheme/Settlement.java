package org.adit.accounting.scheme;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a block is divided: the pool's fee and each worker's credit, in key order. Fee and credits
 * sum to the block's amounts, each of the two by itself.
 *
 * @param poolFee the operator's part
 * @param credits one per worker with a positive weight, the reserve last
 */
public record Settlement(Amounts poolFee, List<Credit> credits) {

  public Settlement {
    credits = List.copyOf(credits);
  }

  /**
   * Divides by weights: over accounts first, then each account's part over its workers, so that a
   * miner gains no satoshi by inventing worker names.
   *
   * @param weights exact weights, at least one positive
   * @throws IllegalArgumentException when no weight is positive
   */
  public static Settlement divide(
      Amounts reward, FeePpm fee, SortedMap<WorkerKey, Rational> weights) {
    Amounts poolFee = fee.of(reward);
    Amounts rest = reward.minus(poolFee);
    Parts parts = new Parts(weights);
    Map<WorkerKey, Long> subsidies = parts.split(rest.subsidySat());
    Map<WorkerKey, Long> fees = parts.split(rest.feesSat());
    return new Settlement(poolFee, credits(weights, subsidies, fees));
  }

  /**
   * Divides the subsidy by one set of weights and the transaction fees by another.
   *
   * @param weights for the subsidy, at least one positive; credits carry these
   * @param feeWeights for the transaction fees, of the same workers or fewer, at least one positive
   * @throws IllegalArgumentException when no weight of a set is positive
   */
  public static Settlement divide(
      Amounts reward,
      FeePpm fee,
      SortedMap<WorkerKey, Rational> weights,
      SortedMap<WorkerKey, Rational> feeWeights) {
    Amounts poolFee = fee.of(reward);
    Amounts rest = reward.minus(poolFee);
    Map<WorkerKey, Long> subsidies = new Parts(weights).split(rest.subsidySat());
    Map<WorkerKey, Long> fees = new Parts(feeWeights).split(rest.feesSat());
    return new Settlement(poolFee, credits(weights, subsidies, fees));
  }

  private static List<Credit> credits(
      SortedMap<WorkerKey, Rational> weights,
      Map<WorkerKey, Long> subsidies,
      Map<WorkerKey, Long> fees) {
    List<Credit> credits = new ArrayList<>(weights.size());
    weights.forEach((worker, weight) -> {
      if (weight.signum() != 0) {
        credits.add(
            new Credit(
                worker,
                weight,
                new Amounts(subsidies.getOrDefault(worker, 0L), fees.getOrDefault(worker, 0L))));
      }
    });
    return credits;
  }

  /** Weights as integers, ready to split several amounts: over accounts, then over workers. */
  private static final class Parts {
    private final SortedMap<String, SortedMap<String, BigInteger>> accounts;
    private final Map<String, BigInteger> sums = new TreeMap<>(LargestRemainder.KEY_ORDER);

    Parts(SortedMap<WorkerKey, Rational> weights) {
      accounts = scale(weights);
      accounts.forEach((account, workers) ->
          sums.put(account, workers.values().stream().reduce(BigInteger.ZERO, BigInteger::add)));
    }

    Map<WorkerKey, Long> split(long totalSat) {
      Map<WorkerKey, Long> amounts = new HashMap<>();
      LargestRemainder.split(totalSat, sums)
          .forEach((account, sat) ->
              LargestRemainder.split(sat, accounts.getOrDefault(account, new TreeMap<>()))
                  .forEach((worker, part) -> amounts.put(new WorkerKey(account, worker), part)));
      return amounts;
    }
  }

  /** Weights as integers over one common denominator; zero weights are left out. */
  private static SortedMap<String, SortedMap<String, BigInteger>> scale(
      SortedMap<WorkerKey, Rational> weights) {
    BigInteger common = commonDenominator(weights.values());
    SortedMap<String, SortedMap<String, BigInteger>> scaled =
        new TreeMap<>(LargestRemainder.KEY_ORDER);
    weights.forEach((key, weight) -> {
      if (weight.signum() != 0) {
        scaled
            .computeIfAbsent(key.account(), account -> new TreeMap<>(LargestRemainder.KEY_ORDER))
            .put(key.worker(), weight.numerator().multiply(common.divide(weight.denominator())));
      }
    });
    return scaled;
  }

  private static BigInteger commonDenominator(Collection<Rational> weights) {
    BigInteger common = BigInteger.ONE;
    for (Rational weight : weights) {
      BigInteger denominator = weight.denominator();
      if (common.mod(denominator).signum() != 0) {
        common = common.divide(common.gcd(denominator)).multiply(denominator);
      }
    }
    return common;
  }

  /** Sum of all credits. */
  public Amounts credited() {
    return credits.stream().map(Credit::amounts).reduce(Amounts.ZERO, Amounts::plus);
  }

  /** Credits per account, in key order. */
  public SortedMap<String, Amounts> byAccount() {
    SortedMap<String, Amounts> accounts = new TreeMap<>(LargestRemainder.KEY_ORDER);
    for (Credit credit : credits) {
      accounts.merge(credit.worker().account(), credit.amounts(), Amounts::plus);
    }
    return accounts;
  }
}
