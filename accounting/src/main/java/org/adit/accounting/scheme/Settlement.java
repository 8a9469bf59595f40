package org.adit.accounting.scheme;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
    return divide(reward, fee, new Parts(weights), null);
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
    return divide(reward, fee, new Parts(weights), new Parts(feeWeights));
  }

  private static Settlement divide(
      Amounts reward, FeePpm fee, Parts parts, @Nullable Parts feeParts) {
    Amounts poolFee = fee.of(reward);
    Amounts rest = reward.minus(poolFee);
    long[] subsidies = parts.split(rest.subsidySat());
    long[] fees =
        feeParts == null ? parts.split(rest.feesSat()) : feeParts.split(rest.feesSat(), parts);
    List<Credit> credits = new ArrayList<>(subsidies.length);
    for (int i = 0; i < subsidies.length; i++) {
      credits.add(
          new Credit(
              parts.workers.get(i), parts.weights.get(i), new Amounts(subsidies[i], fees[i])));
    }
    return new Settlement(poolFee, credits);
  }

  /**
   * Weights in key order as integers over one common denominator, zero weights left out, ready to
   * split several amounts: over accounts, then over each account's workers.
   */
  private static final class Parts {
    final List<WorkerKey> workers = new ArrayList<>();
    final List<Rational> weights = new ArrayList<>();
    private final List<BigInteger> scaled = new ArrayList<>();

    /** Where each account's workers begin, and the end. */
    private final List<Integer> starts = new ArrayList<>();

    private final List<BigInteger> accountSums = new ArrayList<>();

    Parts(SortedMap<WorkerKey, Rational> unordered) {
      SortedMap<WorkerKey, Rational> ordered = unordered;
      if (unordered.comparator() != null) {
        ordered = new TreeMap<>();
        ordered.putAll(unordered);
      }
      BigInteger common = commonDenominator(ordered.values());
      ordered.forEach((worker, weight) -> {
        if (weight.signum() != 0) {
          add(worker, weight, common);
        }
      });
      starts.add(workers.size());
    }

    private void add(WorkerKey worker, Rational weight, BigInteger common) {
      BigInteger whole = weight.numerator().multiply(common.divide(weight.denominator()));
      if (workers.isEmpty() || !workers.getLast().account().equals(worker.account())) {
        starts.add(workers.size());
        accountSums.add(whole);
      } else {
        accountSums.set(accountSums.size() - 1, accountSums.getLast().add(whole));
      }
      workers.add(worker);
      weights.add(weight);
      scaled.add(whole);
    }

    long[] split(long totalSat) {
      long[] accounts = LargestRemainder.split(totalSat, accountSums);
      long[] amounts = new long[workers.size()];
      for (int a = 0; a < accounts.length; a++) {
        int start = starts.get(a);
        int end = starts.get(a + 1);
        if (end - start == 1) {
          amounts[start] = accounts[a];
        } else {
          long[] inside = LargestRemainder.split(accounts[a], scaled.subList(start, end));
          System.arraycopy(inside, 0, amounts, start, inside.length);
        }
      }
      return amounts;
    }

    /** Amounts by these weights in the order of other ones. */
    long[] split(long totalSat, Parts order) {
      long[] own = split(totalSat);
      Map<WorkerKey, Long> byWorker = new HashMap<>();
      for (int i = 0; i < own.length; i++) {
        byWorker.put(workers.get(i), own[i]);
      }
      long[] amounts = new long[order.workers.size()];
      for (int i = 0; i < amounts.length; i++) {
        amounts[i] = byWorker.getOrDefault(order.workers.get(i), 0L);
      }
      return amounts;
    }
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
