package org.adit.hasher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.adit.hasher.bench.CpuFeatures;
import org.adit.hasher.bench.EngineSpeed;
import org.adit.hasher.bench.Sha256dBench;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class BenchTest {
  @Test
  void measuresOnTheThreadsAskedFor() throws Exception {
    List<EngineSpeed> speeds = Sha256dBench.run(Sha256dBench.Options.of("message-digest", 2, 1));
    assertThat(speeds).hasSize(1);
    EngineSpeed speed = speeds.getFirst();
    assertThat(speed.minMhs()).isPositive();
    assertThat(speed.medianMhs()).isBetween(speed.minMhs(), speed.maxMhs());
    assertThat(speed.toText()).contains("message-digest", "2 threads");

    JsonNode json = new ObjectMapper().readTree(speed.toJson());
    assertThat(json.get("engine").asString()).isEqualTo("message-digest");
    assertThat(json.get("threads").asInt()).isEqualTo(2);
    assertThat(json.get("mhs_per_thread_median").asDouble()).isPositive();
    assertThat(json.propertyNames())
        .containsExactly(
            "engine",
            "threads",
            "mhs_per_thread_median",
            "mhs_per_thread_min",
            "mhs_per_thread_max");
  }

  @Test
  void describesTheCpu() {
    assertThat(CpuFeatures.describe()).contains(System.getProperty("java.vm.version"));
  }

  @Test
  void badOptionsAreNamed() {
    assertThatThrownBy(() -> Sha256dBench.Options.of("message-digest", 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads: 0 (expected: 1 to 1024)");
    assertThatThrownBy(() -> Sha256dBench.run(Sha256dBench.Options.of("gpu", 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("message-digest");
  }

  @Test
  void stopSignalCountsCpuTime() {
    long start = CpuClock.nanos();
    var over = CpuClock.after(20_000_000);
    while (!over.getAsBoolean()) {
      Thread.onSpinWait();
    }
    assertThat(CpuClock.nanos() - start).isGreaterThanOrEqualTo(20_000_000);
  }
}
