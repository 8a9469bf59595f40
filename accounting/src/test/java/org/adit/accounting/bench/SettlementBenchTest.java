package org.adit.accounting.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small run; the bench itself checks that the replay agrees. */
class SettlementBenchTest {
  @TempDir Path dir;

  @Test
  void itMeasuresARealPool() throws Exception {
    List<String> lines = new ArrayList<>();
    new SettlementBench(dir, 200, 20_000, lines::add).run();
    assertThat(lines)
        .anyMatch(line -> line.startsWith("settlement of 200 accounts over 20000 shares"))
        .anyMatch(line -> line.startsWith("replay of all shares"));
  }
}
