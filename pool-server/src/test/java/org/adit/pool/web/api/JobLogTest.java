package org.adit.pool.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.pool.TestClock;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.work.CoinbasePolicy;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.Templates;
import org.junit.jupiter.api.Test;

/** Which work is news. */
final class JobLogTest {
  private static final int BITS = 0x207fffff;

  private final TestClock clock = new TestClock();
  private final JobLog log = new JobLog();
  private final JobBook book =
      new JobBook(
          new JobFactory(
              CoinbasePolicy.toOne(new byte[22]),
              "/Adit/",
              0,
              new AtomicLong(1)::getAndIncrement,
              new AtomicInteger(1)::getAndIncrement,
              clock,
              job -> {}),
          clock);

  private static BlockTemplate on(int tip) {
    return Templates.empty(tip + 1, Templates.hash(tip), BITS);
  }

  @Test
  void aTipIsListedOnce() {
    assertThat(log.add(book.accept(on(1)), 1)).isPresent();
    // The same work with a later time.
    assertThat(log.add(book.accept(on(1)), 2)).isEmpty();
    // The ports were closed for a while: the book calls the tip new again, nobody else does.
    book.withdraw();
    assertThat(log.add(book.accept(on(1)), 3)).isEmpty();
    assertThat(log.add(book.accept(on(2)), 4)).isPresent();
    // A chain that goes back is news.
    assertThat(log.add(book.accept(on(1)), 5)).isPresent();
    assertThat(log.newest()).extracting(job -> job.path("at_ms").asInt()).containsExactly(5, 4, 1);
    assertThat(log.newest()).allMatch(job -> job.path("new_tip").asBoolean());
  }

  @Test
  void moreTransactionsOnATipAreWorkButNoNewTip() {
    log.add(book.accept(on(1)), 1);
    book.withdraw();
    BlockTemplate richer = on(1);
    richer =
        new BlockTemplate(
            richer.network(),
            richer.height(),
            richer.version(),
            richer.vbRequired(),
            richer.previousBlock(),
            richer.transactions(),
            richer.coinbaseValueSat() + 7,
            richer.feesSat() + 7,
            richer.coinbaseAux(),
            richer.minTime(),
            richer.curTime(),
            richer.bits(),
            richer.target(),
            richer.defaultWitnessCommitment(),
            richer.rules(),
            richer.longPollId(),
            java.util.Optional.empty(),
            richer.receivedAt());
    assertThat(log.add(book.accept(richer), 2).orElseThrow().path("new_tip").asBoolean(true))
        .isFalse();
    assertThat(log.newest()).hasSize(2);
  }
}
