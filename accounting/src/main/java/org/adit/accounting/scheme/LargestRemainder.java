package org.adit.accounting.scheme;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Splits an amount by weight, exactly: floors first, then one satoshi each to the largest
 * remainders, ties by ascending key bytes. The result depends on nothing but amount, keys and
 * weights.
 */
public final class LargestRemainder {
  /** Keys by their UTF-8 bytes, unsigned; the order of ties and of every exported list. */
  public static final Comparator<String> KEY_ORDER = LargestRemainder::compareBytes;

  private static final int TOP_BITS = 63;

  private LargestRemainder() {}

  /**
   * Splits.
   *
   * @param totalSat amount to split, not negative
   * @param weights non-negative weight per key; a zero weight receives nothing
   * @return an amount for each key, in key order, summing to {@code totalSat}
   * @throws IllegalArgumentException when the total or a weight is negative, or all weights are
   *     zero: who gets the amount then is for the caller to say
   */
  public static SequencedMap<String, Long> split(long totalSat, Map<String, BigInteger> weights) {
    List<String> keys = new ArrayList<>(weights.keySet());
    keys.sort(KEY_ORDER);
    List<BigInteger> inOrder = new ArrayList<>(keys.size());
    for (String key : keys) {
      inOrder.add(weights.getOrDefault(key, BigInteger.ZERO));
    }
    long[] parts = split(totalSat, inOrder);
    SequencedMap<String, Long> amounts = new LinkedHashMap<>();
    for (int i = 0; i < parts.length; i++) {
      amounts.put(keys.get(i), parts[i]);
    }
    return amounts;
  }

  /**
   * The same for weights that are in key order already.
   *
   * @return an amount for each weight, in their order
   */
  public static long[] split(long totalSat, List<BigInteger> weights) {
    if (totalSat < 0) {
      throw new IllegalArgumentException("amount " + totalSat + " (expected: >= 0)");
    }
    BigInteger sum = sum(weights);
    BigInteger total = BigInteger.valueOf(totalSat);
    long[] amounts = new long[weights.size()];
    BigInteger[] remainders = new BigInteger[weights.size()];
    // Remainders are below the sum; their upper 63 bits decide nearly every comparison.
    long[] tops = new long[weights.size()];
    int lower = Math.max(0, sum.bitLength() - TOP_BITS);
    List<Integer> order = new ArrayList<>(weights.size());
    long left = totalSat;
    for (int i = 0; i < amounts.length; i++) {
      BigInteger[] division = total.multiply(weights.get(i)).divideAndRemainder(sum);
      amounts[i] = division[0].longValueExact();
      remainders[i] = division[1];
      left -= amounts[i];
      if (division[1].signum() > 0) {
        tops[i] = division[1].shiftRight(lower).longValue();
        order.add(i);
      }
    }
    if (left > 0) {
      // A stable sort: ties stay in key order. left is below the number of remainders.
      order.sort((a, b) -> {
        int top = Long.compare(tops[b], tops[a]);
        return top != 0 ? top : remainders[b].compareTo(remainders[a]);
      });
      for (int i = 0; i < left; i++) {
        amounts[order.get(i)]++;
      }
    }
    return amounts;
  }

  /**
   * UTF-8 keeps the order of code points, so the first difference decides without encoding, but for
   * surrogates, which sort elsewhere in UTF-16.
   */
  private static int compareBytes(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return Character.isSurrogate(x) || Character.isSurrogate(y)
            ? Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8))
            : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private static BigInteger sum(List<BigInteger> weights) {
    BigInteger sum = BigInteger.ZERO;
    for (BigInteger weight : weights) {
      if (weight.signum() < 0) {
        throw new IllegalArgumentException("weight " + weight + " (expected: >= 0)");
      }
      sum = sum.add(weight);
    }
    if (sum.signum() == 0) {
      throw new IllegalArgumentException("all weights are zero; there is nobody to pay");
    }
    return sum;
  }
}
