package org.adit.accounting.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.AccountingSettings;
import org.adit.accounting.FoundBlock;
import org.adit.accounting.PoolAccounting;
import org.adit.accounting.Shares;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShadowSchemesTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);

  /** Network work 256. */
  private static final int BITS = 0x2000ffff;

  @TempDir Path dir;

  private static Hash256 hash(long winner) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) winner;
    bytes[1] = (byte) (winner >> 8);
    return Hash256.ofWire(bytes);
  }

  private static AccountingSettings settings(SchemeKind scheme) {
    return AccountingSettings.DEFAULT
        .withScheme(scheme)
        .withWindow(
            Rational.of(scheme == SchemeKind.TIDES ? 8 : 2),
            scheme == SchemeKind.PROP ? UnfilledPolicy.SCALE : UnfilledPolicy.RESERVE)
        .withFee(new FeePpm(12_345, 54_321));
  }

  /** Ten blocks, one of them orphaned; what the ledger really credited. */
  private Map<String, Long> live(SchemeKind scheme) throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    Map<String, Long> credited = new TreeMap<>();
    try (PoolAccounting pool = PoolAccounting.open(dir, settings(scheme), CLOCK)) {
      int[] workers = {
        pool.registerWorker("alice", "a"),
        pool.registerWorker("alice", "b"),
        pool.registerWorker("bob", "")
      };
      Shares miner = new Shares(pool.shares());
      for (int n = 0; n < 10; n++) {
        for (int i = random.nextInt(20); i > 0; i--) {
          miner.submit(Shares.share(workers[random.nextInt(3)], BITS, random.nextInt(1, 90), 1000));
        }
        int finder = workers[random.nextInt(3)];
        long winner = miner.submit(Shares.winner(finder, BITS, 20, 1000));
        assertThat(
                pool.blockFound(
                        new FoundBlock(
                            hash(winner),
                            n + 1,
                            BITS,
                            5_000_000_000L,
                            random.nextInt(1_000_000),
                            1,
                            winner,
                            finder,
                            scheme,
                            CLOCK.instant()))
                    .isPosted())
            .isTrue();
        if (n == 4) {
          pool.blockOrphaned(hash(winner));
        } else {
          pool.credits(hash(winner))
              .forEach(row ->
                  credited.merge(row.worker().account(), row.amounts().totalSat(), Long::sum));
        }
      }
    }
    return credited;
  }

  private SchemeComparison compare(int blocks) throws Exception {
    try (AccountingReader reader = AccountingReader.open(dir)) {
      return reader.compare(null, blocks);
    }
  }

  /** The shadow of the scheme in force is the ledger itself. */
  @ParameterizedTest
  @EnumSource(names = {"SOLO", "PROP", "PPLNS_UNITS", "PPLNS_WORK", "TIDES"})
  void theSchemeInForceIsShownAsItReallyPaid(SchemeKind scheme) throws Exception {
    Map<String, Long> credited = live(scheme);
    SchemeComparison comparison = compare(1000);
    assertThat(comparison.blocks()).isEqualTo(9);
    SchemeEarnings row =
        comparison.schemes().stream().filter(SchemeEarnings::inForce).findFirst().orElseThrow();
    assertThat(row.scheme()).isEqualTo(scheme);
    Map<String, Long> shown = new TreeMap<>();
    row.accounts().forEach((account, earned) -> shown.put(account, earned.sat()));
    shown.values().removeIf(sat -> sat == 0);
    assertThat(shown).isEqualTo(credited);
  }

  @Test
  void everySchemeDividesTheSameMoney() throws Exception {
    live(SchemeKind.PPLNS_UNITS);
    for (int blocks : new int[] {1, 4, 9}) {
      SchemeComparison comparison = compare(blocks);
      assertThat(comparison.blocks()).isEqualTo(blocks);
      assertThat(comparison.schemes()).hasSize(8);
      for (SchemeEarnings scheme : comparison.schemes()) {
        long accounts = scheme.accounts().values().stream().mapToLong(Earned::sat).sum();
        assertThat(accounts + scheme.poolSat())
            .as("%s over %d blocks", scheme.scheme(), blocks)
            .isEqualTo(comparison.reward().totalSat());
        scheme
            .accounts()
            .values()
            .forEach(e -> assertThat(e.lowSat()).isLessThanOrEqualTo(e.highSat()));
      }
    }
  }

  @Test
  void payPerShareKnowsNoLuckAndPaysWhatWorkIsWorth() throws Exception {
    live(SchemeKind.PPLNS_UNITS);
    SchemeComparison comparison = compare(9);
    SchemeEarnings pps = row(comparison, SchemeKind.PPS);
    long worth =
        comparison
            .units()
            .times(Rational.of(5_000_000_000L))
            .times(Rational.parse("987655/1000000"))
            .floor()
            .longValueExact();
    long paid = pps.accounts().values().stream().mapToLong(Earned::sat).sum();
    assertThat(worth - paid).isBetween(0L, 2L);
    assertThat(pps.accounts().values())
        .allSatisfy(e -> assertThat(e.lowSat()).isEqualTo(e.sat()).isEqualTo(e.highSat()));
    // Transaction fees come on top, as expected (FPPS) or as found (PPS+).
    long full =
        row(comparison, SchemeKind.FPPS).accounts().values().stream().mapToLong(Earned::sat).sum();
    assertThat(full).isGreaterThan(paid);
    Earned plus = alice(row(comparison, SchemeKind.PPS_PLUS));
    Earned plain = alice(pps);
    assertThat(plus.sat()).isGreaterThan(plain.sat());
    assertThat(plus.highSat() - plus.lowSat()).isPositive();
  }

  private static Earned alice(SchemeEarnings row) {
    return Objects.requireNonNull(row.accounts().get("alice"));
  }

  private static SchemeEarnings row(SchemeComparison comparison, SchemeKind scheme) {
    return comparison.schemes().stream()
        .filter(row -> row.scheme() == scheme)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPoolWithoutBlocksHasNothingToCompare() throws Exception {
    PoolAccounting.open(dir, settings(SchemeKind.PPLNS_UNITS), CLOCK).close();
    assertThat(compare(10).schemes()).isEmpty();
  }
}
