package org.adit.pool.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JobBookTest {
  private static final int REGTEST_BITS = 0x207fffff;

  private final Clock clock = Clock.fixed(Templates.NOW.plusSeconds(7), ZoneOffset.UTC);
  private final JobFactory factory =
      new JobFactory(
          CoinbasePolicy.toOne(new byte[22]),
          "/Adit/",
          0x1fffe000,
          new AtomicLong(1)::getAndIncrement,
          new AtomicInteger(1)::getAndIncrement,
          clock,
          job -> {});
  private final JobBook book = new JobBook(factory, clock);

  @Test
  void theFirstTemplateAndEachNewTipAreNewWork() {
    Work first = book.accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));
    Work refresh = book.accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));
    Work next = book.accept(Templates.empty(6, Templates.hash(2), REGTEST_BITS));

    assertThat(first.isNewTip()).isTrue();
    assertThat(refresh.isNewTip()).isFalse();
    assertThat(refresh.tip()).isSameAs(first.tip());
    assertThat(next.isNewTip()).isTrue();
    assertThat(first.tip().isCurrent()).isFalse();
    assertThat(next.tip().isCurrent()).isTrue();
  }

  @Test
  void aChainThatGoesBackFindsItsDuplicatesAgain() {
    Work a = book.accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));
    assertThat(a.tip().firstSeen(Templates.hash(77))).isTrue();
    book.accept(Templates.empty(5, Templates.hash(2), REGTEST_BITS));

    Work again = book.accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));

    assertThat(again.tip().isCurrent()).isTrue();
    assertThat(again.tip().firstSeen(Templates.hash(77))).isFalse();
  }

  @Test
  void withdrawnWorkIsStale() {
    Work work = book.accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));

    book.withdraw();

    assertThat(book.current()).isNull();
    assertThat(work.tip().isCurrent()).isFalse();
  }

  @Test
  void eachJobOpensAFreshSearchSpace() {
    Work work = book.accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));

    MiningJob shared = work.jobFor("a");
    MiningJob fresh = work.freshJobFor("a");

    assertThat(work.jobFor("b")).isSameAs(shared);
    assertThat(fresh.id()).isNotEqualTo(shared.id());
    assertThat(fresh.coinbase().prefix()).isNotEqualTo(shared.coinbase().prefix());
  }

  @Test
  void versionBitsUnderTheMaskAreClearedUnlessTheNodeRequiresThem() {
    // Regtest signals bit 28 after height 144; a miner that ORs would keep it, BIP 310 clears it.
    Work signalling =
        book.accept(Templates.of(150, Templates.hash(1), REGTEST_BITS, 0x30000000, 0, List.of()));
    Work required =
        book.accept(
            Templates.of(150, Templates.hash(1), REGTEST_BITS, 0x30000000, 0x10000000, List.of()));

    assertThat(signalling.jobFor("a").version()).isEqualTo(0x20000000);
    assertThat(signalling.jobFor("a").versionMask()).isEqualTo(0x1fffe000);
    assertThat(required.jobFor("a").version()).isEqualTo(0x30000000);
    assertThat(required.jobFor("a").versionMask()).isEqualTo(0x0fffe000);
  }

  @Test
  void jobTimeFollowsTheLocalClockFromTheNodesTime() {
    Work work = book.accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));

    assertThat(work.jobFor("a").time()).isEqualTo(Templates.NOW.getEpochSecond() + 7);
  }

  @Test
  void aCoinbaseThatFitsEverybodyMakesOneJobForAllDevices() {
    Work work = book.accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));

    for (CoinbaseClass devices : CoinbaseClass.values()) {
      assertThat(work.jobFor("a", devices)).isSameAs(work.jobFor("b"));
    }
    assertThat(work.samples()).hasSize(1);
  }

  @Test
  void jobsOfAClassAreMadeWhenItsFirstMinerAsks() {
    List<MiningJob> made = new ArrayList<>();
    JobFactory byClass =
        new JobFactory(
            template -> new TwoLayouts(template.coinbaseValueSat()),
            "/Adit/",
            0,
            new AtomicLong(1)::getAndIncrement,
            new AtomicInteger(1)::getAndIncrement,
            clock,
            made::add);
    Work work =
        new JobBook(byClass, clock).accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));
    assertThat(made).isEmpty();

    MiningJob large = work.jobFor("a", CoinbaseClass.BYTES_16000);
    assertThat(work.jobFor("b", CoinbaseClass.BYTES_2250)).isSameAs(large);
    assertThat(made).containsExactly(large);

    MiningJob small = work.jobFor("a");
    assertThat(small.coinbase().size()).isLessThan(large.coinbase().size());
    assertThat(made).containsExactly(large, small);
    assertThat(work.samples()).extracting(Work.Sample::job).containsExactlyInAnyOrder(small, large);
  }

  /** Miners of large coinbases pay two outputs, the others one. */
  private record TwoLayouts(long sat) implements CoinbasePlan {
    @Override
    public CoinbaseClass layout(CoinbaseClass devices) {
      return devices.compareTo(CoinbaseClass.BYTES_2250) >= 0
          ? CoinbaseClass.BYTES_2250
          : CoinbaseClass.EVERYBODY;
    }

    @Override
    public String jobKey(String account, CoinbaseClass layout) {
      return layout.name();
    }

    @Override
    public CoinbasePayouts payouts(String account, CoinbaseClass layout) {
      CoinbaseOutput rest = new CoinbaseOutput(new byte[22], sat - 1);
      CoinbaseOutput one = new CoinbaseOutput(new byte[22], 1);
      return new CoinbasePayouts(
          layout == CoinbaseClass.EVERYBODY
              ? List.of(new CoinbaseOutput(new byte[22], sat))
              : List.of(rest, one),
          null);
    }
  }

  @Test
  void aTemplateWhoseSecondClassIsRefusedIsNotSentAgain() {
    Work good = book.accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));
    book.approve(good);
    Work next = book.accept(Templates.empty(5, Templates.hash(1), REGTEST_BITS));
    assertThat(book.refuse(next).orElseThrow().template()).isSameAs(good.template());

    // Approved as its first miners' coinbase was; then miners of another class came.
    assertThat(book.refuse(java.util.Objects.requireNonNull(book.current()))).isEmpty();
    assertThat(book.current()).isNull();
  }
}
