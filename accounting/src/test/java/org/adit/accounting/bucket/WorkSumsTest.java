package org.adit.accounting.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashMap;
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
    sums.moveInto(walk, WorkSumsTest::key, BigInteger.TWO);
    assertThat(walk.finish().weights()).isEqualTo(expected);
    assertThat(walk.finish().filled()).isEqualTo(Rational.of(total));
    assertThat(sums.total()).isZero();
  }
}
