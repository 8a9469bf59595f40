package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.adit.config.ConfigLoader;
import org.adit.config.ConfigProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsCheckTest {
  private static final String MAINNET_ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
  private static final String REGTEST_ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

  @TempDir Path folder;

  private List<ConfigProblem> check(String dataDir, int port, String address) throws Exception {
    Path file = folder.resolve("pool.toml");
    Files.writeString(
        file,
        """
        network = "regtest"
        data_dir = "%s"
        [bitcoind]
        url = "http://127.0.0.1:18443"
        cookie_file = "cookie"
        [payout]
        scheme = "pplns"
        address = "%s"
        window_units = 2
        [[listener]]
        host = "127.0.0.1"
        port = %d
        [[account]]
        name = "alice"
        address = "%s"
        """
            .formatted(dataDir, address, port, REGTEST_ADDRESS));
    return SettingsCheck.run(ConfigLoader.load(file));
  }

  @Test
  void goodSettingsHaveNoProblem() throws Exception {
    assertThat(check("data", 0, REGTEST_ADDRESS)).isEmpty();
    assertThat(folder.resolve("data")).isEmptyDirectory();
  }

  @Test
  void anAddressOfAnotherNetworkIsNamedWithItsPlace() throws Exception {
    List<ConfigProblem> problems = check("data", 0, MAINNET_ADDRESS);

    assertThat(problems).hasSize(1);
    ConfigProblem problem = problems.getFirst();
    assertThat(problem.key()).isEqualTo("payout.address");
    assertThat(problem.line()).isEqualTo(8);
    assertThat(problem.column()).isPositive();
    assertThat(problem.message()).contains("main").contains("regtest");
    assertThat(problem.allowed()).contains("regtest");
  }

  @Test
  void aPortInUseIsNamedWithItsPlace() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<ConfigProblem> problems = check("data", taken.getLocalPort(), REGTEST_ADDRESS);

      assertThat(problems).hasSize(1);
      assertThat(problems.getFirst().key()).isEqualTo("listener[0].port");
      assertThat(problems.getFirst().line()).isEqualTo(12);
      assertThat(problems.getFirst().message()).contains(String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void aDataFolderThatCannotBeIsNamedWithItsPlace() throws Exception {
    Path file = Files.createFile(folder.resolve("in-the-way"));

    List<ConfigProblem> problems = check(file.getFileName() + "/data", 0, REGTEST_ADDRESS);

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().key()).isEqualTo("data_dir");
    assertThat(problems.getFirst().line()).isEqualTo(2);
  }
}
