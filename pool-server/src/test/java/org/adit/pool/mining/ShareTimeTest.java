package org.adit.pool.mining;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.work.CoinbasePolicy;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.MiningJob;
import org.adit.pool.work.Templates;
import org.junit.jupiter.api.Test;

/** Block times on a chain whose target depends on them (Stratum V1 specification 6.9). */
class ShareTimeTest {
  private static final int BITS = 0x207fffff;
  private static final long EDGE = Templates.NOW.getEpochSecond() + 400;
  private static final byte[] EXTRANONCE = new byte[8];

  private static MiningJob job(Instant now, long maxTime) {
    BlockTemplate t = Templates.empty(101, Templates.hash(100), BITS);
    BlockTemplate bounded =
        new BlockTemplate(
            t.network(),
            t.height(),
            t.version(),
            t.vbRequired(),
            t.previousBlock(),
            List.of(),
            t.coinbaseValueSat(),
            0,
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
            maxTime,
            false);
    CoinbasePolicy policy = CoinbasePolicy.toOne(new byte[] {0x51});
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    JobFactory factory = new JobFactory(policy, "/Adit/", 0, () -> 1, () -> 1, clock, made -> {});
    return new JobBook(factory, clock).accept(bounded).jobFor("anybody");
  }

  private static ShareCheck.Result judge(MiningJob job, Instant now, long ntime) {
    Difficulty difficulty = Difficulty.powerOfTwo(-30);
    SentJob sent =
        new SentJob(
            job,
            ShareRequirement.of(difficulty, job.networkTarget()),
            0,
            now.toEpochMilli(),
            new byte[4]);
    Submission share =
        new Submission(new Worker("a", "b", 1), EXTRANONCE, (int) ntime, 0, false, 0);
    Hash256 block = Hash256.ofDisplayHex("%064x".formatted(ntime));
    return ShareCheck.judge(
        sent,
        share,
        block,
        new ShareCheck.Circumstances(
            difficulty, new JobLifetimes(600_000, 60_000, 0, 64), 0, now.toEpochMilli()));
  }

  @Test
  void whatMinersRollBeyondTheEdgeIsNoShareAndNoBlock() {
    MiningJob job = job(Templates.NOW, EDGE);
    ShareCheck.Result last = judge(job, Templates.NOW, EDGE);
    assertThat(last.verdict()).isInstanceOf(ShareVerdict.Accepted.class);
    assertThat(last.isBlock()).isTrue();

    ShareCheck.Result beyond = judge(job, Templates.NOW, EDGE + 1);
    assertThat(beyond.verdict()).isEqualTo(new ShareVerdict.TimeOutOfRange(job.minTime(), EDGE));
    assertThat(beyond.isBlock()).as("its bits would be wrong").isFalse();

    MiningJob free = job(Templates.NOW, BlockTemplate.NO_MAX_TIME);
    assertThat(judge(free, Templates.NOW, EDGE + 1).isBlock()).isTrue();
  }

  @Test
  void aJobsOwnClockStopsAtTheEdge() {
    assertThat(job(Templates.NOW.plusSeconds(399), EDGE).time()).isEqualTo(EDGE - 1);
    assertThat(job(Templates.NOW.plusSeconds(500), EDGE).time()).isEqualTo(EDGE);
    assertThat(job(Templates.NOW.plusSeconds(500), BlockTemplate.NO_MAX_TIME).time())
        .isEqualTo(EDGE + 100);
  }
}
