package org.adit.pool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tables and lines fit the screen, by leaving out what matters least. */
final class TableTest {
  private static final int[] SCREENS = {80, 120, 200};
  private static final String ADDRESS =
      "bcrt1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqvg32hk";

  private static List<String> lines(Table table, int columns) {
    return table.fitting(columns).format(false).lines().toList();
  }

  private static void fits(Table table, int columns) {
    assertThat(lines(table, columns)).allMatch(line -> line.length() <= columns);
  }

  /** What a running pool says of workers with the longest names and figures. */
  static JsonNode workers(Random random, int count) {
    ObjectNode page = Output.newObject().put("as_of_ms", 1_800_000_000_000L);
    ArrayNode items = page.putArray("items");
    for (int i = 0; i < count; i++) {
      ObjectNode worker = items.addObject();
      worker.put("state", random.nextBoolean() ? "offline" : "warming");
      worker.put("account", random.nextBoolean() ? ADDRESS : "farm");
      worker.put("worker", "container-" + i + "-rack-" + "7".repeat(random.nextInt(40)));
      for (String window : List.of("5m", "1h", "24h")) {
        double rate = Math.pow(10, 3 + random.nextDouble() * 18);
        worker
            .putObject("hashrate_" + window)
            .put("hashrate_hs", rate)
            .put("low_hs", 0)
            .put("high_hs", rate * 4)
            .put("shares", 1 + random.nextInt(20));
      }
      worker.put("rejected_share_1h", random.nextDouble());
      worker.put("last_share_at_ms", 1_800_000_000_000L - random.nextInt(2_000_000_000));
      worker.put("difficulty", 0.000015 + random.nextInt(1_000_000));
      worker.put("user_agent", "bmminer/2.0.0 with a long name of its own");
    }
    return page;
  }

  @Test
  void theWorkersFitEachScreen() {
    Random random = new Random(25);
    for (int columns : SCREENS) {
      for (int i = 0; i < 50; i++) {
        fits(StatusText.workers(workers(random, 1 + random.nextInt(30))), columns);
      }
    }
  }

  @Test
  void onANarrowScreenStateNameRateAndLastShareAreLeft() {
    String head = String.join(" ", lines(StatusText.workers(workers(new Random(1), 9)), 80));
    assertThat(head).contains("STATE", "WORKER", "5 MIN", "LAST SHARE");
    assertThat(lines(StatusText.workers(workers(new Random(1), 9)), 200).getFirst())
        .contains("24 H", "REFUSED", "DIFFICULTY", "DEVICE");
  }

  @Test
  void headingsTakeSeveralLinesBeforeNamesAreCut() {
    Table table = new Table("ACCOUNT", ">PENDING SUBSIDY BTC", ">PAID BY COINBASE BTC");
    table.row("alice", "12.50000000", "0.00000000");
    assertThat(lines(table, 36))
        .containsExactly(
            "                         PAID BY",
            "             PENDING    COINBASE",
            "ACCOUNT  SUBSIDY BTC         BTC",
            "alice    12.50000000  0.00000000");
    assertThat(lines(table, 60).getFirst())
        .isEqualTo("ACCOUNT  PENDING SUBSIDY BTC  PAID BY COINBASE BTC");
  }

  @Test
  void namesKeepBothEnds() {
    Table table = new Table("ACCOUNT", ">SUM").row(ADDRESS + ".rig", "1.00000000");
    assertThat(lines(table, 40).getLast()).matches("bcrt1p\\S+…\\S+32hk\\.rig +1\\.00000000");
    fits(table, 40);
  }

  @Test
  void sentencesGoOnBelow() {
    Table table = new Table("SINCE", "WHAT").flowing().row("4 min", "one two three ".repeat(12));
    List<String> lines = lines(table, 60);
    assertThat(lines).hasSizeGreaterThan(2).allMatch(line -> line.length() <= 60);
    assertThat(String.join(" ", lines).split("three", -1)).hasSize(13);
    assertThat(lines.get(2)).startsWith("       ");
  }

  @Test
  void linesAreBrokenBetweenWordsAndGoOnBelowTheirFigures() {
    String line =
        "hashrate    1.21 TH/s +- 7 % (10 min)   1.20 TH/s +- 3 % (1 h)   1.19 TH/s +- 1 % (24 h)";
    assertThat(Lines.fitting(line, 80))
        .containsExactly(
            "hashrate    1.21 TH/s +- 7 % (10 min)   1.20 TH/s +- 3 % (1 h)",
            "            1.19 TH/s +- 1 % (24 h)");
    assertThat(Lines.fitting(line, 120)).containsExactly(line);
    String word = "x".repeat(200);
    assertThat(Lines.fitting("a " + word + " b", 80)).containsExactly("a", "  " + word, "  b");
    assertThat(Lines.fitting(word, 80)).containsExactly(word);
  }

  @Test
  void figuresStayShortHoweverLargeOrSmallTheyAre() {
    assertThat(Figures.six(1.54336e17)).isEqualTo("1.54e17");
    assertThat(Figures.six(-8.00655e-9)).isEqualTo("-8.01e-9");
    assertThat(Figures.six(0)).isEqualTo("0");
    assertThat(Figures.six(88_000)).isEqualTo("88000");
    assertThat(Figures.six(0.0000012)).isEqualTo("0.0000012");
    assertThat(Figures.six(Double.NaN)).isEqualTo("-");
    Random random = new Random(23);
    for (int i = 0; i < 2_000; i++) {
      double value = Math.pow(10, random.nextDouble(-30, 30));
      String text = Figures.six(value);
      assertThat(text).hasSizeLessThanOrEqualTo(14);
      assertThat(Double.parseDouble(text) / value).isBetween(0.995, 1.005);
    }
  }
}
