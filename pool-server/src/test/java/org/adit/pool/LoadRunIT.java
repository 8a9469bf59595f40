package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.adit.load.BlockSource;
import org.adit.load.LoadException;
import org.adit.load.LoadMode;
import org.adit.load.LoadOptions;
import org.adit.load.LoadProgress;
import org.adit.load.LoadReport;
import org.adit.load.LoadRun;
import org.adit.pool.stratum.StratumLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load generator against the real Stratum server with a real journal. */
class LoadRunIT {
  private static final int CONNECTIONS = 12;

  @TempDir Path folder;
  private StratumHouse house;

  @BeforeEach
  void open() throws Exception {
    house = new StratumHouse(folder, StratumLimits.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  private LoadOptions options(LoadMode mode, double rate, String user) {
    return new LoadOptions(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), house.port()),
        mode,
        CONNECTIONS,
        rate,
        1,
        2,
        user,
        "x",
        2,
        0,
        1,
        1,
        40,
        OptionalLong.of(ProcessHandle.current().pid()),
        1,
        0);
  }

  private static LoadReport run(LoadOptions options, @Nullable BlockSource blocks)
      throws Exception {
    return new LoadRun(options, new Quiet(), blocks).run();
  }

  @Test
  void sharesAreRealAndCountedOnce() throws Exception {
    LoadReport report = run(options(LoadMode.SHARES, 60, "alice.load"), null);

    assertThat(report.connected()).isEqualTo(CONNECTIONS);
    assertThat(report.rejected()).isEmpty();
    assertThat(report.unanswered()).isZero();
    assertThat(report.sent()).isBetween(110L, 121L);
    assertThat(report.accepted()).isEqualTo(report.sent());
    assertThat(report.latency().count()).isEqualTo(report.accepted());
    // Those of the warm-up are in the journal and not in the report.
    assertThat((long) house.stored().size()).isGreaterThan(report.accepted());
  }

  @Test
  void withoutARateEachAnswerReleasesTheNextShare() throws Exception {
    // The house's clock stands still, and a connection would be held back after its burst of
    // messages: let the clock run.
    try (ScheduledExecutorService time = Executors.newSingleThreadScheduledExecutor()) {
      ScheduledFuture<?> ticks =
          time.scheduleAtFixedRate(
              () -> house.clock.advance(Duration.ofMillis(50)), 0, 10, TimeUnit.MILLISECONDS);
      LoadReport report = run(options(LoadMode.SHARES, 0, "alice.load"), null);
      ticks.cancel(false);

      assertThat(report.sent()).isPositive();
      assertThat(report.rejected()).isEmpty();
      assertThat(report.accepted() + report.unanswered()).isEqualTo(report.sent());
      // A connection has one share under way.
      assertThat(report.unanswered()).isLessThanOrEqualTo(CONNECTIONS);
      assertThat((long) house.stored().size()).isGreaterThanOrEqualTo(report.accepted());
    }
  }

  @Test
  void blocksAreTimedToTheLastConnection() throws Exception {
    AtomicInteger height = new AtomicInteger(house.height());
    BlockSource blocks =
        () ->
            new BlockSource.Prepared() {
              @Override
              public String stratumHash() {
                return house.stratumHash(height.incrementAndGet());
              }

              @Override
              public void submit() {
                house.newTip();
              }
            };
    LoadReport report = run(options(LoadMode.IDLE, 0, "alice.load"), blocks);

    assertThat(report.blocks())
        .hasSize(2)
        .allSatisfy(block -> {
          assertThat(block.fromSubmit()).isTrue();
          assertThat(block.reached()).isEqualTo(CONNECTIONS);
          assertThat(block.lastMicros()).isGreaterThanOrEqualTo(block.medianMicros());
          assertThat(block.medianMicros()).isGreaterThanOrEqualTo(block.firstMicros());
        });
    assertThat(report.process()).isPresent();
    assertThat(report.process().get().residentEndBytes()).isPositive();
  }

  @Test
  void sessionsComeAndGo() throws Exception {
    LoadReport report = run(options(LoadMode.CHURN, 50, "alice.load"), null);

    assertThat(report.sessions()).isPositive();
    assertThat(report.sessionLatency().count()).isEqualTo(report.sessions());
  }

  @Test
  void aPoolThatRefusesTheUserIsNoMeasurement() {
    assertThatThrownBy(() -> run(options(LoadMode.SHARES, 10, "nobody"), null))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("authorize was refused");
  }

  private static final class Quiet implements LoadProgress {
    @Override
    public void phase(String text) {}

    @Override
    public void second(int connected, long done, long perSecond, long rejected) {}
  }
}
