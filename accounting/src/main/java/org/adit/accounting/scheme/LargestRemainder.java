package org.adit.accounting.scheme;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Splits an amount by weight, exactly: floors first, then one satoshi each to the largest
 * remainders, ties by ascending key bytes. The result depends on nothing but amount, keys and
 * weights.
 */
public final class LargestRemainder {
  /** Keys by their UTF-8 bytes, unsigned; the order of ties and of every exported list. */
  public static final Comparator<String> KEY_ORDER = LargestRemainder::compareBytes;

  private record Part(String key, BigInteger weight, long floor, BigInteger remainder) {}

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
    if (totalSat < 0) {
      throw new IllegalArgumentException("amount " + totalSat + " (expected: >= 0)");
    }
    BigInteger sum = sum(weights);
    BigInteger total = BigInteger.valueOf(totalSat);
    List<Part> parts = new ArrayList<>(weights.size());
    long left = totalSat;
    for (Map.Entry<String, BigInteger> entry : weights.entrySet()) {
      BigInteger[] division = total.multiply(entry.getValue()).divideAndRemainder(sum);
      long floor = division[0].longValueExact();
      parts.add(new Part(entry.getKey(), entry.getValue(), floor, division[1]));
      left -= floor;
    }
    parts.sort(
        Comparator.comparing(Part::remainder).reversed().thenComparing(Part::key, KEY_ORDER));
    SequencedMap<String, Long> amounts = new TreeMap<>(KEY_ORDER);
    for (Part part : parts) {
      // left is below the number of non-zero remainders, so a zero weight is never reached.
      long extra = left > 0 ? 1 : 0;
      left -= extra;
      amounts.put(part.key(), part.floor() + extra);
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

  private static BigInteger sum(Map<String, BigInteger> weights) {
    BigInteger sum = BigInteger.ZERO;
    for (BigInteger weight : weights.values()) {
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
