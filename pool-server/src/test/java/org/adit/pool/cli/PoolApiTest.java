package org.adit.pool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.adit.accounting.AccountingSettings;
import org.adit.accounting.PoolAccounting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands make of the answers a pool may give; the answers of a real one are WebIT's. */
class PoolApiTest {
  private record Answer(int status, String body) {}

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          Answer answer;
          synchronized (answers) {
            answer = answers.remove();
          }
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void say(int status, String body) {
    synchronized (answers) {
      answers.add(new Answer(status, body));
    }
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private int run(String... arguments) {
    return Cli.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  private static String page(int total, String... items) {
    return "{\"as_of_ms\":1,\"total\":" + total + ",\"items\":[" + String.join(",", items) + "]}";
  }

  private static String balance(String account, long payable) {
    return "{\"account\":\""
        + account
        + "\",\"pending_subsidy_sat\":1,\"pending_fees_sat\":2,\"payable_sat\":"
        + payable
        + ",\"in_flight_sat\":0,\"paid_sat\":0,\"paid_by_coinbase_sat\":4}";
  }

  @Test
  void pagesAreReadToTheEndAndATooManyIsWaitedFor() {
    say(200, page(2, balance("alice", 3)));
    say(429, "{\"detail\":\"too many\"}");
    say(200, page(2, balance("bob", 100_000_000)));

    assertThat(run("balances", "--url", url() + "/")).isZero();

    assertThat(out.toString())
        .contains("alice             0.00000001        0.00000002   0.00000003")
        .contains("1.00000000");
    assertThat(asked)
        .containsExactly(
            "/api/v1/balances?offset=0&limit=500 null",
            "/api/v1/balances?offset=1&limit=500 null",
            "/api/v1/balances?offset=1&limit=500 null");
  }

  @Test
  void oneAccountIsShownOrSaidToBeUnknown() {
    say(200, page(2, balance("alice", 3), balance("bob", 5)));
    say(200, page(2, balance("alice", 3), balance("bob", 5)));

    assertThat(run("balances", "bob", "--json", "--url", url())).isZero();
    assertThat(run("balances", "carol", "--url", url())).isEqualTo(1);

    assertThat(out.toString()).contains("\"bob\"").doesNotContain("alice");
    assertThat(err.toString()).contains("no account carol has a balance");
  }

  @Test
  void aPoolThatWantsItsTokenIsExitCode5() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "0123456789abcdefghij\n");
    say(401, "{\"detail\":\"wrong\"}");
    say(401, "{\"detail\":\"wrong\"}");

    assertThat(run("workers", "--url", url())).isEqualTo(5);
    assertThat(err.toString()).contains("--token-file");
    assertThat(run("workers", "--url", url(), "--token-file", token.toString())).isEqualTo(5);
    assertThat(err.toString()).contains("does not take this token: wrong");
    assertThat(asked).last().asString().endsWith("Bearer 0123456789abcdefghij");
  }

  @Test
  void aPoolThatIsNotThereIsExitCode4() {
    String gone = url();
    server.stop(0);

    for (String command : new String[] {"status", "workers", "blocks", "balances", "economics"}) {
      assertThat(run(command, "--url", gone)).as(command).isEqualTo(4);
    }
    assertThat(err.toString()).contains("no pool answers at " + gone);
  }

  @Test
  void whatIsNoPoolIsNamed() {
    say(200, "<html>");
    say(503, "{\"detail\":\"no work\\u001b[2J\"}");

    assertThat(run("blocks", "--url", url())).isEqualTo(1);
    assertThat(err.toString()).contains("does not answer like a pool");
    assertThat(run("economics", "--url", url())).isEqualTo(1);
    assertThat(err.toString()).contains("the pool says: no work?[2J");
    assertThat(run("blocks", "--url", "nonsense")).isEqualTo(2);
  }

  @Test
  void whatOnlyTheFolderKnowsIsNotAskedOfAPool() {
    assertThat(run("compare", "--window", "3", "--url", url())).isEqualTo(2);
    assertThat(run("compare", "--blocks", "7", "--url", url())).isEqualTo(2);
    assertThat(run("economics", "--nbits", "207fffff", "--url", url())).isEqualTo(2);
    assertThat(run("workers", "--offline", "--url", url())).isEqualTo(2);
    assertThat(asked).isEmpty();
    assertThat(err.toString()).contains("--window", "--blocks", "--nbits", "--offline");
  }

  @Test
  void aPoolThatWasStoppedIsReadFromItsFolder() throws Exception {
    Path file = folder.resolve("pool.toml");
    Files.writeString(
        file,
        """
        network = "regtest"
        data_dir = "data"
        [bitcoind]
        url = "http://127.0.0.1:1"
        cookie_file = "cookie"
        [payout]
        scheme = "pplns"
        window_units = 2
        address = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
        [[listener]]
        port = 0
        """);
    Path data = folder.resolve("data");
    try (PoolAccounting pool =
        PoolAccounting.open(data, AccountingSettings.DEFAULT, Clock.systemUTC())) {
      pool.registerWorker("alice", "rig1");
    }
    String gone = url();
    server.stop(0);
    Files.writeString(data.resolve("web-address"), gone + "\n");

    assertThat(run("workers", "-c", file.toString())).isZero();
    assertThat(out.toString()).contains("alice    rig1");
    assertThat(err.toString()).contains("the pool does not run");
    assertThat(run("explain", "rig1", "-c", file.toString())).isZero();
    assertThat(run("explain", "rig2", "-c", file.toString())).isEqualTo(1);
    assertThat(run("status", "-c", file.toString())).isEqualTo(4);
  }

  @Test
  void hashesAreShortenedOnlyWhereTheyDoNotFit() {
    String hash = "00000001".repeat(8);
    Table table = new Table(">HEIGHT", "HASH").row(7, hash);

    assertThat(table.fitting(80).format(false)).contains(hash);
    assertThat(table.fitting(40).format(false)).contains("     7  00000001…000100000001\n");
  }

  @Test
  void theVersionSaysWhatItRunsOn() {
    assertThat(run("--version")).isZero();
    assertThat(run("version")).isZero();
    assertThat(run("version", "--json")).isZero();
    assertThat(out.toString())
        .containsPattern("adit \\d+\\.\\d+\\.\\d+")
        .contains("java        " + System.getProperty("java.runtime.version"))
        .contains("\"fast_start\":false");
  }
}
