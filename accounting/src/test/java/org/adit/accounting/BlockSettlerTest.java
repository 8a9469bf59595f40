package org.adit.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.adit.accounting.bucket.NetworkWork;
import org.adit.accounting.bucket.WindowSpec;
import org.adit.accounting.ledger.BlockMoney;
import org.adit.accounting.scheme.Amounts;
import org.adit.accounting.scheme.Credit;
import org.adit.accounting.scheme.FeePpm;
import org.adit.accounting.scheme.Rational;
import org.adit.accounting.scheme.SchemeKind;
import org.adit.accounting.scheme.Settlement;
import org.adit.accounting.scheme.UnfilledPolicy;
import org.adit.accounting.scheme.Window;
import org.adit.accounting.scheme.WindowShare;
import org.adit.accounting.scheme.WindowWalk;
import org.adit.accounting.scheme.WindowWalk.Measure;
import org.adit.accounting.scheme.WorkerKey;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.accounting.store.PayRule;
import org.adit.accounting.store.SqliteStore;
import org.adit.hasher.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which window, which rule, and what of a block goes where, for every scheme. */
class BlockSettlerTest {
  /** Network work 256. */
  private static final int BITS = 0x2000ffff;

  private static final Amounts REWARD = new Amounts(1_000, 100);
  private static final FeePpm FEE = new FeePpm(100_000, 500_000);
  private static final WorkerKey ALICE = new WorkerKey("alice", "rig");
  private static final WorkerKey FINDER = new WorkerKey("finder", "rig");
  private static final long END = 41;
  private static final long ROUND = 17;

  @TempDir Path dir;

  private final List<WindowSpec> asked = new ArrayList<>();

  private static PayRule rule(SchemeKind scheme) {
    return new PayRule(1, 1, scheme, Rational.of(2), UnfilledPolicy.RESERVE, FEE);
  }

  /** Alice fills half of a window of one. */
  private static Window halfFull() {
    WindowWalk walk = new WindowWalk(Measure.UNITS, Rational.ONE);
    walk.add(new WindowShare(3, ALICE, BigInteger.valueOf(5), BigInteger.TEN));
    return walk.finish();
  }

  private BlockSettler settler() {
    return new BlockSettler(
        (reader, spec) -> {
          asked.add(spec);
          return halfFull();
        },
        new NetworkWork());
  }

  private BlockSettler.Settled settle(SchemeKind scheme) {
    try (SqliteStore store = SqliteStore.open(dir.resolve("accounting.db"))) {
      return store.read(reader ->
          settler()
              .settle(
                  reader,
                  rule(scheme),
                  new BlockSettler.Facts(scheme, REWARD, BITS, END, FINDER),
                  ROUND));
    }
  }

  @Test
  void soloBelongsToItsFinderAndHasNoWindow() {
    BlockSettler.Settled solo = settle(SchemeKind.SOLO);
    assertThat(solo.window()).isNull();
    assertThat(solo.settlement().poolFee()).isEqualTo(new Amounts(100, 50));
    assertThat(solo.settlement().byAccount())
        .containsExactly(Map.entry("finder", new Amounts(900, 50)));
    assertThat(asked).isEmpty();
  }

