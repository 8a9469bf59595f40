package org.adit.accounting.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.adit.accounting.scheme.Amounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events beyond the vectors, and rows of random ones. */
class LedgerTest {
  private final MemoryBook book = new MemoryBook();
  private final Ledger ledger = new Ledger(book);

  private static BlockMoney block(String name, long alice, long bob, long fee) {
    return new BlockMoney(
        name,
        new Amounts(fee, 0),
        new TreeMap<>(Map.of("alice", new Amounts(alice, 0), "bob", new Amounts(bob, 7))));
  }

  private void mature(String name, long alice, long bob, long fee) {
    assertThat(ledger.found(block(name, alice, bob, fee)).isPosted()).isTrue();
    assertThat(ledger.matured(name).isPosted()).isTrue();
  }

  @Test
  void aPayoutThatFlapsIsBookedEachWay() {
    mature("h", 1000, 0, 50);
    ledger.payoutReserved("p", new TreeMap<>(Map.of("alice", 900L)));
    assertThat(ledger.payoutConfirmed("p", "t", 20).key()).isEqualTo("payout:p:confirmed:t");
    assertThat(ledger.payoutConfirmed("p", "t", 20).outcome()).isEqualTo(Outcome.DUPLICATE);
    assertThat(ledger.payoutUnconfirmed("p", "t", 1).isPosted()).isTrue();
    assertThat(ledger.payoutUnconfirmed("p", "t", 1).outcome()).isEqualTo(Outcome.DUPLICATE);
    assertThat(ledger.payoutUnconfirmed("p", "t", 3).isRefused()).isTrue();
    assertThat(ledger.payoutConfirmed("p", "t", 20).key()).isEqualTo("payout:p:reconfirmed:t:2");
    assertThat(ledger.payoutConfirmed("p", "t", 20).outcome()).isEqualTo(Outcome.DUPLICATE);
    assertThat(ledger.payoutUnconfirmed("p", "t", 3).isPosted()).isTrue();
    assertThat(ledger.payoutConfirmed("p", "t2", 35).key()).isEqualTo("payout:p:confirmed:t2");
    assertThat(book.balance("asset:wallet")).isEqualTo(1057 - 900 - 35);
    assertThat(ledger.payoutFailed("p").isRefused()).as("nothing is in flight").isTrue();
  }

  @Test
  void aBlockLostAfterMaturityTakesWhatIsLeftAndCostsTheOperatorTheRest() {
    mature("first", 500, 500, 100);
    mature("second", 500, 500, 100);
    ledger.payoutReserved("p", new TreeMap<>(Map.of("alice", 800L)));
    ledger.payoutConfirmed("p", "t", 0);
    assertThat(ledger.deepOrphaned("second", 1).key()).isEqualTo("block:second:deep:1");
    assertThat(book.balance("liab:payable:alice")).isZero();
    assertThat(book.balance("liab:payable:bob")).isEqualTo(-507);
    assertThat(book.balance("expense:orphan")).isEqualTo(1107 - 200 - 507);
    assertThat(ledger.orphaned("first", 1).isRefused()).isTrue();
    assertThat(ledger.reconnected("second", 2).isPosted()).isTrue();
    assertThat(book.balance("expense:orphan")).isZero();
    assertThat(book.balance("liab:payable:alice")).isEqualTo(-200);
    assertThat(ledger.deepOrphaned("second", 3).isPosted()).isTrue();
  }

  /**
   * What was paid out of the lost coins must be found missing first: the wallet never overdraws.
   */
  @Test
  void aBlockWhoseCoinsAreSpentIsNotTakenOutOfAnEmptyWallet() {
    mature("h", 500, 500, 0);
    ledger.payoutReserved("p", new TreeMap<>(Map.of("alice", 500L, "bob", 507L)));
    ledger.payoutConfirmed("p", "t", 0);
    assertThat(ledger.deepOrphaned("h", 1).isRefused()).isTrue();
    ledger.payoutUnconfirmed("p", "t", 1);
    assertThat(ledger.deepOrphaned("h", 1).isPosted()).isTrue();
    assertThat(book.balance("expense:orphan")).isEqualTo(1007);
    assertThat(book.balance("liab:inflight:p")).isEqualTo(-1007);
  }

