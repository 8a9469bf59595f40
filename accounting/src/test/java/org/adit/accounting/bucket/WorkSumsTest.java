package org.adit.accounting.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.WindowWalk;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.adit.accounting.scheme.WorkerKey;
import org.junit.jupiter.api.Test;

class WorkSumsTest {

  private static WorkerKey key(int id) {
    return new WorkerKey("w" + id, "");
  }

  @Test
  void sumsArePreciseBeyondSixtyFourBits() {
    SplittableRandom random = new SplittableRandom(1);
    WorkSums sums = new WorkSums();
    Map<WorkerKey, Rational> expected = new HashMap<>();
    BigInteger total = BigInteger.ZERO;
    for (int i = 0; i < 5_000; i++) {
      int worker = random.nextInt(300);
      BigInteger work;
      if (random.nextBoolean()) {
        long share = random.nextLong(Long.MAX_VALUE);
        sums.add(worker, share);
        work = BigInteger.valueOf(share);
      } else {
        byte[] sum =
            ByteBuffer.allocate(16)
                .putLong(random.nextLong(1L << 40))
                .putLong(random.nextLong())
                .array();
        sums.add(worker, sum);
        work = new BigInteger(1, sum);
      }
      total = total.add(work);
      expected.merge(key(worker), Rational.of(work), Rational::plus);
    }
    assertThat(sums.total()).isEqualTo(total);
    WindowWalk walk = WindowWalk.unbounded(Measure.WORK);
    // Some are named in an order, one of them never worked, the others are not forgotten.
    sums.moveInto(walk, List.of(299, 7, 1_000_000, 12), WorkSumsTest::key, BigInteger.TWO);
    assertThat(walk.finish().weights()).isEqualTo(expected);
    assertThat(walk.finish().filled()).isEqualTo(Rational.of(total));
    assertThat(sums.total()).isZero();
  }

  @Test
  void sharesAreTakenOffAgainAndCounted() {
    WorkSums sums = new WorkSums();
    assertThat(sums.work(7)).isZero();
    assertThat(sums.shares(7)).isZero();
    assertThat(sums.shares(1_000)).isZero();
    assertThat(sums.work(1_000)).isZero();
    sums.remove(1_000);
    BigInteger large = BigInteger.ONE.shiftLeft(64).add(BigInteger.valueOf(5));
    sums.add(7, 3, large);
    sums.add(7, 0, large);
    sums.add(200, 10L);
    assertThat(sums.shares(7)).isEqualTo(3);
    sums.subtract(7, 6);
    assertThat(sums.work(7))
        .as("borrowed from the high half")
        .isEqualTo(large.subtract(BigInteger.valueOf(6)));
    assertThat(sums.shares(7)).isEqualTo(2);
    sums.subtract(200, 10);
    assertThat(sums.work(200)).isZero();
    assertThatThrownBy(() -> sums.subtract(200, 0)).isInstanceOf(IllegalStateException.class);
    sums.add(200, 4L);
    assertThatThrownBy(() -> sums.subtract(200, 5)).hasMessageContaining("worker 200");
    List<Integer> named = new ArrayList<>();
    sums.forEachWorker(named::add);
    assertThat(named).containsExactly(7, 200);
    sums.remove(7);
    assertThat(sums.total()).isEqualTo(BigInteger.valueOf(4));
    assertThat(sums.shares(7)).isZero();
  }
}