  @Test
  void blocksOfSchemesThatPayTheShareAreTheOperators() {
    for (SchemeKind scheme : List.of(SchemeKind.PPS, SchemeKind.FPPS)) {
      BlockSettler.Settled settled = settle(scheme);
      assertThat(settled.window()).isNull();
      assertThat(settled.settlement()).isEqualTo(new Settlement(REWARD, List.of()));
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void eachSchemeAsksForItsOwnWindow() {
    assertThat(settle(SchemeKind.PROP).window()).isEqualTo(halfFull());
    assertThat(settle(SchemeKind.PPLNS_UNITS).window()).isEqualTo(halfFull());
    settle(SchemeKind.PPLNS_WORK);
    settle(SchemeKind.TIDES);
    assertThat(settle(SchemeKind.PPS_PLUS).window()).isEqualTo(halfFull());
    assertThat(asked)
        .containsExactly(
            WindowSpec.round(ROUND, END),
            WindowSpec.units(END, Rational.of(2)),
            WindowSpec.work(END, Rational.of(512)),
            WindowSpec.work(END, Rational.of(512)),
            WindowSpec.units(END, Rational.of(2)));
  }

  /** A job's frozen list is by the window as it is now, a round's by what came since its block. */
  @Test
  void theWindowAtAShareIsOfTheSchemeInForce() {
    try (SqliteStore store = SqliteStore.open(dir.resolve("accounting.db"))) {
      int finder = store.write(tx -> tx.registerWorker("finder", "rig", 1));
      PayRule prop = store.write(tx -> tx.addPayRule(rule(SchemeKind.PROP), 1));
      store.write(tx -> {
        tx.insertBlock(
            new BlockRow(
                Hash256.ofWire(new byte[32]),
                1,
                BITS,
                REWARD,
                Amounts.ZERO,
                1,
                SchemeKind.PROP,
                false,
                END,
                finder,
                FINDER,
                prop.id(),
                Instant.EPOCH,
                BlockState.IMMATURE,
                0,
                null),
            List.of());
        return true;
      });
      Window window = store.read(reader -> settler().window(reader, prop, BITS, END));
      assertThat(window).isEqualTo(halfFull());
      store.read(reader -> settler().window(reader, rule(SchemeKind.PPLNS_UNITS), BITS, END));
    }
    assertThat(asked)
        .containsExactly(WindowSpec.round(END, END), WindowSpec.units(END, Rational.of(2)));
  }

  @Test
  void theReserveTakesWhatIsUnfilledExceptInARound() {
    assertThat(settle(SchemeKind.PPLNS_UNITS).settlement().byAccount())
        .containsExactly(
            Map.entry("alice", new Amounts(450, 25)), Map.entry("~reserve", new Amounts(450, 25)));
    assertThat(settle(SchemeKind.PROP).settlement().byAccount())
        .containsExactly(Map.entry("alice", new Amounts(900, 50)));
    assertThat(settle(SchemeKind.PPS_PLUS).settlement())
        .isEqualTo(
            new Settlement(
                new Amounts(1_000, 50),
                List.of(
                    new Credit(ALICE, Rational.parse("1/2"), new Amounts(0, 25)),
                    new Credit(WorkerKey.RESERVE, Rational.parse("1/2"), new Amounts(0, 25)))));
  }

  @Test
  void sliceIsSaidToBeImpossible() {
    assertThat(BlockSettler.supports(SchemeKind.SLICE)).isFalse();
    assertThat(BlockSettler.supports(SchemeKind.PROP)).isTrue();
    assertThatThrownBy(() -> settle(SchemeKind.SLICE)).hasMessageContaining("SLICE");
  }

  @Test
  void theRuleIsTheNewestOfTheSchemeThatHadBegun() {
    List<PayRule> rules =
        List.of(
            rule(SchemeKind.PROP).from(1).withId(1),
            rule(SchemeKind.TIDES).from(10).withId(2),
            rule(SchemeKind.PROP).from(20).withId(3),
            rule(SchemeKind.TIDES).from(30).withId(4));
    assertThat(BlockSettler.ruleFor(rules, 9, SchemeKind.PROP).id()).isEqualTo(1);
    assertThat(BlockSettler.ruleFor(rules, 10, SchemeKind.TIDES).id()).isEqualTo(2);
    assertThat(BlockSettler.ruleFor(rules, 25, SchemeKind.TIDES).id()).isEqualTo(2);
    assertThat(BlockSettler.ruleFor(rules, 99, SchemeKind.PROP).id()).isEqualTo(3);
    assertThat(BlockSettler.ruleFor(rules, 29, SchemeKind.SOLO).id())
        .as("no rule names it: the one in force")
        .isEqualTo(3);
    assertThatThrownBy(() -> BlockSettler.ruleFor(rules, 0, SchemeKind.PROP))
        .hasMessageContaining("no pay rule is in force at share 0");
  }

  @Test
  void theLedgerIsToldWhatThePoolHoldsOfABlock() {
    Settlement divided = settle(SchemeKind.PPLNS_UNITS).settlement();
    BlockMoney custodial =
        BlockSettler.money("h", SchemeKind.PPLNS_UNITS, false, divided, Set.of());
    assertThat(custodial.poolFee()).isEqualTo(new Amounts(100, 50));
    assertThat(custodial.credits()).containsOnlyKeys("alice", "~reserve");
    assertThat(custodial.heldSat()).isEqualTo(1_100);
    BlockMoney direct =
        BlockSettler.money("h", SchemeKind.PPLNS_UNITS, false, divided, Set.of("alice"));
    assertThat(direct.credits()).containsOnlyKeys("~reserve");
    assertThat(direct.heldSat()).isEqualTo(625);
    BlockMoney finder = BlockSettler.money("h", SchemeKind.SOLO, true, divided, Set.of());
    assertThat(finder.credits()).isEmpty();
    assertThat(finder.heldSat()).isEqualTo(150);
    BlockMoney pps =
        BlockSettler.money("h", SchemeKind.PPS, false, new Settlement(REWARD, List.of()), Set.of());
    assertThat(pps.poolFee()).isEqualTo(Amounts.ZERO);
    assertThat(pps.incomeSat()).isEqualTo(1_100);
    BlockMoney plus =
        BlockSettler.money(
            "h", SchemeKind.PPS_PLUS, false, settle(SchemeKind.PPS_PLUS).settlement(), Set.of());
    assertThat(plus.poolFee()).isEqualTo(new Amounts(0, 50));
    assertThat(plus.incomeSat()).isEqualTo(1_000);
    assertThat(plus.credits()).containsOnlyKeys("alice", "~reserve");
  }

  @Test
  void theWindowOfNowIsTheOneABlockWouldHave() {
    try (SqliteStore store = SqliteStore.open(dir.resolve("accounting.db"))) {
      store.<Window>read(
          reader -> settler().window(reader, rule(SchemeKind.PPLNS_WORK), BITS, END));
      store.<Window>read(reader -> settler().window(reader, rule(SchemeKind.PROP), BITS, END));
    }
    assertThat(asked)
        .containsExactly(WindowSpec.work(END, Rational.of(512)), WindowSpec.round(1, END));
  }
}
