package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.adit.config.ConfigLoader;
import org.adit.config.PoolConfig;
import org.adit.pool.mining.Worker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolWorkersTest {
  @TempDir Path folder;

  private PoolConfig config() throws Exception {
    Path file = folder.resolve("pool.toml");
    Files.writeString(
        file,
        """
        network = "regtest"
        data_dir = "pool"
        [bitcoind]
        url = "http://127.0.0.1:1"
        cookie_file = "none"
        [limits]
        workers_per_account = 3
        [[listener]]
        port = 0
        """);
    return ConfigLoader.load(file).config();
  }

  @Test
  void namesBeyondTheBoundOfAnAccountCountAsItsDefaultWorker() throws Exception {
    Set<String> rows = new HashSet<>();
    try (PoolWorkers workers =
        new PoolWorkers(
            config(),
            (account, name) -> {
              rows.add(account + "." + name);
              return rows.size();
            })) {
      for (int i = 0; i < 100; i++) {
        Worker worker = workers.enlist("alice", "w" + i).toCompletableFuture().get();
        assertThat(worker.account()).isEqualTo("alice");
        assertThat(worker.name()).isEqualTo(i < 3 ? "w" + i : "default");
      }
      assertThat(rows).hasSize(4);
      assertThat(workers.enlist("bob", "w").toCompletableFuture().get().name()).isEqualTo("w");
      assertThat(workers.known("alice", "w2")).isPresent();
      assertThat(workers.known("alice", "w50")).isEmpty();
    }
  }
}
