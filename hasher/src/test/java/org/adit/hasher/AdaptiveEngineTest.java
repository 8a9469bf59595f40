package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdaptiveEngineTest {
  private static final Target EASY = HeaderScannerTest.zeroBits(6);

  /** The engine changes in the midst of a scan: every hit is still reported exactly once. */
  @Test
  void movesOverInTheMidstOfAScan() {
    byte[] header = HexFormat.of().parseHex(HashingTest.GENESIS_HEADER);
    HashEngine digest = HashEngines.named("message-digest");
    HashEngine other = HashEngines.available().getFirst();
    List<Long> expected = new ArrayList<>();
    HeaderScanner plain = digest.newScanner();
    plain.prepare(header, -1, EASY);
    plain.scan(-300, 1_000, (v, n) -> expected.add(key(v, n)), () -> false);

    AdaptiveEngine adaptive = new AdaptiveEngine(digest);
    HeaderScanner scanner = adaptive.newScanner();
    scanner.prepare(header, -1, EASY);
    List<Long> hits = new ArrayList<>();
    int[] polls = {0};
    ScanResult result =
        scanner.scan(
            -300,
            1_000,
            (v, n) -> hits.add(key(v, n)),
            () -> {
              // There and back again, at odd moments.
              polls[0]++;
              if (polls[0] == 3 || polls[0] == 9) {
                adaptive.use(polls[0] == 3 ? other : digest);
              }
              return false;
            });
    assertThat(result).isEqualTo(new ScanResult(16_000, 700));
    assertThat(polls[0]).isGreaterThan(9);
    assertThat(hits).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(adaptive.name()).isEqualTo("message-digest");
  }

  @Test
  void stopsWhenToldTo() {
    AdaptiveEngine adaptive = new AdaptiveEngine(HashEngines.named("message-digest"));
    HeaderScanner scanner = adaptive.newScanner();
    scanner.prepare(new byte[80], 0, EASY);
    assertThat(scanner.scan(5, 1L << 32, (v, n) -> {}, () -> true)).isEqualTo(new ScanResult(0, 5));
    assertThat(scanner.scan(5, 0, (v, n) -> {}, () -> false)).isEqualTo(new ScanResult(0, 5));
  }

  /** A candidate with wrong results is never used, one that is right and faster is. */
  @Test
  void warmUpTakesWhatIsRightAndFaster() {
    HashEngine digest = HashEngines.named("message-digest");
    AdaptiveEngine adaptive = new AdaptiveEngine(new Named("slow", new MessageDigestEngine()));
    HashEngine wrong =
        new Named("wrong", digest) {
          @Override
          public HeaderScanner newScanner() {
            HeaderScanner blind = super.newScanner();
            blind.prepare(new byte[80], 0, EASY);
            return new BlindScanner(blind);
          }
        };
    new EngineWarmUp(adaptive, () -> List.of(wrong), digest).run();
    assertThat(adaptive.name()).isEqualTo("slow");
  }

  private static class Named implements HashEngine {
    private final String name;
    private final HashEngine engine;

    Named(String name, HashEngine engine) {
      this.name = name;
      this.engine = engine;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public HeaderScanner newScanner() {
      return engine.newScanner();
    }
  }

  /** Hashes always the same work, whatever it is given. */
  private record BlindScanner(HeaderScanner scanner) implements HeaderScanner {
    @Override
    public void prepare(byte[] header80, int versionMask, Target target) {}

    @Override
    public int versionsPerNonce() {
      return scanner.versionsPerNonce();
    }

    @Override
    public ScanResult scan(
        int from, long count, HitSink sink, java.util.function.BooleanSupplier stop) {
      return scanner.scan(from, count, sink, stop);
    }
  }

  private static long key(int version, int nonce) {
    return ((long) version << 32) | Integer.toUnsignedLong(nonce);
  }
}
