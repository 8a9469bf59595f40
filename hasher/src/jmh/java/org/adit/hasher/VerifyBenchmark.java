package org.adit.hasher;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time of a batch of shares: coinbase of 250 bytes, 12 branch levels. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-XX:+UseCompactObjectHeaders"})
public class VerifyBenchmark {
  @Param({"single", "512", "256", "128"})
  String lanes = "";

  @Param({"1", "2", "4", "8", "16", "32", "64"})
  int batch;

  private final byte[] extranonce2 = new byte[8];
  private final List<ChannelJob> channels = new ArrayList<>();
  private ShareBatchVerifier verifier;
  private int round;

  @Setup
  public void prepare() {
    if (lanes.equals("single")) {
      verifier = new ShareBatchVerifier(batch, () -> null);
    } else {
      VectorKernel kernel =
          ((VectorEngine) HashEngines.named(VectorEngine.VERSIONS + "-" + lanes)).kernel();
      verifier = new ShareBatchVerifier(batch, () -> new ShareLanes(kernel, 1));
    }
    SplittableRandom random = new SplittableRandom(1);
    List<Hash256> branch = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      byte[] entry = new byte[Hash256.BYTES];
      random.nextBytes(entry);
      branch.add(Hash256.ofWire(entry));
    }
    ShareJob job =
        ShareJob.of(
            new byte[60],
            12,
            new byte[178],
            MerkleBranch.of(branch),
            branch.getFirst(),
            0x1d00ffff);
    for (int i = 0; i < batch; i++) {
      byte[] prefix = new byte[4];
      random.nextBytes(prefix);
      channels.add(job.forChannel(prefix));
    }
  }

  @Benchmark
  public boolean verify() {
    round++;
    verifier.clear();
    for (int i = 0; i < batch; i++) {
      verifier.add(channels.get(i), extranonce2, 0, 0x20000000, round, i);
    }
    verifier.verify();
    return verifier.meets(batch - 1, Target.MAX);
  }
}
