package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.adit.hasher.Difficulty;
import org.adit.pool.cli.Cli;
import org.adit.pool.mining.LikelyCause;
import org.adit.pool.mining.Rejection;
import org.adit.pool.stratum.StratumLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every refused share is kept with what explains it. */
class ExplainIT {
  @TempDir Path folder;

  @Test
  void eachRefusalCarriesItsJobItsCauseAndItsWorth() throws Exception {
    try (StratumHouse house = new StratumHouse(folder, StratumLimits.DEFAULT);
        V1Rig rig = house.rig("alice.one")) {
      V1Job first = rig.job();
      V1Job.Share good = rig.find(StratumHouse.START.target());
      V1Job.Share late = rig.find(StratumHouse.START.target());
      rig.submit(good, first.id());
      rig.submit(good, first.id());
      V1Job.Share poor = new V1Job.Share(V1Job.withNonce(good.header(), 1), good.extranonce2());
      rig.submit(poor, first.id());
      rig.submit(good, "fff");
      house.newTip();
      rig.nextJob();
      house.clock.advance(Duration.ofSeconds(5));
      rig.submit(late, first.id());
      rig.answer(
          "{\"id\":%d,\"method\":\"mining.submit\",\"params\":[\"alice.one\",\"%s\",\"00\",\"1\",\"1\"]}"
              .formatted(rig.nextId(), rig.job().id()));

      rig.answer(
          "{\"id\":%d,\"method\":\"mining.submit\",\"params\":[\"alice.one\",\"<b>\\u0007%s\",[1],-7,null,true]}"
              .formatted(rig.nextId(), "x".repeat(60)));

      List<Rejection> refused = List.copyOf(house.rejections);
      assertThat(refused)
          .extracting(Rejection::label)
          .containsExactly(
              "duplicate",
              "low-difficulty",
              "unknown-job",
              "stale-tip",
              "malformed",
              "unknown-job");
      assertThat(refused.get(0).cause()).isEqualTo(LikelyCause.SENT_TWICE);
      assertThat(refused.get(0).worthSat()).as("credited before").isZero();
      assertThat(refused.get(1).job().orElseThrow().required()).isEqualTo(StratumHouse.START);
      assertThat(refused.get(1).achieved().orElseThrow()).isLessThan(StratumHouse.START);
      assertThat(refused.get(1).worthSat()).as("never met its target").isZero();
      assertThat(refused.get(2).job()).isEmpty();
      assertThat(refused.get(2).received().orElseThrow())
          .isEqualTo(
              new Rejection.Received(
                  "fff",
                  good.extranonce2(),
                  "%08x".formatted(good.header().time()),
                  "%08x".formatted(good.header().nonce()),
                  Optional.empty()));
      assertThat(refused.get(3).cause()).isEqualTo(LikelyCause.OLD_JOB_KEPT);
      assertThat(refused.get(3).job().orElseThrow().ageMillis()).isEqualTo(5_000);
      // 50 BTC times 2^-22 of the work of difficulty 1, rounded down.
      assertThat(refused.get(3).worthSat()).isEqualTo(worthOf(StratumHouse.START));
      assertThat(refused.get(4).cause()).isEqualTo(LikelyCause.BROKEN_FORM);
      assertThat(refused.get(4).received().orElseThrow())
          .isEqualTo(new Rejection.Received(rig.job().id(), "00", "1", "1", Optional.empty()));
      assertThat(refused.get(5).received().orElseThrow().job()).isEqualTo("<b>?" + "x".repeat(36));
      assertThat(refused.get(5).received().orElseThrow().ntime()).isEqualTo("-7");
      shown(refused);
    }
  }

  private static long worthOf(Difficulty difficulty) {
    return (long) (5_000_000_000.0 * difficulty.toDouble());
  }

  private void shown(List<Rejection> refused) throws Exception {
    RejectBook book = new RejectBook(folder);
    refused.forEach(book::rejected);
    book.write();
    assertThat(book.of("alice.one", 10)).hasSize(6);
    assertThat(book.of("one", 2))
        .extracting(entry -> entry.required("verdict").asString())
        .containsExactly("malformed", "unknown-job");
    assertThat(book.of("bob", 10)).isEmpty();
    JsonNode stale = book.of("alice", 3).getFirst();
    assertThat(stale.required("job_age_ms").asLong()).isEqualTo(5_000);
    assertThat(stale.required("worth_sat").asLong()).isEqualTo(worthOf(StratumHouse.START));

    StringWriter out = new StringWriter();
    int code =
        Cli.run(
            new PrintWriter(out),
            new PrintWriter(new StringWriter()),
            "explain",
            "alice.one",
            "--data",
            folder.toString());
    assertThat(code).isZero();
    assertThat(out.toString()).contains("stale-tip", "5.0 s old", "lost: ", "received job \"fff\"");
  }
}
