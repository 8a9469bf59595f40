package org.adit.pool.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.adit.pool.bitcoind.BlockTemplate;
import org.junit.jupiter.api.Test;

class EmptyWorkTest {
  private static final int BITS = 0x1d00ffff;
  private static final long BLOCK_HASHES = 4_295_032_833L;

  private final EmptyWork counts = new EmptyWork();

  /** A full template of fees, or an empty one of the pool's own. */
  private static BlockTemplate template(int tip, long fees, boolean empty) {
    BlockTemplate t = Templates.empty(tip + 1, Templates.hash(tip), BITS);
    return new BlockTemplate(
        t.network(),
        t.height(),
        t.version(),
        t.vbRequired(),
        t.previousBlock(),
        List.of(),
        t.coinbaseValueSat() + fees,
        fees,
        t.coinbaseAux(),
        t.minTime(),
        t.curTime(),
        t.bits(),
        t.target(),
        t.defaultWitnessCommitment(),
        t.rules(),
        t.longPollId(),
        Optional.empty(),
        t.receivedAt(),
        BlockTemplate.NO_MAX_TIME,
        empty);
  }

  private static MiningJob job(BlockTemplate template) {
    byte[] script = {0x51};
    CoinbasePolicy policy = CoinbasePolicy.toOne(script);
    JobFactory factory =
        new JobFactory(policy, "/Adit/", 0, () -> 1, () -> 1, Clock.systemUTC(), made -> {});
    return new JobBook(factory, Clock.systemUTC()).accept(template).jobFor("anybody");
  }

  @Test
  void whatEmptyWorkDoesWithoutIsKnownWhenTheFullTemplateIs() {
    counts.sent(template(1, 900, false), 0);
    counts.share(job(template(1, 900, false)), BLOCK_HASHES);
    counts.block(job(template(1, 900, false)));
    assertThat(counts.figures()).isEqualTo(new EmptyWork.Figures(0, 0, 0, 0, 0, 0));

    BlockTemplate empty = template(2, 0, true);
    counts.sent(empty, 1_000);
    MiningJob job = job(empty);
    counts.share(job, BLOCK_HASHES / 4);
    counts.block(job);
    assertThat(counts.figures()).isEqualTo(new EmptyWork.Figures(1, 0, 1, 0, 1, 0));

    counts.sent(template(2, 80_000, false), 1_250);
    counts.share(job, BLOCK_HASHES / 4);
    assertThat(counts.figures()).isEqualTo(new EmptyWork.Figures(1, 250, 2, 39_999, 1, 80_000));

    // The next refresh has other fees; the first one was what came too late.
    counts.sent(template(2, 90_000, false), 31_000);
    assertThat(counts.figures()).isEqualTo(new EmptyWork.Figures(1, 250, 2, 39_999, 1, 80_000));
  }

  @Test
  void oldTipsAreAddedUpAndForgotten() {
    for (int tip = 1; tip <= 100; tip++) {
      BlockTemplate empty = template(tip, 0, true);
      counts.sent(empty, tip);
      counts.share(job(empty), BLOCK_HASHES);
      counts.sent(template(tip, 1_000, false), tip + 1);
    }
    EmptyWork.Figures figures = counts.figures();
    assertThat(figures.tips()).isEqualTo(100);
    assertThat(figures.millis()).isEqualTo(100);
    assertThat(figures.expectedFeesSat()).isBetween(99_999L, 100_000L);
    assertThat(counts.figures()).isEqualTo(figures);
  }
}
