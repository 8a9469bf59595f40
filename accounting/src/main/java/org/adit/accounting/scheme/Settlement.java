package org.adit.accounting.scheme;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
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
    SortedMap<String, SortedMap<String, BigInteger>> accounts = scale(weights);
    Map<String, BigInteger> accountWeights = new TreeMap<>(LargestRemainder.KEY_ORDER);
    accounts.forEach((account, workers) ->
        accountWeights.put(
            account, workers.values().stream().reduce(BigInteger.ZERO, BigInteger::add)));
    Map<String, Long> subsidies = LargestRemainder.split(rest.subsidySat(), accountWeights);
    Map<String, Long> fees = LargestRemainder.split(rest.feesSat(), accountWeights);
    List<Credit> credits = new ArrayList<>(weights.size());
    accounts.forEach((account, workers) -> {
      Map<String, Long> subsidy =
          LargestRemainder.split(subsidies.getOrDefault(account, 0L), workers);
      Map<String, Long> fee1 = LargestRemainder.split(fees.getOrDefault(account, 0L), workers);
      for (String worker : workers.keySet()) {
        WorkerKey key = new WorkerKey(account, worker);
        credits.add(
            new Credit(
                key,
                weights.getOrDefault(key, Rational.ZERO),
                new Amounts(subsidy.getOrDefault(worker, 0L), fee1.getOrDefault(worker, 0L))));
      }
    });
    return new Settlement(poolFee, credits);
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
