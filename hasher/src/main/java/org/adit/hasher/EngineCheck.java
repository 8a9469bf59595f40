package org.adit.hasher;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Judges an engine before it is trusted: are its results right, and how fast are they. */
final class EngineCheck {
  /** Block 0 of the main network: the header whose hash everybody knows. */
  private static final String GENESIS =
      "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac7"
          + "2c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c";

  /** Every 16th hash is a hit, so that each lane shows some. */
  private static final Target EASY =
      Target.of(BigInteger.ONE.shiftLeft(252).subtract(BigInteger.ONE));

  private static final int VERSION_MASK = 0x1fffe000;

  /** Enough for a full block of the scanner and an odd rest. */
  private static final int NONCES = 67;

  private EngineCheck() {}

  /**
   * Compares the engine's hits with {@link Sha256d} on the genesis header and on a random one, with
   * rolled versions and without.
   *
   * @param seed chooses the random header
   * @return what was wrong; empty if nothing
   */
  static Optional<String> selfTest(HashEngine engine, long seed) {
    byte[] genesis = HexFormat.of().parseHex(GENESIS);
    byte[] random = new byte[BlockHeader.BYTES];
    new SplittableRandom(seed).nextBytes(random);
    HeaderScanner scanner = engine.newScanner();
    int nonce = BlockHeader.parse(genesis).nonce();
    return compare(scanner, genesis, 0, Difficulty.of(1).target(), nonce - 40)
        .or(() -> compare(scanner, genesis, 0, EASY, nonce - 40))
        .or(() -> compare(scanner, random, VERSION_MASK, EASY, (int) seed))
        .or(() -> compare(scanner, random, 0, EASY, -5));
  }

  /**
   * Hashes per second of CPU time.
   *
   * @param nanos CPU time to spend
   */
  static double hashesPerSecond(HeaderScanner scanner, long nanos) {
    long start = CpuClock.nanos();
    ScanResult result =
        scanner.scan(0, HeaderScanner.ALL_NONCES, (v, n) -> {}, CpuClock.after(nanos));
    return result.hashes() * 1e9 / Math.max(1, CpuClock.nanos() - start);
  }

  /** A scanner with work that has rolled versions and practically no hits. */
  static HeaderScanner busyScanner(HashEngine engine) {
    HeaderScanner scanner = engine.newScanner();
    scanner.prepare(
        HexFormat.of().parseHex(GENESIS), VERSION_MASK, Difficulty.of(1_000_000).target());
    return scanner;
  }

  private static Optional<String> compare(
      HeaderScanner scanner, byte[] header, int mask, Target target, int from) {
    Set<Long> expected = new HashSet<>();
    byte[] tried = header.clone();
    ScanWork work = new ScanWork(header, mask, target);
    for (int v = 0; v < work.versionCount(); v++) {
      putLittleEndian(tried, 0, work.version(v));
      for (int i = 0; i < NONCES; i++) {
        putLittleEndian(tried, BlockHeader.BYTES - Integer.BYTES, from + i);
        if (target.isMetBy(Sha256d.hash(tried), 0)) {
          expected.add(key(work.version(v), from + i));
        }
      }
    }
    scanner.prepare(header, mask, target);
    Set<Long> seen = new HashSet<>();
    int[] reports = {0};
    scanner.scan(
        from,
        NONCES,
        (version, nonce) -> {
          reports[0]++;
          seen.add(key(version, nonce));
        },
        () -> false);
    if (seen.equals(expected) && reports[0] == expected.size()) {
      return Optional.empty();
    }
    return Optional.of(
        "%d hits reported, %d of them different, %d expected (mask %08x, nonces from %08x)"
            .formatted(reports[0], seen.size(), expected.size(), mask, from));
  }

  private static long key(int version, int nonce) {
    return ((long) version << 32) | Integer.toUnsignedLong(nonce);
  }

  private static void putLittleEndian(byte[] bytes, int at, int value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[at + i] = (byte) (value >>> (8 * i));
    }
  }
}
