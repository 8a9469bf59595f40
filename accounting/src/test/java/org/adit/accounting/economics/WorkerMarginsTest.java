package org.adit.accounting.economics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import org.adit.accounting.economics.WorkerMargins.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerMarginsTest {
  private static final double NEAR = 1e-9;

  /** 1 PH/s earns 144 * 1000 sat a day here. */
  private static final Hashprice HASHPRICE = new Hashprice(1e15, 144, 1_000, 0, 0);

  private static PowerProfile group(String name, double joules, double price, String... patterns) {
    return new PowerProfile(
        name, List.of(patterns), OptionalDouble.of(joules), OptionalDouble.of(price));
  }

  private static final PowerProfile OTHERS =
      new PowerProfile("others", List.of(), OptionalDouble.of(30), OptionalDouble.of(0.1));

  private static WorkerMargins margins(OptionalDouble price, PowerProfile... groups) {
    return new WorkerMargins(HASHPRICE, price, List.of(groups), OTHERS);
  }

  @ParameterizedTest
  @CsvSource({
    "farm.*, farm, s21-1, true",
    "farm.*, farm, '', false",
    "farm*, farm, '', true",
    "farm.s21, farm, s21, true",
    "farm.s21, farm, s211, false",
    "*, anybody, anything, true",
    "*.s21*, farm, s21-7, true",
    "*.s21*, farm, s19-7, false",
    "f*m.*-7, farm, s21-7, true",
    "f*m.*-7, farm, s21-77, false",
    "**a**b, a, a.b, true",
    "FARM.*, farm, x, false",
    "a, '', a, false"
  })
  void aPatternFitsWholeNames(String pattern, String account, String worker, boolean fits) {
    assertThat(group("g", 1, 1, pattern).fits(account, worker)).isEqualTo(fits);
  }

  /** What would take years by going back to every star. */
  @Test
  void manyStarsAreQuick() {
    assertThat(group("g", 1, 1, "*a".repeat(100) + "b").fits("a".repeat(20_000), "")).isFalse();
  }

  @Test
  void aWorkerHasTheFiguresOfTheFirstGroupThatFits() {
    WorkerMargins margins =
        margins(
            OptionalDouble.of(100_000),
            group("new", 15, 0.05, "farm.s21*"),
            group("old", 40, 0.05, "farm.*"));
    Line line = margins.worker("farm", "s21-1", 2e14);
    assertThat(line.name()).isEqualTo("farm.s21-1");
    assertThat(line.group()).isEqualTo("new");
    assertThat(line.revenueSatDay()).isCloseTo(28_800, within(NEAR));
    assertThat(line.revenueDay()).isCloseTo(28.8, within(NEAR));
    assertThat(line.kilowatts()).isCloseTo(3, within(NEAR));
    assertThat(line.powerCostDay()).isCloseTo(3.6, within(NEAR));
    assertThat(line.grossMargin()).isCloseTo(0.875, within(NEAR));
    assertThat(line.breakEvenPricePerKwh()).isCloseTo(0.4, within(NEAR));
    // The same as for a petahash of such machines.
    Margin margin = new Margin(144, 15, 0.05);
    assertThat(line.grossMargin()).isCloseTo(margin.grossMargin(), within(NEAR));
    assertThat(margins.worker("farm", "s19", 1).group()).isEqualTo("old");
    assertThat(margins.worker("bob", "", 1).group()).isEqualTo("others");
    assertThat(margins.worker("bob", "", 1).name()).isEqualTo("bob");
  }

  @Test
  void aGroupIsTheSumOfItsWorkers() {
    WorkerMargins margins =
        margins(
            OptionalDouble.of(100_000),
            group("new", 15, 0.05, "farm.s21*"),
            group("unused", 1, 1, "nobody"),
            group("old", 40, 0.1, "farm.*"));
    List<Line> workers =
        List.of(
            margins.worker("bob", "x", 1e14),
            margins.worker("farm", "s21-1", 2e14),
            margins.worker("farm", "s19-1", 1e14),
            margins.worker("farm", "s21-2", 4e14));
    List<Line> groups = margins.groups(workers);
    assertThat(groups).extracting(Line::name).containsExactly("new", "old", "others");
    assertThat(groups.getFirst().hashesPerSecond()).isEqualTo(6e14);
    assertThat(groups.getFirst().grossMargin()).isCloseTo(0.875, within(NEAR));
    assertThat(groups.stream().mapToDouble(Line::revenueSatDay).sum())
        .isCloseTo(144 * 800, within(1e-6));
    assertThatThrownBy(() -> margins().groups(workers)).hasMessageContaining("no group new");
  }

  private static WorkerMargins margins() {
    return margins(OptionalDouble.empty());
  }

  @Test
  void whatIsNotKnownIsNoNumber() {
    Line priceless = margins().worker("a", "b", 1e14);
    assertThat(priceless.revenueSatDay()).isCloseTo(14_400, within(NEAR));
    assertThat(priceless.revenueDay()).isNaN();
    assertThat(priceless.grossMargin()).isNaN();
    assertThat(priceless.kilowatts()).isCloseTo(3, within(NEAR));
    PowerProfile unknown =
        new PowerProfile("unknown", List.of("*"), OptionalDouble.empty(), OptionalDouble.of(0.1));
    Line dark = margins(OptionalDouble.of(1), unknown).worker("a", "b", 1e14);
    assertThat(dark.kilowatts()).isNaN();
    assertThat(dark.powerCostDay()).isNaN();
    assertThat(dark.revenueDay()).isPositive();
    assertThat(margins(OptionalDouble.of(1)).worker("a", "b", 0).grossMargin()).isNaN();
    assertThatThrownBy(() -> margins().worker("a", "b", -1)).hasMessageContaining("hashrate");
    assertThatThrownBy(() -> group("g", 0, 1)).hasMessageContaining("efficiency");
  }
}
