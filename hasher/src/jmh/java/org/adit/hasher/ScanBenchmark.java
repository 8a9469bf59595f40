package org.adit.hasher;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Headers hashed per microsecond (MH/s), by engine and width, with rolled versions and without. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-XX:+UseCompactObjectHeaders"})
public class ScanBenchmark {
  private static final int HASHES = 1 << 16;

  @Param({
    "vector-versions-512",
    "vector-versions-256",
    "vector-versions-128",
    "vector-nonces-512",
    "vector-nonces-256",
    "vector-nonces-128",
    "message-digest"
  })
  String engine = "";

  @Param({"1fffe000", "00000000"})
  String versionMask = "";

  private HeaderScanner scanner;
  private int nonce;

  @Setup
  public void prepare() {
    scanner = HashEngines.named(engine).newScanner();
    scanner.prepare(
        new byte[BlockHeader.BYTES],
        CompactBits.parse(versionMask),
        Difficulty.of(1_000_000).target());
  }

  @Benchmark
  @OperationsPerInvocation(HASHES)
  public long scan() {
    ScanResult result =
        scanner.scan(nonce, HASHES / scanner.versionsPerNonce(), (v, n) -> {}, () -> false);
    nonce = result.nextNonce();
    return result.hashes();
  }
}
