package org.adit.pool.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.pool.bitcoind.BlockTemplate;
import org.junit.jupiter.api.Test;

class JobBookTest {
  private static final int REGTEST_BITS = 0x207fffff;

  private final Clock clock = Clock.fixed(Templates.NOW.plusSeconds(7), ZoneOffset.UTC);
  private final JobFactory factory =
      new JobFactory(
          new OneScript(),
          "/Adit/",
          0x1fffe000,
          new AtomicLong(1)::getAndIncrement,
          new AtomicInteger(1)::getAndIncrement,
          clock,
          job -> {});
  private final JobBook book = new JobBook(factory, clock);

  private static final class OneScript implements CoinbasePolicy {
    @Override
    public String jobKey(String account) {
      return "";
    }

    @Override
    public List<CoinbaseOutput> payouts(BlockTemplate template, String account) {
      return List.of(new CoinbaseOutput(new byte[22], template.coinbaseValueSat()));
    }
  }

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
}
