package org.adit.accounting.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LargestRemainderTest {

  private static Map<String, BigInteger> weights(Random random) {
    Map<String, BigInteger> weights = new LinkedHashMap<>();
    int count = 1 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      int bits = random.nextInt(130);
      weights.put(
          "k" + random.nextInt(1_000),
          random.nextInt(5) == 0 ? BigInteger.ZERO : new BigInteger(bits, random));
    }
    weights.put("one", BigInteger.ONE);
    return weights;
  }

  @Test
  void splitsAreExactFairToOneSatoshiAndIndependentOfOrder() {
    Random random = new Random(1);
    for (int run = 0; run < 2_000; run++) {
      Map<String, BigInteger> weights = weights(random);
      long total = random.nextLong(Amounts.MAX_SAT);
      Map<String, Long> amounts = LargestRemainder.split(total, weights);
      BigInteger sum = weights.values().stream().reduce(BigInteger.ZERO, BigInteger::add);

      assertThat(amounts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(total);
      weights.forEach((key, weight) -> {
        long amount = amounts.getOrDefault(key, -1L);
        BigInteger exact = BigInteger.valueOf(total).multiply(weight);
        BigInteger error = BigInteger.valueOf(amount).multiply(sum).subtract(exact).abs();
        assertThat(error).isLessThan(sum);
        assertThat(weight.signum() == 0 ? amount : 0).isZero();
      });

      List<Map.Entry<String, BigInteger>> shuffled = new ArrayList<>(weights.entrySet());
      Collections.shuffle(shuffled, random);
      Map<String, BigInteger> other = new LinkedHashMap<>();
      shuffled.forEach(entry -> other.put(entry.getKey(), entry.getValue()));
      assertThat(LargestRemainder.split(total, other)).isEqualTo(amounts);
    }
  }

  @Test
  void tiesGoToTheLowerKeyByBytesNotByLocale() {
    Map<String, BigInteger> weights =
        Map.of("ä", BigInteger.ONE, "z", BigInteger.ONE, "Z", BigInteger.ONE);
    assertThat(LargestRemainder.split(1, weights))
        .containsExactlyInAnyOrderEntriesOf(Map.of("Z", 1L, "z", 0L, "ä", 0L));
    assertThat(LargestRemainder.split(1, weights).sequencedKeySet()).containsExactly("Z", "z", "ä");
  }

  /** Remainders that differ in their lowest bits only, below what a machine word holds. */
  @Test
  void remaindersAreComparedToTheLastBit() {
    Random random = new Random(2);
    for (int run = 0; run < 500; run++) {
      BigInteger base = new BigInteger(90 + random.nextInt(30), random).setBit(89);
      List<BigInteger> weights = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        weights.add(base.add(BigInteger.valueOf(random.nextInt(4))));
      }
      long total = 1L + random.nextInt(1_000);
      BigInteger sum = weights.stream().reduce(BigInteger.ZERO, BigInteger::add);
      long[] expected = new long[weights.size()];
      List<Integer> order = new ArrayList<>();
      long left = total;
      List<BigInteger> remainders = new ArrayList<>();
      for (int i = 0; i < expected.length; i++) {
        BigInteger[] division =
            weights.get(i).multiply(BigInteger.valueOf(total)).divideAndRemainder(sum);
        expected[i] = division[0].longValueExact();
        left -= expected[i];
        remainders.add(division[1]);
        order.add(i);
      }
      order.sort(Comparator.<Integer, BigInteger>comparing(remainders::get).reversed());
      for (int i = 0; i < left; i++) {
        expected[order.get(i)]++;
      }
      assertThat(LargestRemainder.split(total, weights)).isEqualTo(expected);
    }
  }

  @Test
  void nobodyToPayIsAnErrorNeverAGainOfThePool() {
    assertThatThrownBy(() -> LargestRemainder.split(1, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LargestRemainder.split(1, Map.of("a", BigInteger.ZERO)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LargestRemainder.split(-1, Map.of("a", BigInteger.ONE)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LargestRemainder.split(1, Map.of("a", BigInteger.ONE.negate())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
