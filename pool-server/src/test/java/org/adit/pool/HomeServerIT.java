package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.mining.BlockCandidate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A home server as NerdMiner firmware finds it: Stratum on 2018, Public Pool's API on 2019; and
 * each answer of that API in its shape, so that its readers find every field with its type.
 */
final class HomeServerIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int STRATUM = 2_018;
  private static final int API = 2_019;
  private static final String NAME = "garage";

  /** What a field's name is followed by, and what its value looks like then. */
  private static final Map<String, String> FORMS =
      Map.of(
          "#", "a number not below 0",
          "time", "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"",
          "time?", "null|\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"",
          "text", "\"[^\"]*\"",
          "text?", "null|\"[^\"]*\"",
          "mode", "\"pplns\"|\"solo\"",
          "id", "\"[0-9a-f]{0,8}\"");

  private static final String SUMMARY =
      "totalAcceptedShares:# totalCreditedDifficulty:# acceptedSharesLast10Minutes:#"
          + " creditedDifficultyLast10Minutes:# acceptedSharesLastHour:#"
          + " creditedDifficultyLastHour:# acceptedSharesLastDay:# creditedDifficultyLastDay:#"
          + " hashRateLast10Minutes:# hashRateLastHour:# bestSubmissionDifficulty:#"
          + " bestSubmissionDifficultyAt:time? workSinceLastBlock:# currentRoundAcceptedShares:#"
          + " currentRoundNetworkDifficulty:# networkDifficultyPercent:# blockCandidateCount:#"
          + " latestShareAt:time?";
  private static final String POINT = "label:time data:# shares:# acceptedCount:#";
  private static final String BLOCK =
      "height:# minerAddress:text worker:text sessionId:text blockHash:text"
          + " blockSubmissionResult:text createdAt:time";

  @TempDir private Path nodeFolder;
  @TempDir private Path folder;
  private final AheadClock clock = new AheadClock();
  private String host;
  private LocalNode node;
  private String address;
  private PoolNode pool;
  private WebClient web;

  private static final class Quiet implements BlockListener {
    @Override
    public void booked(BlockCandidate candidate) {
      // The API is read.
    }

    @Override
    public void rejected(BlockCandidate candidate, String reason) {
      throw new AssertionError("the node refused a block of the pool: " + reason);
    }
  }

  @BeforeEach
  void start() throws Exception {
    host = ownAddress();
    node = LocalNode.start(Network.REGTEST, nodeFolder, "-fallbackfee=0.0001");
    node.rpc().call("createwallet", "miner");
    address = node.rpc().forWallet("miner").call("getnewaddress", "", "bech32").asString();
    node.rpc().call("generatetoaddress", 2, address);
    TestPool settings =
        new TestPool(node)
            .host(host)
            .listener("start_difficulty = \"1/65536\"")
            .listener("min_difficulty = \"1/65536\"")
            .listener("vardiff = false")
            .listener("above_network = true")
            .payout("scheme = \"pplns\"")
            .payout("window_units = 6")
            .payout("address = \"" + address + "\"")
            .web("nerdminer = true")
            .web("requests_per_second = 1000");
    pool =
        new PoolNode(
            ConfigLoader.load(settings.write(folder)).config(),
            clock,
            new SecureRandom(),
            new Quiet());
    await().atMost(SOON).until(() -> pool.addresses().size() == 2 && pool.webAddress().isPresent());
    web = new WebClient(pool.webAddress().orElseThrow());
  }

  /** A loopback address on which nobody has these two ports, however many tests run at once. */
  private static String ownAddress() {
    for (int i = 1; i < 200; i++) {
      String candidate = "127.20.18." + i;
      if (isFree(candidate, STRATUM) && isFree(candidate, API)) {
        return candidate;
      }
    }
    assumeTrue(false, "this system has no loopback address but 127.0.0.1");
    return "";
  }

  private static boolean isFree(String address, int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @AfterEach
  void stop() throws Exception {
    try (LocalNode last = node) {
      assertThat(last).isNotNull();
      if (web != null) {
        web.close();
      }
      if (pool != null) {
        pool.close();
      }
    }
  }

  @Test
  void aNerdMinerMinesAndShowsWhatItEarns() throws Exception {
    V1Client connection = new V1Client(new InetSocketAddress(host, STRATUM));
    try (V1Rig miner = new V1Rig(connection, address + "." + NAME, "", "NerdMinerV2/1.6.3")) {
      Hash256 block = miner.block();
      await().atMost(SOON).until(() -> pool.accounting().block(block).isPresent());
      pool.stats().look();
      // The slot of ten minutes is over, and charts have it.
      clock.advance(Duration.ofMinutes(11));
      pool.stats().look();
      JsonNode seen = askAsFirmware("/api/client/" + address);
      assertThat(seen.required("workersCount").asInt()).isEqualTo(1);
      assertThat(seen.required("bestDifficulty").asDouble()).isPositive();
      JsonNode worker = seen.required("workers").required(0);
      assertThat(worker.required("name").asString()).isEqualTo(NAME);
      assertThat(worker.required("hashRate").asDouble()).isPositive();
      eachAnswerHasItsShape(worker.required("sessionId").asString());
      thatPortServesNothingElse();
    }
  }

  /** One request as an ESP32 writes it: a name of the home network, and no compression. */
  private JsonNode askAsFirmware(String path) throws Exception {
    String answer = raw(path);
    assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContainIgnoringCase("content-encoding");
    String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
    String body = answer.substring(head.length() + 4);
    assertThat(head.toLowerCase(java.util.Locale.ROOT))
        .as("firmware reads so many bytes")
        .contains("content-length: " + body.length());
    return JsonMapper.shared().readTree(body);
  }

  private String raw(String path) throws Exception {
    try (Socket socket = new Socket(host, API)) {
      socket.setSoTimeout((int) SOON.toMillis());
      socket
          .getOutputStream()
          .write(
              ("GET "
                      + path
                      + " HTTP/1.1\r\nHost: umbrel.local:2019\r\nUser-Agent: ESP32HTTPClient\r\n"
                      + "Accept-Encoding: identity;q=1,chunked;q=0.1,*;q=0\r\n"
                      + "Connection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void thatPortServesNothingElse() throws Exception {
    for (String path : List.of("/", "/api/v1/pool", "/metrics", "/js/chart.js", "/health/live")) {
      assertThat(raw(path)).as(path).matches("(?s)HTTP/1\\.1 4(04|21) .*");
    }
  }

  private void eachAnswerHasItsShape(String session) throws Exception {
    JsonNode info = get("/api/info");
    rows(info.required("blockData"), 1, BLOCK);
    rows(info.required("userAgents"), 1, "userAgent:text count:# totalHashRate:# bestDifficulty:#");
    rows(
        info.required("highScores"),
        1,
        "updatedAt:time bestDifficulty:# bestDifficultyUserAgent:text?");
    shape(info, "uptime:time");
    assertThat(info.required("highScores").toString()).doesNotContain(address);
    shape(get("/api/network"), "difficulty:# networkhashps:# blocks:# pooledtx:# chain:text");
    JsonNode site = get("/api/pool");
    shape(site, "totalHashRate:# blockHeight:# totalMiners:# fee:#");
    rows(site.required("blocksFound"), 1, BLOCK);
    rows(get("/api/info/chart"), 1, POINT);
    rows(get("/api/info/chart/payout-modes"), 1, POINT + " payoutMode:mode");
    rows(get("/api/info/chart/payout-modes?payoutMode=pplns"), 1, POINT + " payoutMode:mode");
    assertThat(get("/api/info/chart/payout-modes?payoutMode=solo")).isEmpty();
    for (String asked : List.of("", "?payoutMode=pplns", "?payoutMode=solo", "?payoutMode=all")) {
      summary(get("/api/info/accounting" + asked));
    }
    String client = "/api/client/" + address;
    for (String asked : List.of("", "?payoutMode=pplns", "?payoutMode=solo")) {
      JsonNode own = get(client + asked);
      shape(own, "bestDifficulty:# workersCount:#");
      rows(
          own.required("workers"),
          asked.endsWith("solo") ? 0 : 1,
          "sessionId:id name:text payoutMode:mode bestDifficulty:# hashRate:# startTime:time"
              + " lastSeen:time");
      summary(own.required("accounting"));
    }
    shape(
        get(client).required("expectedPayout"),
        "payoutSats:# percent:# blockHeight:# coinbaseValueSats:# createdAt:time");
    rows(get(client + "/chart"), 1, POINT);
    rows(get(client + "/chart/payout-modes?payoutMode=all"), 1, POINT + " payoutMode:mode");
    JsonNode worker = get(client + "/" + NAME);
    shape(worker, "name:text bestDifficulty:#");
    assertThat(worker.required("payoutModes").toString()).isEqualTo("[\"pplns\"]");
    charted(worker);
    JsonNode one = get(client + "/" + NAME + "/" + session);
    shape(one, "sessionId:id name:text bestDifficulty:# payoutMode:mode startTime:time");
    charted(one);
    shape(
        JsonMapper.shared().readTree(web.get("/api/client/" + address + "/x/ffffffff").body()),
        "statusCode:# message:text error:text");
  }

  private void charted(JsonNode node) {
    summary(node.required("accounting"));
    rows(node.required("chartData"), 1, POINT);
    rows(node.required("chartDataByPayoutMode"), 1, POINT + " payoutMode:mode");
  }

  private static void summary(JsonNode node) {
    shape(node, SUMMARY);
    rows(
        node.required("protocolBreakdown"),
        0,
        "protocol:text acceptedShares:# creditedDifficulty:#");
  }

  private JsonNode get(String path) throws Exception {
    return web.json(path);
  }

  private static void rows(JsonNode list, int least, String fields) {
    assertThat(list.isArray()).as("a list: %s", list).isTrue();
    assertThat(list).as("rows with %s", fields).hasSizeGreaterThanOrEqualTo(least);
    list.forEach(row -> shape(row, fields));
  }

  private static void shape(JsonNode node, String fields) {
    Map<String, String> wrong = new TreeMap<>();
    for (String field : fields.split(" ", -1)) {
      String name = field.substring(0, field.indexOf(':'));
      String kind = field.substring(field.indexOf(':') + 1);
      JsonNode value = node.path(name);
      boolean fits =
          kind.equals("#")
              ? value.isNumber() && value.asDouble() >= 0
              : value.toString().matches(FORMS.get(kind));
      if (!fits) {
        wrong.put(name, value + " is not " + FORMS.get(kind));
      }
    }
    assertThat(wrong).as("in %s", node).isEmpty();
  }
}
