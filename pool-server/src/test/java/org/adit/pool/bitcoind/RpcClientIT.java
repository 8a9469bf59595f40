package org.adit.pool.bitcoind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.adit.config.Network;
import org.adit.config.RpcCredentials;
import org.adit.config.Secret;
import org.adit.pool.bitcoind.NodeUnavailableException.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a real node. What a broken peer does to it is in {@link RpcClientTest}. */
final class RpcClientIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Of user "pool", password "correct horse", as bitcoind's rpcauth wants it: salt$HMAC-SHA256. */
  private static final String RPCAUTH =
      "pool:0123456789abcdef$" + RpcAuth.hmacSha256("0123456789abcdef", "correct horse");

  @TempDir private static Path folder;
  private static LocalNode node;

  @BeforeAll
  static void startNode() throws Exception {
    node = LocalNode.start(Network.REGTEST, folder, "-rpcauth=" + RPCAUTH);
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @Test
  void callsWithParametersAndReadsResults() throws Exception {
    String genesis = node.rpc().call("getblockhash", 0).stringValue();
    assertThat(node.rpc().call("getblockheader", genesis, true).path("height").intValue()).isZero();
    assertThat(
            node.rpc()
                .call("getblocktemplate", Map.of("rules", List.of("segwit")))
                .path("height")
                .intValue())
        .isPositive();
  }

  @Test
  void keepsTheNodesCodeAndText() {
    assertThatThrownBy(() -> node.rpc().call("getblockhash", 99_999_999))
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.code()).isEqualTo(RpcException.INVALID_PARAMETER);
              assertThat(e.text()).isEqualTo("Block height out of range");
              assertThat(e.method()).isEqualTo("getblockhash");
            });
    assertThatThrownBy(() -> node.rpc().call("submitblock", "00"))
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> assertThat(e.code()).isEqualTo(RpcException.DESERIALIZATION_ERROR));
    assertThatThrownBy(() -> node.rpc().call("nosuchmethod"))
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.code()).isEqualTo(RpcException.METHOD_NOT_FOUND));
  }

  @Test
  void amountsArriveExactly() throws Exception {
    node.rpc().call("createwallet", "w 1/ä");
    RpcClient wallet = node.rpc().forWallet("w 1/ä");
    String address = wallet.call("getnewaddress").stringValue();
    wallet.call("generatetoaddress", 101, address);
    BigDecimal balance = wallet.call("getbalance").decimalValue();
    assertThat(balance).isEqualByComparingTo("50");
    assertThat(wallet.call("getwalletinfo").path("walletname").stringValue()).isEqualTo("w 1/ä");
  }

  @Test
  void loginByUserAndPassword() throws Exception {
    try (RpcClient client =
        client(new RpcCredentials.UserPassword("pool", Secret.of("correct horse")))) {
      assertThat(client.call("uptime").isIntegralNumber()).isTrue();
    }
  }

  @Test
  void aWrongPasswordIsSaidWithoutRepeatingIt() {
    try (RpcClient client =
        client(new RpcCredentials.UserPassword("pool", Secret.of("battery staple")))) {
      assertThatThrownBy(() -> client.call("uptime"))
          .isInstanceOfSatisfying(
              NodeUnavailableException.class,
              e -> assertThat(e.kind()).isEqualTo(Kind.LOGIN_REFUSED))
          .hasMessageContaining("rpcauth")
          .hasMessageNotContaining("battery");
    }
  }

  @Test
  void aWrongCookieAndNoCookieAreTold() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong.cookie"), "__cookie__:00ff");
    try (RpcClient client = client(new RpcCredentials.Cookie(wrong))) {
      assertThatThrownBy(() -> client.call("uptime"))
          .isInstanceOfSatisfying(
              NodeUnavailableException.class,
              e -> assertThat(e.kind()).isEqualTo(Kind.LOGIN_REFUSED))
          .hasMessageContaining("wrong.cookie")
          .hasMessageNotContaining("00ff");
    }
    try (RpcClient client = client(new RpcCredentials.Cookie(folder.resolve("missing")))) {
      assertThatThrownBy(() -> client.call("uptime"))
          .isInstanceOfSatisfying(
              NodeUnavailableException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
          .hasMessageContaining("does not exist");
    }
  }

  @Test
  void readsACookieThatChangedUnderIt() throws Exception {
    Path file = folder.resolve("moving.cookie");
    Files.copy(folder.resolve("regtest/.cookie"), file);
    try (RpcClient client = client(new RpcCredentials.Cookie(file))) {
      client.call("uptime");
      String good = Files.readString(file);
      try (RpcClient late = client(new RpcCredentials.Cookie(file))) {
        Files.writeString(file, "__cookie__:old");
        assertThatThrownBy(() -> late.call("uptime")).isInstanceOf(NodeUnavailableException.class);
        Files.writeString(file, good);
        assertThat(late.call("uptime").isIntegralNumber()).isTrue();
      }
    }
  }

  @Test
  void manyVirtualThreadsShareOneClient() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> calls =
          IntStream.range(0, 100)
              .<Callable<String>>mapToObj(
                  i -> () -> node.rpc().call("getblockhash", 0).stringValue())
              .toList();
      for (Future<String> answer : threads.invokeAll(calls)) {
        assertThat(answer.get()).hasSize(64);
      }
    }
  }

  @Test
  void aCallThatTheNodeHoldsEndsWithItsTimeLimit() throws Exception {
    String longPollId =
        node.rpc()
            .call("getblocktemplate", Map.of("rules", List.of("segwit")))
            .path("longpollid")
            .stringValue();
    long began = System.nanoTime();
    assertThatThrownBy(() ->
            node.rpc()
                .call(
                    Duration.ofMillis(300),
                    "getblocktemplate",
                    Map.of("rules", List.of("segwit"), "longpollid", longPollId)))
        .isInstanceOfSatisfying(
            NodeUnavailableException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  private static RpcClient client(RpcCredentials credentials) {
    return new RpcClient(URI.create(node.rpcUrl().toString()), credentials, LIMIT);
  }
}
