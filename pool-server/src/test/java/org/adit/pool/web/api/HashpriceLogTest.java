package org.adit.pool.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.adit.pool.stats.Range;
import org.adit.pool.web.api.HashpriceLog.Mean;
import org.adit.pool.web.api.HashpriceLog.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hashprice over time: means by slot, kept over restarts, bounded. */
final class HashpriceLogTest {
  private static final long SLOT = 600_000;
  private static final long T0 = 2_000_016 * SLOT;

  @TempDir Path folder;

  private static Mean of(double sat, double money, String currency) {
    return new Mean(1, sat, sat / 2, money, currency);
  }

  private static Mean last(HashpriceLog log, long now) {
    Slot slot = log.series(Range.DAY, now).getLast();
    assertThat(slot.running()).isTrue();
    return java.util.Objects.requireNonNull(slot.mean());
  }

  @Test
  void aSlotIsTheMeanOfItsReadings() throws Exception {
    try (HashpriceLog log = new HashpriceLog(folder)) {
      assertThat(log.sinceMillis()).isZero();
      log.add(T0, of(100, 1, "USD"));
      log.add(T0 + 1, of(200, 2, "USD"));
      log.add(T0 + 2, of(600, Double.NaN, "USD"));
      assertThat(last(log, T0 + 3).sat()).isEqualTo(300);
      assertThat(last(log, T0 + 3).subsidySat()).isEqualTo(150);
      assertThat(last(log, T0 + 3).money()).isEqualTo(1.5);
      // A reading in other money does not mix with those before.
      log.add(T0 + 4, of(100, 9, "EUR"));
      assertThat(last(log, T0 + 5).money()).isEqualTo(9);
      assertThat(last(log, T0 + 5).currency()).isEqualTo("EUR");
    }
  }

  @Test
  void seriesHaveNoHolesAndSayWhatIsNotKnown() throws Exception {
    try (HashpriceLog log = new HashpriceLog(folder)) {
      log.add(T0, of(100, 1, "USD"));
      log.add(T0 + 3 * SLOT, of(300, 1, "USD"));
      List<Slot> day = log.series(Range.DAY, T0 + 3 * SLOT + 1);
      assertThat(day).hasSize(145);
      for (int i = 1; i < day.size(); i++) {
        assertThat(day.get(i).startMillis()).isEqualTo(day.get(i - 1).endMillis());
      }
      assertThat(day.stream().filter(slot -> slot.mean() != null).map(Slot::startMillis))
          .containsExactly(T0, T0 + 3 * SLOT);
      // Both lie in one slot of four hours, T0 being a multiple of them.
      Slot month = log.series(Range.MONTH, T0 + 3 * SLOT + 1).getLast();
      assertThat(month.mean()).isEqualTo(new Mean(2, 200, 100, 1, "USD"));
      assertThat(log.sinceMillis()).isEqualTo(T0);
    }
  }

  @Test
  void aRestartAndATornLineLoseNothingElse() throws Exception {
    try (HashpriceLog log = new HashpriceLog(folder)) {
      log.add(T0, of(100, 1, "USD"));
      log.add(T0 + SLOT, of(200, Double.NaN, "USD"));
    }
    Files.writeString(
        folder.resolve(HashpriceLog.FILE), "{\"at_ms\":12", StandardOpenOption.APPEND);
    try (HashpriceLog log = new HashpriceLog(folder)) {
      assertThat(last(log, T0 + SLOT + 1).sat()).isEqualTo(200);
      assertThat(last(log, T0 + SLOT + 1).money()).isNaN();
      log.add(T0 + SLOT + 1, of(400, 4, "USD"));
      assertThat(last(log, T0 + SLOT + 1).sat()).isEqualTo(300);
    }
    try (HashpriceLog log = new HashpriceLog(folder)) {
      assertThat(last(log, T0 + SLOT + 1).sat()).isEqualTo(300);
      assertThat(log.sinceMillis()).isEqualTo(T0);
    }
  }

  @Test
  void aMonthIsKeptInMemoryAndOnDisk() throws Exception {
    int many = 13_000;
    try (HashpriceLog log = new HashpriceLog(folder)) {
      for (int i = 0; i < many; i++) {
        log.add(T0 + i * SLOT, of(i, 1, "USD"));
      }
      assertThat(last(log, T0 + (many - 1) * SLOT).sat()).isEqualTo(many - 1);
      assertThat(log.sinceMillis()).isEqualTo(T0 + (many - 1L - 181 * 24) * SLOT);
    }
    try (var lines = Files.lines(folder.resolve(HashpriceLog.FILE))) {
      assertThat(lines.count()).isLessThanOrEqualTo(2 * 181 * 24);
    }
  }
}
