package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every engine promises about scanning, checked header by header against {@link Sha256d}. */
class HeaderScannerTest {
  private static final int BIP320_MASK = 0x1fffe000;
  private static final Target ONE_IN_256 = zeroBits(8);

  private record Hit(int version, int nonce) {}

  static Stream<HashEngine> engines() {
    return HashEngines.available().stream();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void findsTheGenesisNonce(HashEngine engine) {
    byte[] header = HexFormat.of().parseHex(HashingTest.GENESIS_HEADER);
    BlockHeader genesis = BlockHeader.parse(header);
    HeaderScanner scanner = engine.newScanner();
    scanner.prepare(header, 0, Target.ofCompact(genesis.bits()));
    List<Hit> hits = new ArrayList<>();
    ScanResult result = scan(scanner, genesis.nonce() - 100, 201, hits);
    assertThat(hits).containsExactly(new Hit(1, genesis.nonce()));
    assertThat(result).isEqualTo(new ScanResult(201, genesis.nonce() + 101));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void agreesWithSingleHashesForMasksStartsAndLengths(HashEngine engine) {
    SplittableRandom random = new SplittableRandom(6);
    HeaderScanner scanner = engine.newScanner();
    int[] masks = {0, 1 << 31, 3, 0b10101, BIP320_MASK, -1};
    int[] starts = {0, 1, 15, 0x7fffffff, -1, -7, -32, random.nextInt()};
    for (int mask : masks) {
      byte[] header = new byte[80];
      random.nextBytes(header);
      scanner.prepare(header, mask, ONE_IN_256);
      for (int start : starts) {
        int count = random.nextInt(1, 70);
        List<Hit> hits = new ArrayList<>();
        ScanResult result = scan(scanner, start, count, hits);
        assertThat(hits)
            .as("mask %08x, start %08x, count %d", mask, start, count)
            .containsExactlyInAnyOrderElementsOf(oneByOne(header, mask, ONE_IN_256, start, count));
        assertThat(result)
            .isEqualTo(new ScanResult((long) count * scanner.versionsPerNonce(), start + count));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void floodOfHitsLosesNone(HashEngine engine) {
    byte[] header = HexFormat.of().parseHex(HashingTest.GENESIS_HEADER);
    HeaderScanner scanner = engine.newScanner();
    scanner.prepare(header, BIP320_MASK, Target.MAX);
    List<Hit> hits = new ArrayList<>();
    scan(scanner, -50, 100, hits);
    assertThat(hits).hasSize(1_600).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void hashEqualToTheTargetIsAHit(HashEngine engine) {
    byte[] header = HexFormat.of().parseHex(HashingTest.GENESIS_HEADER);
    BigInteger hash = new BigInteger(Sha256d.hashHeader(header).toDisplayHex(), 16);
    int nonce = BlockHeader.parse(header).nonce();
    HeaderScanner scanner = engine.newScanner();
    List<Hit> hits = new ArrayList<>();

    scanner.prepare(header, 0, Target.of(hash));
    scan(scanner, nonce, 1, hits);
    assertThat(hits).containsExactly(new Hit(1, nonce));

    hits.clear();
    scanner.prepare(header, 0, Target.of(hash.subtract(BigInteger.ONE)));
    scan(scanner, nonce, 1, hits);
    assertThat(hits).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void stopsAndGoesOnWhereItStopped(HashEngine engine) {
    byte[] header = HexFormat.of().parseHex(HashingTest.GENESIS_HEADER);
    HeaderScanner scanner = engine.newScanner();
    scanner.prepare(header, BIP320_MASK, ONE_IN_256);
    List<Hit> whole = new ArrayList<>();
    scan(scanner, -1_000, 2_000, whole);

    List<Hit> pieces = new ArrayList<>();
    int next = -1_000;
    long left = 2_000;
    int scans = 0;
    while (left > 0) {
      int[] polls = {1};
      ScanResult part =
          scanner.scan(next, left, (v, n) -> pieces.add(new Hit(v, n)), () -> polls[0]-- <= 0);
      assertThat(part.hashes() % 16).isZero();
      long nonces = part.hashes() / 16;
      assertThat(part.nextNonce()).isEqualTo(next + (int) nonces);
      assertThat(nonces).as("a poll that says go on makes progress").isPositive();
      next = part.nextNonce();
      left -= nonces;
      scans++;
    }
    assertThat(left).isZero();
    assertThat(scans).isGreaterThan(1);
    assertThat(pieces).containsExactlyInAnyOrderElementsOf(whole);

    assertThat(scanner.scan(7, HeaderScanner.ALL_NONCES, (v, n) -> {}, () -> true))
        .isEqualTo(new ScanResult(0, 7));
    assertThat(scanner.scan(7, 0, (v, n) -> {}, () -> false)).isEqualTo(new ScanResult(0, 7));
  }

  /**
   * At the tenth of a MH/s of a vector engine that is not compiled yet, 50 ms are 5 000 hashes; an
   * engine that never does more without a look at the stop signal is always in time.
   */
  @ParameterizedTest
  @MethodSource("engines")
  void looksAtTheStopSignalOftenEnoughFor50Millis(HashEngine engine) {
    HeaderScanner scanner = engine.newScanner();
    for (int mask : new int[] {0, BIP320_MASK}) {
      scanner.prepare(new byte[80], mask, Target.MAX);
      long[] sinceLook = {0};
      long[] most = {0};
      int[] looks = {0};
      scanner.scan(
          0,
          20_000,
          (version, nonce) -> most[0] = Math.max(most[0], ++sinceLook[0]),
          () -> {
            sinceLook[0] = 0;
            looks[0]++;
            return false;
          });
      assertThat(most[0]).isBetween(1L, 1_024L);
      assertThat(looks[0]).isGreaterThanOrEqualTo(20);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void rollsTheLowestFourBitsOfTheMaskByExclusiveOr(HashEngine engine) {
    byte[] header = HexFormat.of().parseHex(HashingTest.GENESIS_HEADER);
    header[1] = (byte) 0xff;
    HeaderScanner scanner = engine.newScanner();
    scanner.prepare(header, BIP320_MASK, Target.MAX);
    List<Hit> hits = new ArrayList<>();
    scan(scanner, 5, 1, hits);
    assertThat(hits.stream().map(Hit::version))
        .hasSize(16)
        .doesNotHaveDuplicates()
        .contains(0x0000ff01)
        .allSatisfy(version -> assertThat((version ^ 0x0000ff01) & ~0x0001e000).isZero());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void badArgumentsAreNamed(HashEngine engine) {
    HeaderScanner scanner = engine.newScanner();
    assertThatThrownBy(() -> scanner.scan(0, 1, (v, n) -> {}, () -> false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("prepare");
    assertThatThrownBy(() -> scanner.prepare(new byte[79], 0, Target.MAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("header: 79 bytes (expected: 80)");
    scanner.prepare(new byte[80], 0, Target.MAX);
    assertThatThrownBy(() -> scanner.scan(0, -1, (v, n) -> {}, () -> false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count: -1 nonces (expected: 0 to 2^32 = 4294967296)");
    assertThatThrownBy(() -> scanner.scan(0, (1L << 32) + 1, (v, n) -> {}, () -> false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void enginesAreFoundByName() {
    assertThat(HashEngines.available())
        .extracting(HashEngine::name)
        .contains(HashEngines.best().name());
    assertThat(HashEngines.best()).isSameAs(HashEngines.best());
    assertThat(HashEngines.named("message-digest").name()).isEqualTo("message-digest");
    assertThatThrownBy(() -> HashEngines.named("gpu"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("message-digest");
  }

  private static ScanResult scan(HeaderScanner scanner, int from, long count, List<Hit> hits) {
    return scanner.scan(from, count, (v, n) -> hits.add(new Hit(v, n)), () -> false);
  }

  private static List<Hit> oneByOne(byte[] header, int mask, Target target, int start, int count) {
    BlockHeader base = BlockHeader.parse(header);
    List<Hit> hits = new ArrayList<>();
    int versions = 1 << Math.min(4, Integer.bitCount(mask));
    for (int i = 0; i < count; i++) {
      for (int v = 0; v < versions; v++) {
        int version = base.version() ^ Integer.expand(v, mask);
        BlockHeader tried =
            new BlockHeader(
                version, base.previous(), base.merkleRoot(), base.time(), base.bits(), start + i);
        if (target.isMetBy(tried.hash())) {
          hits.add(new Hit(version, start + i));
        }
      }
    }
    return hits;
  }

  static Target zeroBits(int bits) {
    return Target.of(BigInteger.ONE.shiftLeft(256 - bits).subtract(BigInteger.ONE));
  }
}