  @Test
  void schemesThatPayAtOnceBookSharesAndBlocksApart() {
    assertThat(ledger.operatorMoved("capital-1", 10_000).isPosted()).isTrue();
    assertThat(ledger.ppsAccrued(3, 10, 20, new TreeMap<>(Map.of("alice", 60L))).key())
        .isEqualTo("pps:3:10-20");
    assertThat(ledger.ppsAccrued(3, 10, 20, new TreeMap<>(Map.of("alice", 60L))).outcome())
        .isEqualTo(Outcome.DUPLICATE);
    assertThat(ledger.ppsAccrued(3, 9, 8, new TreeMap<>()).isRefused()).isTrue();
    assertThat(ledger.foundForPool("h", 500).key()).isEqualTo("block:h:found:0");
    assertThat(ledger.matured("h").isPosted()).isTrue();
    assertThat(book.balances())
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    "asset:wallet", 10_500L,
                    "equity:operator", -10_000L,
                    "expense:pps", 60L,
                    "income:block", -500L,
                    "liab:payable:alice", -60L)));
    assertThat(ledger.operatorMoved("out", -20_000).isRefused()).isTrue();
    assertThat(ledger.operatorMoved("none", 0).isRefused()).isTrue();
  }

  /**
   * Another block's coins would cover the second loss: only the count of transitions refuses it.
   */
  @Test
  void aBlockIsLostOnceHoweverOftenThatIsSaid() {
    ledger.found(block("a", 500, 500, 10));
    ledger.found(block("b", 500, 500, 10));
    assertThat(ledger.orphaned("a", 2).isRefused()).isTrue();
    assertThat(ledger.orphaned("a", 1).isPosted()).isTrue();
    assertThat(ledger.orphaned("a", 1)).isEqualTo(Posting.duplicate("block:a:orphaned:1"));
    assertThat(ledger.orphaned("a", 2).reason()).contains("not connected");
    assertThat(ledger.orphaned("a", 3).reason()).contains("not connected");
    assertThat(ledger.reconnected("a", 3).reason()).contains("not orphaned");
    assertThat(ledger.reconnected("a", 2).isPosted()).isTrue();
    assertThat(ledger.reconnected("a", 2)).isEqualTo(Posting.duplicate("block:a:reconnected:2"));
    assertThat(ledger.reconnected("b", 0).reason()).contains("not orphaned");
    assertThat(ledger.reconnected("c", 2).reason()).contains("not orphaned");
    assertThat(book.balance("asset:immature")).isEqualTo(2 * 1017);
    assertThat(ledger.matured("a").isPosted()).isTrue();
    assertThat(ledger.matured("b").isPosted()).isTrue();
    assertThat(ledger.deepOrphaned("a", 3).isPosted()).isTrue();
    assertThat(ledger.deepOrphaned("a", 3)).isEqualTo(Posting.duplicate("block:a:deep:3"));
    assertThat(ledger.deepOrphaned("a", 4).reason()).contains("not connected");
    assertThat(ledger.deepOrphaned("a", 5).reason()).contains("not connected");
    assertThat(ledger.deepOrphaned("c", 1).reason()).contains("not connected");
    assertThat(book.balance("asset:wallet")).isEqualTo(1017);
    assertThat(ledger.transitions("a")).isEqualTo(3);
  }

  @Test
  void aPayoutsTransitionsAreCountedOneByOne() {
    mature("h", 1000, 0, 50);
    ledger.payoutReserved("p", new TreeMap<>(Map.of("alice", 400L)));
    ledger.payoutReserved("q", new TreeMap<>(Map.of("alice", 600L)));
    ledger.payoutConfirmed("p", "t", 0);
    assertThat(ledger.payoutConfirmed("p", "t", 0))
        .isEqualTo(Posting.duplicate("payout:p:confirmed:t"));
    assertThat(ledger.payoutUnconfirmed("p", "t", 1).isPosted()).isTrue();
    assertThat(ledger.payoutUnconfirmed("p", "t", 2).isRefused()).as("it is not back").isTrue();
    ledger.payoutConfirmed("p", "t", 0);
    assertThat(ledger.payoutConfirmed("p", "t", 0))
        .isEqualTo(Posting.duplicate("payout:p:reconfirmed:t:2"));
    assertThat(ledger.payoutUnconfirmed("p", "t", 3).isPosted()).isTrue();
    assertThat(ledger.payoutTransitions("p", "t")).isEqualTo(3);
    assertThat(ledger.payoutConfirmed("p", "t", 0).key()).isEqualTo("payout:p:reconfirmed:t:4");
    assertThat(ledger.payoutUnconfirmed("p", "other", 1).isRefused()).isTrue();
    assertThat(book.balance("asset:wallet")).isEqualTo(1057 - 400);
    assertThat(book.balance("liab:inflight:q")).isEqualTo(-600);
  }

  @Test
  void aPayoutTakesAllOfABalanceButNotMoreAndNotNothing() {
    mature("h", 1000, 0, 50);
    assertThat(ledger.payoutReserved("zero", new TreeMap<>(Map.of("alice", 0L))).isRefused())
        .isTrue();
    assertThat(ledger.payoutReserved("more", new TreeMap<>(Map.of("alice", 1001L))).reason())
        .contains("1001 (expected: 1 to 1000)");
    assertThat(ledger.payoutReserved("p", new TreeMap<>(Map.of("alice", 1000L))).isPosted())
        .isTrue();
    assertThat(ledger.payoutReserved("p", new TreeMap<>(Map.of("alice", 1000L))).outcome())
        .isEqualTo(Outcome.DUPLICATE);
    assertThat(ledger.payoutConfirmed("nobody", "t", 0).reason()).contains("nothing is in flight");
    assertThat(ledger.payoutConfirmed("p", "t", -1).isRefused()).isTrue();
    assertThat(book.entry("payout:p:confirmed:t")).isNull();
    assertThat(ledger.payoutFailed("nobody").reason()).contains("never reserved");
    assertThat(ledger.payoutFailed("p").isPosted()).isTrue();
    assertThat(ledger.payoutFailed("p")).isEqualTo(Posting.duplicate("payout:p:failed"));
    assertThat(book.balance("liab:payable:alice")).isEqualTo(-1000);
  }

  @Test
  void theReserveForSharesIsSetAsideAndTakenBackAtMostOnce() {
    assertThat(ledger.operatorMoved("capital", 10_000).isPosted()).isTrue();
    assertThat(ledger.operatorReserved("none", 0).isRefused()).isTrue();
    assertThat(ledger.operatorReserved("back", -1).reason()).contains("-1 (expected: >= 0)");
    assertThat(ledger.operatorReserved("in", 700).isPosted()).isTrue();
    assertThat(ledger.operatorReserved("in", 700))
        .isEqualTo(Posting.duplicate("operator:in:reserved"));
    assertThat(book.balance(LedgerAccounts.PPS_RESERVE)).isEqualTo(-700);
    assertThat(book.balance(LedgerAccounts.OPERATOR)).isEqualTo(-9_300);
    assertThat(ledger.operatorReserved("too-much", -701).isRefused()).isTrue();
    assertThat(ledger.operatorReserved("out", -700).isPosted()).isTrue();
    assertThat(book.balance(LedgerAccounts.PPS_RESERVE)).isZero();
  }

  @Test
  void sharesArePaidForARangeThatIsNotEmpty() {
    ledger.operatorMoved("capital", 10_000);
    TreeMap<String, Long> one = new TreeMap<>(Map.of("alice", 1L));
    assertThat(ledger.ppsAccrued(1, 0, 5, one).isRefused()).isTrue();
    assertThat(ledger.ppsAccrued(1, 1, 1, one).isPosted()).isTrue();
    assertThat(ledger.ppsAccrued(1, 2, 1, one).isRefused()).isTrue();
    assertThat(ledger.ppsAccrued(1, 2, 2, new TreeMap<>(Map.of("alice", 0L))).isPosted()).isTrue();
    assertThat(
            ledger.ppsAccrued(1, 3, 3, new TreeMap<>(Map.of("alice", 5L, "bob", -1L))).isRefused())
        .isTrue();
    assertThat(book.balance("liab:payable:alice")).isEqualTo(-1);
  }

  @Test
  void accountsOfTheLedgerHaveTheirNames() {
    assertThat(LedgerAccounts.carry("alice")).isEqualTo("liab:carry:alice");
    assertThat(LedgerAccounts.isLiability("liab:reserve")).isTrue();
    assertThat(LedgerAccounts.isLiability("asset:wallet")).isFalse();
    assertThat(LedgerAccounts.minerOfPayable("liab:payable:bob")).isEqualTo("bob");
    assertThat(LedgerAccounts.minerOfPayable(LedgerAccounts.payable("~reserve")))
        .isEqualTo("~reserve");
    assertThat(LedgerAccounts.isPermitted("asset:wallet", 0)).isTrue();
    assertThat(LedgerAccounts.isPermitted("asset:wallet", -1)).isFalse();
    assertThat(LedgerAccounts.isPermitted("liab:reserve", 0)).isTrue();
    assertThat(LedgerAccounts.isPermitted("liab:reserve", 1)).isFalse();
    assertThat(LedgerAccounts.isPermitted("expense:txfee", -1)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noRowOfEventsBreaksTheBook(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> blocks = new ArrayList<>();
    int payouts = 0;
    int posted = 0;
    for (int i = 0; i < 2_000; i++) {
      String block = blocks.isEmpty() ? "none" : blocks.get(random.nextInt(blocks.size()));
      String payout = "p" + random.nextInt(payouts + 1);
      int n = 1 + random.nextInt(3);
      Posting posting =
          switch (random.nextInt(11)) {
            case 0 -> {
              blocks.add("b" + i);
              yield ledger.found(
                  block("b" + i, random.nextLong(1000), random.nextLong(1000), random.nextLong(9)));
            }
            case 1 -> ledger.matured(block);
            case 2 -> ledger.orphaned(block, ledger.transitions(block) + 1);
            case 3 -> ledger.reconnected(block, ledger.transitions(block) + 1);
            case 4 -> ledger.deepOrphaned(block, n);
            case 5 ->
                ledger.payoutReserved(
                    "p" + payouts++,
                    new TreeMap<>(
                        Map.of("alice", random.nextLong(500), "bob", random.nextLong(500))));
            case 6, 7 -> ledger.payoutConfirmed(payout, "t" + n, random.nextLong(5));
            case 8 -> ledger.payoutUnconfirmed(payout, "t" + n, n);
            case 9 -> ledger.payoutFailed(payout);
            default -> ledger.operatorMoved("m" + i, random.nextLong(-50, 50));
          };
      posted += posting.isPosted() ? 1 : 0;
      assertThat(book.total()).isZero();
      book.balances()
          .forEach((account, sat) ->
              assertThat(LedgerAccounts.isPermitted(account, sat))
                  .as("%s is %d after %s", account, sat, posting)
                  .isTrue());
    }
    assertThat(posted).isGreaterThan(300);
  }

  @Test
  void aPostingIsOneOfThreeThings() {
    assertThat(List.of(Posting.posted("k"), Posting.duplicate("k"), Posting.refused("k", "no")))
        .extracting(Posting::isPosted, Posting::isRefused)
        .containsExactly(tuple(true, false), tuple(false, false), tuple(false, true));
  }
}
