package org.adit.accounting.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short, slow run: every share is acknowledged and counted. */
class JournalBenchTest {
  @TempDir Path dir;

  @Test
  void itWaitsForEveryShare() throws Exception {
    List<String> lines = new ArrayList<>();
    new JournalBench(dir, 1_000, 1, lines::add).run();
    assertThat(lines)
        .anyMatch(line -> line.startsWith("journal at 1000 shares a second for 1 s"))
        .anyMatch(line -> line.startsWith("groups: "));
    assertThatThrownBy(() -> new JournalBench(dir, 1, 1, lines::add))
        .hasMessageContaining(">= 1000 a second");
  }
}
