package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.adit.config.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LocalNodeIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Network.class,
      names = {"REGTEST", "SIGNET", "TESTNET4"})
  void startsEachChainAloneAndOnLoopback(Network network) throws Exception {
    try (LocalNode node = LocalNode.start(network, folder.resolve("a node"))) {
      assertThat(node.rpc().call("getblockchaininfo").path("chain").stringValue())
          .isEqualTo(network.configName());
      assertThat(node.rpc().call("getconnectioncount").intValue()).isZero();
      assertThat(node.rpc().call("getzmqnotifications").get(0).path("address").stringValue())
          .isEqualTo(node.zmqHashblock());
      assertThat(node.cli("getblockcount")).isEqualTo("0");
      var template =
          node.rpc()
              .call(
                  "getblocktemplate", Map.of("rules", BlockTemplateParser.rulesToAskFor(network)));
      assertThat(new BlockTemplateParser(network).parse(template, java.time.Instant.EPOCH).height())
          .isEqualTo(1);
    }
  }

  @Test
  void stopsAndStartsAgainWithTheSameChainAndPortsAndANewCookie() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      String cookie = Files.readString(folder.resolve("regtest/.cookie"));
      long pid = node.pid().orElseThrow();
      node.rpc().call("generatetodescriptor", 3, "raw(51)");

      node.stop();
      assertThat(node.isAlive()).isFalse();
      assertThat(ProcessHandle.of(pid)).isEmpty();
      assertThatThrownBy(() -> node.rpc().call("getblockcount"))
          .isInstanceOf(NodeUnavailableException.class);

      var url = node.rpcUrl();
      node.startAgain();
      assertThat(node.rpcUrl()).isEqualTo(url);
      assertThat(node.rpc().call("getblockcount").intValue()).isEqualTo(3);
      assertThat(Files.readString(folder.resolve("regtest/.cookie"))).isNotEqualTo(cookie);
    }
  }

  @Test
  void aKilledNodeStartsAgain() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      node.kill();
      assertThat(node.isAlive()).isFalse();
      node.startAgain();
      assertThat(node.rpc().call("getblockcount").intValue()).isZero();
    }
  }

  @Test
  void aNodeThatLostItsBlockFilesBuildsItsIndexAnew() throws Exception {
    try (LocalNode node = LocalNode.start(Network.REGTEST, folder)) {
      node.rpc().call("generatetodescriptor", 3, "raw(51)");
      node.stop();
      Files.delete(folder.resolve("regtest/blocks/blk00000.dat"));
      node.startAgain();
      assertThat(node.rpc().call("getblockcount").intValue()).isZero();
      node.rpc().call("generatetodescriptor", 1, "raw(51)");
      assertThat(node.rpc().call("getblockcount").intValue()).isEqualTo(1);
    }
  }

  @Test
  void takesOverTheFolderOfANodeThatWasLeftRunning() throws Exception {
    try (LocalNode left = LocalNode.start(Network.REGTEST, folder)) {
      long pid = left.pid().orElseThrow();
      try (LocalNode next = LocalNode.start(Network.REGTEST, folder)) {
        assertThat(left.isAlive()).isFalse();
        assertThat(next.pid().orElseThrow()).isNotEqualTo(pid);
      }
    }
  }

  @Test
  void saysWhyBitcoindDidNotStart() {
    assertThatThrownBy(() -> LocalNode.start(Network.REGTEST, folder, "-nosuchoption"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nosuchoption");
  }

  @Test
  void leavesAFolderOfSomebodyElseAlone() throws Exception {
    Files.writeString(folder.resolve("bitcoin.conf"), "server=1\n");
    assertThatThrownBy(() -> LocalNode.start(Network.REGTEST, folder))
        .hasMessageContaining("another folder");
    assertThat(Files.readString(folder.resolve("bitcoin.conf"))).isEqualTo("server=1\n");
  }

  @Test
  void refusesTheMainNetwork() {
    assertThatThrownBy(() -> LocalNode.start(Network.MAIN, folder))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theNodeEndsWhenItsJvmDoes() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LocalNodeHolder.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("holder.out").toFile())
            .start();
    try {
      Path pidFile = folder.resolve("regtest/bitcoind.pid");
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(folder.resolve("ready")));
      ProcessHandle node =
          ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip())).orElseThrow();
      assertThat(node.isAlive()).isTrue();
      jvm.destroy(); // SIGTERM, as Ctrl-C and service managers do
      await().atMost(Duration.ofSeconds(20)).until(() -> !node.isAlive() && !jvm.isAlive());
    } finally {
      jvm.destroyForcibly().waitFor();
    }
  }

  @Test
  void findsTheProgramsInOrder() throws Exception {
    Path named = programs("named");
    Path onPath = programs("on path");
    Path cached = programs("cache/adit/bitcoind/bin");
    Map<String, String> environment =
        Map.of(
            "ADIT_BITCOIND", named.resolve("bitcoind").toString(),
            "PATH", "/nowhere:" + onPath,
            "XDG_CACHE_HOME", folder.resolve("cache").toString());
    Properties none = new Properties();
    Properties property = new Properties();
    property.setProperty("adit.bitcoind", onPath.resolve("bitcoind").toString());

    assertThat(BitcoindBinaries.find(property, environment).bitcoind())
        .isEqualTo(onPath.resolve("bitcoind"));
    assertThat(BitcoindBinaries.find(none, environment).bitcoind())
        .isEqualTo(named.resolve("bitcoind"));
    assertThat(BitcoindBinaries.find(none, Map.of("PATH", "/nowhere:" + onPath)).bitcoinCli())
        .isEqualTo(onPath.resolve("bitcoin-cli"));
    assertThat(
            BitcoindBinaries.find(
                    none, Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()))
                .bitcoind())
        .isEqualTo(cached.resolve("bitcoind"));
    assertThatThrownBy(
            () -> BitcoindBinaries.find(none, Map.of("HOME", folder.toString(), "PATH", "")))
        .hasMessageContaining("./adit bitcoind");
    assertThatThrownBy(
            () -> BitcoindBinaries.find(none, Map.of("ADIT_BITCOIND", "/nowhere/bitcoind")))
        .hasMessageContaining("/nowhere/bitcoind");
  }

  private Path programs(String name) throws IOException {
    Path bin = Files.createDirectories(folder.resolve(name));
    for (String program : List.of("bitcoind", "bitcoin-cli")) {
      assertThat(Files.createFile(bin.resolve(program)).toFile().setExecutable(true)).isTrue();
    }
    return bin;
  }
}
