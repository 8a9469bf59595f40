package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine and width against {@code MessageDigest} and Bouncy Castle. */
class EngineAgreementTest {
  private static final int MASK = 0x1fffe000;
  private static final int GENESIS_NONCE = 0x7c2bac1d;

  static Stream<HashEngine> engines() {
    return HashEngines.available().stream();
  }

  static Stream<VectorKernel> kernels() {
    return engines()
        .filter(engine -> engine.name().startsWith(VectorEngine.VERSIONS))
        .map(engine -> ((VectorEngine) engine).kernel());
  }

  /** FIPS 180-4 examples as published by NIST: empty message, one block, two blocks. */
  @ParameterizedTest
  @CsvSource({
    "'', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq,"
        + " 248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  })
  void nistVectors(String message, String digest) {
    byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
    int blocks = (bytes.length + 9 + 63) / 64;
    ByteBuffer padded = ByteBuffer.allocate(blocks * 64).put(bytes).put((byte) 0x80);
    padded.putInt(blocks * 64 - 4, bytes.length * 8);

    int[] scalar = Sha256.initialState();
    for (int b = 0; b < blocks; b++) {
      int[] schedule = new int[64];
      for (int i = 0; i < 16; i++) {
        schedule[i] = padded.getInt(b * 64 + i * 4);
      }
      Sha256.compress(scalar, schedule);
    }
    assertThat(hex(scalar, 1, 0)).isEqualTo(digest);
    assertThat(HexFormat.of().formatHex(Sha256d.newDigest().digest(bytes))).isEqualTo(digest);

    kernels()
        .forEach(kernel -> {
          int lanes = kernel.lanes();
          int[] state = new int[8 * lanes];
          for (int i = 0; i < 8; i++) {
            kernel.fill(state, i, Sha256.initial(i));
          }
          for (int b = 0; b < blocks; b++) {
            int[] schedule = new int[64 * lanes];
            for (int i = 0; i < 16; i++) {
              kernel.fill(schedule, i, padded.getInt(b * 64 + i * 4));
            }
            kernel.compress(state, schedule);
          }
          for (int lane = 0; lane < lanes; lane++) {
            assertThat(hex(state, lanes, lane)).isEqualTo(digest);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void shortcutsForFixedPaddingAreTheFullHash(VectorKernel kernel) {
    SplittableRandom random = new SplittableRandom(11);
    int lanes = kernel.lanes();
    for (int round = 0; round < 20; round++) {
      byte[][] messages = new byte[lanes][64];
      int[] full = new int[64 * lanes];
      int[] half = kernel.newScratch();
      for (int lane = 0; lane < lanes; lane++) {
        random.nextBytes(messages[lane]);
        ByteBuffer words = ByteBuffer.wrap(messages[lane]);
        for (int i = 0; i < 16; i++) {
          full[i * lanes + lane] = words.getInt(4 * i);
          if (i < 8) {
            half[i * lanes + lane] = words.getInt(4 * i);
          }
        }
      }
      int[] state = new int[8 * lanes];
      kernel.compressFirst(full, state);
      // Where the hash goes must not matter: to the state itself, or over another schedule.
      int[] elsewhere = new int[64 * lanes];
      kernel.compressPaddingOf64(state, elsewhere);
      kernel.compressPaddingOf64(state, state);
      kernel.compressFirst(half, half);
      for (int lane = 0; lane < lanes; lane++) {
        assertThat(hex(state, lanes, lane)).isEqualTo(bouncyCastle(messages[lane]));
        assertThat(hex(elsewhere, lanes, lane)).isEqualTo(bouncyCastle(messages[lane]));
        assertThat(hex(half, lanes, lane))
            .isEqualTo(bouncyCastle(Arrays.copyOf(messages[lane], 32)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void spreadFillsWholeVectorsAndNothingElse(VectorKernel kernel) {
    int lanes = kernel.lanes();
    int[] words = {1, 2, 3, 4, 5};
    int[] array = new int[10 * lanes];
    kernel.spread(words, 1, 3, array, 4);
    for (int i = 0; i < array.length; i++) {
      int vector = i / lanes;
      assertThat(array[i]).isEqualTo(vector >= 4 && vector < 7 ? words[vector - 3] : 0);
    }
  }

  /** A target just at the hash: each lane and stream must report it, and nothing else. */
  @ParameterizedTest
  @MethodSource("engines")
  void thousandHeadersAgainstBouncyCastle(HashEngine engine) {
    SplittableRandom random = new SplittableRandom(12);
    HeaderScanner scanner = engine.newScanner();
    for (int i = 0; i < 1_000; i++) {
      byte[] header = new byte[80];
      random.nextBytes(header);
      BlockHeader parsed = BlockHeader.parse(header);
      String once = bouncyCastle(header);
      String twice = bouncyCastle(HexFormat.of().parseHex(once));
      assertThat(parsed.hash().toWireHex()).isEqualTo(twice);

      BigInteger number = new BigInteger(Hash256.ofWireHex(twice).toDisplayHex(), 16);
      boolean exact = i % 2 == 0;
      Target target = Target.of(exact ? number : number.subtract(BigInteger.ONE));
      scanner.prepare(header, 0, target);
      List<Integer> hits = new ArrayList<>();
      scanner.scan(parsed.nonce(), 1, (version, nonce) -> hits.add(nonce), () -> false);
      assertThat(hits).isEqualTo(exact ? List.of(parsed.nonce()) : List.of());
    }
  }

  /**
   * 2^18 hashes by each engine, with rolled versions and without, at a hard, a middling and no
   * filter.
   */
  @ParameterizedTest
  @MethodSource("engines")
  void hitsAgreeOverALongRange(HashEngine engine) {
    HashEngine reference = HashEngines.named("message-digest");
    byte[] header = HexFormat.of().parseHex(HashingTest.GENESIS_HEADER);
    Target regtest = Target.ofCompact(0x207fffff);
    assertThat(hits(engine, header, MASK, HeaderScannerTest.zeroBits(16), -5_000, 1 << 14))
        .isEqualTo(hits(reference, header, MASK, HeaderScannerTest.zeroBits(16), -5_000, 1 << 14))
        .isNotEmpty();
    assertThat(hits(engine, header, 0, HeaderScannerTest.zeroBits(8), -5_000, 1 << 16))
        .isEqualTo(hits(reference, header, 0, HeaderScannerTest.zeroBits(8), -5_000, 1 << 16))
        .isNotEmpty();
    assertThat(hits(engine, header, MASK, regtest, 77, 300))
        .isEqualTo(hits(reference, header, MASK, regtest, 77, 300))
        .hasSizeGreaterThan(2_000);
  }

  /**
   * A million hashes by every engine and width, at targets that let through one hash in 2, 2^8,
   * 2^16 and 2^24: each hit of the plain way, and no other.
   */
  @ParameterizedTest
  @MethodSource("engines")
  void exhaustivelyOverAMillionHashes(HashEngine engine) {
    boolean byVersions = engine.name().startsWith(VectorEngine.VERSIONS);
    int mask = byVersions ? MASK : 0;
    int count = byVersions ? 1 << 16 : 1 << 20;
    int from = GENESIS_NONCE - count / 2;
    byte[] header = HexFormat.of().parseHex(HashingTest.GENESIS_HEADER);
    for (Target target :
        List.of(
            Target.ofHex("7f" + "ff".repeat(31)),
            HeaderScannerTest.zeroBits(8),
            HeaderScannerTest.zeroBits(16),
            HeaderScannerTest.zeroBits(24))) {
      assertThat(hits(engine, header, mask, target, from, count))
          .isEqualTo(plainHits(mask, from, count, target))
          .as("holds at least the nonce of the genesis block")
          .contains((1L << 32) | Integer.toUnsignedLong(GENESIS_NONCE));
    }
  }

  /** Hashes of the last range asked for, one after the other: 2^20 of them take a while. */
  private static byte[] plainHashes = {};

  private static int plainMask = -1;

  /** The same by the definition: every header put together and hashed by {@code MessageDigest}. */
  private static List<Long> plainHits(int mask, int from, int count, Target target) {
    BlockHeader genesis = BlockHeader.parse(HexFormat.of().parseHex(HashingTest.GENESIS_HEADER));
    int versions = mask == 0 ? 1 : 16;
    if (plainMask != mask) {
      plainHashes = new byte[count * versions * Hash256.BYTES];
      plainMask = mask;
      for (int i = 0; i < count * versions; i++) {
        byte[] tried = tried(genesis, i % versions, from + i / versions).toBytes();
        System.arraycopy(Sha256d.hash(tried), 0, plainHashes, i * Hash256.BYTES, Hash256.BYTES);
      }
    }
    List<Long> hits = new ArrayList<>();
    for (int i = 0; i < count * versions; i++) {
      if (target.isMetBy(plainHashes, i * Hash256.BYTES)) {
        BlockHeader hit = tried(genesis, i % versions, from + i / versions);
        hits.add(((long) hit.version() << 32) | Integer.toUnsignedLong(hit.nonce()));
      }
    }
    hits.sort(null);
    return hits;
  }

  /** The genesis header with the {@code variant}-th value of the mask's four lowest bits. */
  private static BlockHeader tried(BlockHeader genesis, int variant, int nonce) {
    return new BlockHeader(
        genesis.version() ^ (variant << Integer.numberOfTrailingZeros(MASK)),
        genesis.previous(),
        genesis.merkleRoot(),
        genesis.time(),
        genesis.bits(),
        nonce);
  }

  @ParameterizedTest
  @CsvSource({
    "ffffffff, 00000000",
    "80000000, 00000000",
    "7fffffff, 00000080",
    "00ffffff, 000000ff",
    "00000001, feffffff",
    "00000000, ffffffff",
    "0000ffff, 0000ffff",
  })
  void filterAsksForTheLeadingZerosOfTheTarget(String topWord, String mask) {
    Target target = Target.ofHex(topWord + "f".repeat(56));
    assertThat(HexFormat.of().toHexDigits(VectorScanner.filterMask(target))).isEqualTo(mask);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void selfTestPasses(HashEngine engine) {
    assertThat(EngineCheck.selfTest(engine, 99)).isEmpty();
  }

  @Test
  void selfTestSeesAWrongEngine() {
    HashEngine lossy =
        new HashEngine() {
          @Override
          public String name() {
            return "lossy";
          }

          @Override
          public HeaderScanner newScanner() {
            HeaderScanner right = HashEngines.named("message-digest").newScanner();
            return new DroppingScanner(right);
          }
        };
    assertThat(EngineCheck.selfTest(lossy, 1))
        .hasValueSatisfying(text -> assertThat(text).contains("expected"));
  }

  /** Loses the hits of one nonce in eight. */
  private record DroppingScanner(HeaderScanner right) implements HeaderScanner {
    @Override
    public void prepare(byte[] header80, int versionMask, Target target) {
      right.prepare(header80, versionMask, target);
    }

    @Override
    public int versionsPerNonce() {
      return right.versionsPerNonce();
    }

    @Override
    public ScanResult scan(
        int from, long count, HitSink sink, java.util.function.BooleanSupplier stop) {
      return right.scan(
          from,
          count,
          (version, nonce) -> {
            if ((nonce & 7) != 5) {
              sink.hit(version, nonce);
            }
          },
          stop);
    }
  }

  private static List<Long> hits(
      HashEngine engine, byte[] header, int mask, Target target, int from, int count) {
    HeaderScanner scanner = engine.newScanner();
    scanner.prepare(header, mask, target);
    List<Long> hits = new ArrayList<>();
    scanner.scan(
        from,
        count,
        (version, nonce) -> hits.add(((long) version << 32) | Integer.toUnsignedLong(nonce)),
        () -> false);
    hits.sort(null);
    return hits;
  }

  private static String hex(int[] state, int lanes, int lane) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      text.append(HexFormat.of().toHexDigits(state[i * lanes + lane]));
    }
    return text.toString();
  }

  private static String bouncyCastle(byte[] message) {
    SHA256Digest digest = new SHA256Digest();
    digest.update(message, 0, message.length);
    byte[] out = new byte[32];
    digest.doFinal(out, 0);
    return HexFormat.of().formatHex(out);
  }
}
