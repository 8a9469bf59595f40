package org.adit.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.mining.BlockCandidate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the web shows of a pool that mines on a real node, through its port. */
final class WebIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String EVIL = "<img src=x onerror='x'>&%2F";

  /** What the pool keeps of such a worker's name. */
  private static final String NAME = "imgsrcxonerrorx2F";

  @TempDir private static Path nodeFolder;
  @TempDir private static Path folder;
  private static LocalNode node;
  private static PoolNode pool;
  private static TestPool settings;
  private static WebClient web;
  private static ApiDocument document;
  private static Hash256 block;
  private static V1Rig rig;
  private static String address;

  private static final class Quiet implements BlockListener {
    @Override
    public void booked(BlockCandidate candidate) {
      // The test reads the API.
    }

    @Override
    public void rejected(BlockCandidate candidate, String reason) {
      throw new AssertionError("the node refused a block of the pool: " + reason);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    node = LocalNode.start(Network.REGTEST, nodeFolder, "-fallbackfee=0.0001");
    node.rpc().call("createwallet", "miners");
    address = node.rpc().forWallet("miners").call("getnewaddress", "", "bech32").asString();
    node.rpc().call("generatetoaddress", 2, address);
    settings =
        new TestPool(node)
            .listener("start_difficulty = \"1/65536\"")
            .listener("min_difficulty = \"1/65536\"")
            .listener("max_difficulty = \"1/4096\"")
            .listener("vardiff = false")
            .listener("above_network = true")
            .payout("scheme = \"pplns\"")
            .payout("window_units = 6")
            .payout("address = \"" + address + "\"")
            .web("requests_per_second = 1000")
            .economics("price_per_btc = 100000")
            .economics("power_price_per_kwh = \"0.05\"")
            .economics("joules_per_terahash = 20")
            .power("hall-1", "alice.*", "joules_per_terahash = 15")
            .account("alice", address);
    pool =
        new PoolNode(
            ConfigLoader.load(settings.write(folder)).config(),
            Clock.systemUTC(),
            new SecureRandom(),
            new Quiet());
    await().atMost(SOON).until(() -> !pool.addresses().isEmpty());
    await().atMost(SOON).until(() -> pool.webAddress().isPresent());
    web = new WebClient(pool.webAddress().orElseThrow());
    document = new ApiDocument(web.get("/api/v1/openapi.json").body());
    rig = new V1Rig(settings.port(), "alice." + EVIL.replace(" ", ""), "", EVIL);
    block = rig.block();
    await().atMost(SOON).until(() -> pool.accounting().block(block).isPresent());
    V1Job.Share twice = rig.find(org.adit.pool.StratumHouse.START.target());
    rig.submit(twice, "fff");
    await().atMost(SOON).until(() -> pool.counters().rejectedShares() > 0);
    pool.stats().look();
  }

  @AfterAll
  static void stop() throws Exception {
    try (LocalNode last = node) {
      assertThat(last).isNotNull();
      rig.close();
      web.close();
      pool.close();
    }
  }

  @Test
  void everyAnswerIsWhatTheDocumentSays() throws Exception {
    int worker = web.json("/api/v1/workers").required("items").get(0).required("id").asInt();
    for (String path : document.getPaths()) {
      if (path.equals("/events")) {
        continue;
      }
      String filled =
          path.replace("{id}", String.valueOf(worker))
              .replace("{account}", "alice")
              .replace("{worker}", NAME)
              .replace("{hash}", block.toDisplayHex());
      HttpResponse<String> response = web.get("/api/v1" + filled);
      assertThat(response.statusCode()).as("%s: %s", filled, response.body()).isEqualTo(200);
      assertThat(document.problems(path, "get", 200, response.body())).as(filled).isEmpty();
      assertThat(response.body()).doesNotContain("NaN", "Infinity");
    }
  }

  @Test
  void aWrongAnswerWouldBeSeen() {
    assertThat(document.problems("/pool", "get", 200, "{\"as_of_ms\":\"now\"}")).isNotEmpty();
  }

  @Test
  void thePoolIsToldInFigures() throws Exception {
    JsonNode seen = web.json("/api/v1/pool");
    assertThat(seen.required("network").asString()).isEqualTo("regtest");
    assertThat(seen.required("version").asString())
        .matches("\\d+\\.\\d+\\.\\d+.*")
        .isEqualTo(Version.text());
    assertThat(seen.required("state").required("kind").asString()).isEqualTo("running");
    assertThat(seen.required("shares").required("accepted").asLong()).isPositive();
    assertThat(seen.required("hashrate_5m").required("hashrate_hs").asDouble()).isPositive();
    assertThat(seen.required("blocks").get(0).required("hash").asString())
        .isEqualTo(block.toDisplayHex());
    assertThat(seen.required("connect").get(0).required("port").asInt()).isEqualTo(settings.port());
    JsonNode line = web.json("/api/v1/workers?q=IMG").required("items").get(0);
    assertThat(line.required("worker").asString()).isEqualTo(NAME);
    assertThat(line.required("user_agent").asString()).isEqualTo(EVIL);
    assertThat(line.required("sessions").asInt()).isEqualTo(1);
    assertThat(web.json("/api/v1/workers?q=nobody").required("total").asInt()).isZero();
  }

  @Test
  void aWorkersMarginIsReckonedByItsOwnGroup() throws Exception {
    JsonNode line = web.json("/api/v1/workers").required("items").get(0);
    JsonNode own = web.json("/api/v1/workers/" + line.required("id").asInt()).required("margin");
    assertThat(own.required("group").asString()).isEqualTo("hall-1");
    assertThat(own.required("joules_per_terahash").asDouble()).isEqualTo(15);
    assertThat(own.required("power_price_per_kwh").asDouble()).isEqualTo(0.05);
    // Whatever the rate: 15 J/TH draw 15 W for each TH/s, and a day has 24 hours.
    double kilowatts = own.required("hashrate_hs").asDouble() * 15 / 1e15;
    assertThat(own.required("kilowatts").asDouble() / kilowatts).isBetween(0.999999, 1.000001);
    assertThat(own.required("power_cost_day").asDouble() / (kilowatts * 24 * 0.05))
        .isBetween(0.999999, 1.000001);
    assertThat(own.required("left_sat_day").asDouble() * 1e-8 * 100_000)
        .isCloseTo(
            own.required("left_day").asDouble(),
            org.assertj.core.data.Percentage.withPercentage(1e-6));
    JsonNode economics = web.json("/api/v1/economics");
    assertThat(economics.required("power_groups").asInt()).isEqualTo(1);
    JsonNode group = economics.required("groups").required(0);
    assertThat(group.required("group").asString()).isEqualTo("hall-1");
    assertThat(group.required("workers").asInt()).isEqualTo(1);
    // Price of power at which nothing is left does not hang on the rate, but on the machine.
    double breakEven = economics.required("hashprice_per_phs_day").asDouble() / (24 * 15);
    for (JsonNode one :
        List.of(own, group, web.json("/api/v1/economics/workers").required("items").get(0))) {
      assertThat(one.required("break_even_power_price_per_kwh").asDouble() / breakEven)
          .isBetween(0.999999, 1.000001);
    }
  }

  @Test
  void filesComeFromTheirFolderOnlyAndCarryTheirRules() throws Exception {
    HttpResponse<String> page = web.get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe");
    String tag = web.get("/css/base.css").headers().firstValue("etag").orElseThrow();
    HttpResponse<String> again = web.get("/css/base.css", "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    for (String path :
        List.of(
            "/../logback.xml",
            "/%2e%2e/logback.xml",
            "/..%2flogback.xml",
            "/web/../../logback.xml",
            "/logback.xml",
            "/org/adit/pool/Main.class",
            "/%00.html",
            "/index.html%00",
            "/.%2e/x.html")) {
      assertThat(web.get(path).statusCode()).as(path).isIn(400, 404);
    }
  }

  @Test
  void pagesHaveTheirFirstFiguresBeforeAnyScriptRuns() throws Exception {
    int worker = web.json("/api/v1/workers").required("items").get(0).required("id").asInt();
    String own = "/account/alice/" + java.net.URLEncoder.encode(NAME, UTF_8).replace("+", "%20");
    Map<String, List<String>> pages =
        Map.of(
            "/",
            List.of("Running. Miners are let in", "Last share", block.toDisplayHex()),
            "/workers",
            List.of("href=\"/workers/" + worker + "\"", "H/s", "&lt;img"),
            "/workers/" + worker,
            List.of("Account alice.", "&lt;img", "unknown job"),
            "/account",
            List.of("href=\"/account/alice\""),
            "/account/alice",
            List.of("<h1>alice</h1>", "Immature", address, "href=\"" + own + "\""),
            "/account?q=alice",
            List.of("<h1>alice</h1>"),
            own,
            List.of("&lt;img", "Credited"),
            "/blocks",
            List.of("/blocks/" + block.toDisplayHex()),
            "/blocks/" + block.toDisplayHex(),
            List.of("Timeline", "booked", "alice"),
            "/nodes",
            List.of("http://127.0.0.1:", "Share journal"));
    for (Map.Entry<String, List<String>> page : pages.entrySet()) {
      HttpResponse<String> answer = web.get(page.getKey());
      assertThat(answer.statusCode()).as(page.getKey()).isEqualTo(200);
      assertThat(answer.body())
          .as(page.getKey())
          .contains(page.getValue())
          .contains("<section")
          .doesNotContain("NaN", "Infinity", "null", "<!-- first", "<img src=x", "<script>");
    }
    assertThat(web.get("/economics").body()).contains("Hashprice", "USD");
    assertThat(web.get("/workers?offset=1000").body())
        .contains("No worker has sent a share yet.", "Rows before");
    assertThat(web.get("/workers?offset=x").body()).contains("&lt;img");
    assertThat(web.get("/blocks/" + "00".repeat(32)).body())
        .contains("<p class=\"sentence\">")
        .doesNotContain("<section");
    String evil = java.net.URLEncoder.encode(EVIL, UTF_8).replace("+", "%20");
    for (String path : List.of("/account/" + evil, "/account?q=" + evil, "/workers/" + evil)) {
      assertThat(web.get(path).body()).as(path).doesNotContain("<img src=x", "<script>");
    }
  }

  @Test
  void scriptsAreAskedForAtOnceAndNotOneAfterAnother() throws Exception {
    List<String> wanted = new ArrayList<>(List.of("/js/app.js"));
    for (int i = 0; i < wanted.size(); i++) {
      String script = wanted.get(i);
      Matcher imports =
          Pattern.compile("(?m)^import .*'(\\.{1,2}/[^']+)';$").matcher(web.get(script).body());
      while (imports.find()) {
        String other = URI.create(script).resolve(imports.group(1)).toString();
        if (!wanted.contains(other)) {
          wanted.add(other);
        }
      }
    }
    wanted.removeFirst();
    List<String> named = new ArrayList<>();
    Matcher links =
        Pattern.compile("rel=\"modulepreload\" href=\"([^\"]+)\"").matcher(web.get("/").body());
    while (links.find()) {
      named.add(links.group(1));
    }
    assertThat(named).containsExactlyInAnyOrderElementsOf(wanted).hasSizeGreaterThan(10);
  }

  @Test
  void aReaderThatKnowsTheAnswerIsToldSo() throws Exception {
    // A block of another test may be booked between the two questions.
    await()
        .atMost(SOON)
        .until(() -> {
          HttpResponse<String> first = web.get("/api/v1/blocks");
          String tag = first.headers().firstValue("etag").orElseThrow();
          return web.get("/api/v1/blocks", "If-None-Match", tag).statusCode() == 304;
        });
  }

  @Test
  void nobodyElsesPageMayReadAndNoOtherNameLeadsHere() throws Exception {
    HttpResponse<String> other = web.get("/api/v1/pool", "Origin", "https://evil.example");
    assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
    try (java.net.Socket socket =
        new java.net.Socket(
            java.net.InetAddress.getLoopbackAddress(), pool.webAddress().orElseThrow().getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /api/v1/pool HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(
              new String(
                  socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 421");
    }
  }

  @Test
  void mistakesAreNamed() throws Exception {
    for (String path :
        List.of(
            "/pool/history?range=1y",
            "/workers?sort=best",
            "/workers?state=angry",
            "/workers?limit=0",
            "/workers?offset=x")) {
      HttpResponse<String> response = web.get("/api/v1" + path);
      assertThat(response.statusCode()).as(path).isEqualTo(400);
      assertThat(
              document.problems(path.substring(0, path.indexOf('?')), "get", 400, response.body()))
          .isEmpty();
      assertThat(response.body()).as(path).containsAnyOf("expected", "whole number");
    }
    assertThat(web.get("/api/v1/nothing").statusCode()).isEqualTo(404);
    assertThat(web.send("DELETE", "/api/v1/pool", "").statusCode()).isEqualTo(405);
    assertThat(web.send("POST", "/api/v1/alerts/test", "").statusCode()).isEqualTo(401);
  }

  @Test
  void whatHappensIsToldAtOnce() throws Exception {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    HttpResponse<Stream<String>> stream = web.stream("/api/v1/events");
    assertThat(stream.headers().firstValue("content-type"))
        .contains("text/event-stream; charset=utf-8");
    Thread reader = Thread.ofVirtual().start(() -> read(stream, lines));
    String tick = next(lines, "pool");
    assertThat(tick).contains("\"hashrate_5m\"", "\"workers\"");
    rig.awaitJobOn(block);
    Hash256 found = rig.block();
    assertThat(next(lines, "block")).contains(found.toDisplayHex());
    // Whoever looks because of the event finds the block in every figure.
    JsonNode blocks = web.json("/api/v1/blocks?limit=1");
    assertThat(web.json("/api/v1/pool").required("luck").required("found_blocks").asLong())
        .isEqualTo(blocks.required("total").asLong());
    assertThat(blocks.required("items").get(0).required("effort").isNumber()).isTrue();
    stream.body().close();
    reader.join(SOON);
  }

  @Test
  void supervisorsAndPrometheusGetTheirForms() throws Exception {
    assertThat(web.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(web.get("/health/ready").body()).startsWith("ready (Running.");
    String plain = web.get("/metrics").body();
    assertThat(plain)
        .contains(
            "# TYPE adit_shares_accepted_total counter",
            "adit_shares_rejected_total{verdict=\"unknown-job\"} 1.0",
            "adit_pool_hashrate_hashes_per_second{window=\"5m\"}",
            "adit_node_in_use{node=\"1\"} 1.0",
            "adit_ledger_holds 1.0")
        .doesNotContain("alice", NAME, "onerror");
    HttpResponse<String> open = web.get("/metrics", "Accept", "application/openmetrics-text");
    assertThat(open.headers().firstValue("content-type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(open.body()).endsWith("# EOF\n");
  }

  @Test
  void theMonitoringFilesFitWhatIsTold(@TempDir Path other) throws Exception {
    String metrics = web.get("/metrics").body();
    Monitoring.namesFit(metrics);
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Monitoring.promtoolApproves(metrics, other), "promtool is not on PATH");
  }

  @Test
  void theTokenOpensWhatOnlyOperatorsDo() throws Exception {
    String token = java.nio.file.Files.readString(folder.resolve("pool/api-token")).strip();
    HttpResponse<String> sent =
        web.send("POST", "/api/v1/alerts/test", "", "Authorization", "Bearer " + token);
    assertThat(document.problems("/alerts/test", "post", 200, sent.body())).isEmpty();
    assertThat(web.json("/api/v1/alerts").required("recent").toString()).contains("test");
    assertThat(web.send("POST", "/api/v1/session", "guess-guess-guess").statusCode())
        .isEqualTo(401);
    HttpResponse<String> entered = web.send("POST", "/api/v1/session", token);
    String cookie = entered.headers().firstValue("set-cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(token);
    String pair = cookie.substring(0, cookie.indexOf(';'));
    assertThat(web.send("POST", "/api/v1/alerts/test", "", "Cookie", pair).statusCode())
        .as("another site's form carries no origin of ours")
        .isEqualTo(401);
    assertThat(
            web.send("POST", "/api/v1/alerts/test", "", "Cookie", pair, "Origin", web.base())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void whoMayReadWhatIsTheOperatorsChoice(@TempDir Path other) throws Exception {
    for (String access : List.of("address", "token")) {
      Path data = java.nio.file.Files.createDirectory(other.resolve(access));
      Path file =
          new TestPool(node)
              .payout("scheme = \"solo\"")
              .web("access = \"" + access + "\"")
              .web("requests_per_second = 1000")
              .write(data);
      try (PoolNode guarded =
          new PoolNode(
              ConfigLoader.load(file).config(),
              Clock.systemUTC(),
              new SecureRandom(),
              new Quiet())) {
        await().atMost(SOON).until(() -> guarded.webAddress().isPresent());
        String token = java.nio.file.Files.readString(data.resolve("pool/api-token")).strip();
        try (WebClient reader = new WebClient(guarded.webAddress().orElseThrow())) {
          for (String path : document.getPaths()) {
            String filled =
                "/api/v1"
                    + path.replace("{id}", "1")
                        .replace("{account}", address)
                        .replace("{worker}", "x")
                        .replace("{hash}", "00".repeat(32));
            if (path.equals("/events")) {
              continue; // an open one has no end
            }
            boolean closed = access.equals("token") || document.scope(path).equals("fleet");
            int status = reader.get(filled).statusCode();
            if (closed) {
              assertThat(status).as("%s %s", access, path).isEqualTo(401);
            } else {
              assertThat(status).as("%s %s", access, path).isNotEqualTo(401);
            }
            assertThat(reader.get(filled, "Authorization", "Bearer " + token).statusCode())
                .as("%s %s with the token", access, path)
                .isNotEqualTo(401);
            assertThat(reader.get(filled, "Authorization", "Bearer x" + token).statusCode())
                .isEqualTo(status);
          }
          assertThat(reader.get("/api/pool").statusCode())
              .isEqualTo(access.equals("token") ? 404 : 200);
          // A page says without scripts what the API would say to the same reader.
          String none = "</noscript>\n  <p class=\"sentence\">";
          for (String page : List.of("/", "/nodes", "/economics", "/account/" + address)) {
            String first = reader.get(page).body();
            assertThat(first.contains(none))
                .as("%s %s", access, page)
                .isEqualTo(access.equals("token"));
            assertThat(reader.get(page, "Authorization", "Bearer " + token).body())
                .doesNotContain(none)
                .contains("<section");
          }
          assertThat(reader.get("/workers").body()).contains(none).doesNotContain("<section");
          assertThat(reader.get("/metrics").statusCode())
              .isEqualTo(access.equals("token") ? 401 : 200);
          assertThat(reader.get("/health/live").statusCode()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void anAddressShowsItsOwnAndNothingOfOthers() throws Exception {
    assertThat(web.json("/api/v1/accounts/alice").required("known").asBoolean()).isTrue();
    JsonNode nobody = web.json("/api/v1/accounts/" + address);
    assertThat(nobody.required("known").asBoolean()).isFalse();
    assertThat(nobody.toString()).doesNotContain("alice", NAME);
    for (String list : List.of("workers", "credits", "payouts")) {
      assertThat(web.json("/api/v1/accounts/" + address + "/" + list).required("total").asLong())
          .isZero();
    }
    assertThat(web.json("/api/v1/accounts/" + address + "/rejects").required("items")).isEmpty();
    assertThat(web.json("/api/v1/accounts/alice/rejects").required("items")).isNotEmpty();
    JsonNode credit = web.json("/api/v1/accounts/alice/credits").required("items").get(0);
    assertThat(credit.required("amount_sat").asLong())
        .isEqualTo(credit.required("subsidy_sat").asLong() + credit.required("fees_sat").asLong());
  }

  @Test
  void publicPoolsReadersFindEveryFieldTheyNeed() throws Exception {
    for (String path :
        List.of(
            "/api/info",
            "/api/info/chart",
            "/api/info/chart/payout-modes",
            "/api/info/accounting?payoutMode=pplns",
            "/api/info/accounting?payoutMode=solo",
            "/api/network",
            "/api/pool",
            "/api/client/alice",
            "/api/client/" + address,
            "/api/client/alice/chart",
            "/api/client/alice/chart/payout-modes?payoutMode=all",
            "/api/client/alice/" + NAME)) {
      HttpResponse<String> response = web.get(path, "Origin", "https://umbrel.example");
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      assertThat(response.headers().firstValue("access-control-allow-origin")).contains("*");
      assertThat(response.body()).as(path).doesNotContain("NaN", "Infinity");
    }
    JsonNode client = web.json("/api/client/alice");
    assertThat(client.required("workersCount").asInt()).isEqualTo(1);
    JsonNode worker = client.required("workers").get(0);
    assertThat(worker.required("name").asString()).isEqualTo(NAME);
    assertThat(worker.required("hashRate").isNumber()).isTrue();
    assertThat(worker.required("bestDifficulty").isNumber()).isTrue();
    assertThat(worker.required("payoutMode").asString()).isEqualTo("pplns");
    assertThat(worker.required("lastSeen").asString())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(client.required("expectedPayout").required("payoutSats").asLong()).isPositive();
    String session = worker.required("sessionId").asString();
    assertThat(session).matches("[0-9a-f]{1,8}");
    assertThat(
            web.json("/api/client/alice/" + NAME + "/" + session).required("chartData").isArray())
        .isTrue();
    assertThat(web.json("/api/client/alice?payoutMode=solo").required("workers")).isEmpty();
    assertThat(web.json("/api/client/" + address).required("workers")).isEmpty();
    assertThat(web.json("/api/pool").required("blocksFound").isArray()).isTrue();
    assertThat(web.json("/api/network").required("difficulty").isNumber()).isTrue();
    assertThat(web.get("/api/client/not-an-address!").statusCode()).isEqualTo(400);
    assertThat(web.get("/api/client/alice/" + NAME + "/ffffffff").statusCode()).isEqualTo(404);
    assertThat(web.get("/api/nothing").body()).contains("\"statusCode\":404");
  }

  @Test
  void operatorsTalkToMinersAndItIsWrittenDown() throws Exception {
    String config = folder.resolve("pool.toml").toString();
    String token = java.nio.file.Files.readString(folder.resolve("pool/api-token")).strip();
    String[] operator = {"Authorization", "Bearer " + token};
    String text = "back at 10:00 \"UTC\" <b>";
    String message =
        tools.jackson.databind.node.JsonNodeFactory.instance
            .objectNode()
            .put("text", text)
            .toString();
    assertThat(web.send("POST", "/api/v1/actions/message", message).statusCode()).isEqualTo(401);
    assertThat(web.send("POST", "/api/v1/actions/drain", "").statusCode()).isEqualTo(401);
    assertThat(web.get("/api/v1/actions/drain", operator).statusCode()).isEqualTo(405);
    for (String wrong :
        List.of(
            "",
            "{",
            "[]",
            "{\"text\":7}",
            "{\"text\":\" \"}",
            "{\"text\":\"a\\nb\"}",
            "{\"text\":\"\u00e9\"}",
            "{\"text\":\"x\",\"also\":1}",
            "{\"text\":\"" + "x".repeat(121) + "\"}")) {
      HttpResponse<String> refused = web.send("POST", "/api/v1/actions/message", wrong, operator);
      assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
      assertThat(refused.body()).contains("xpected").doesNotContain("also");
    }
    for (String wrong :
        List.of("{\"over_s\":-1}", "{\"over_s\":3601}", "{\"over_s\":\"1\"}", "{\"over_s\":1.5}")) {
      assertThat(web.send("POST", "/api/v1/actions/drain", wrong, operator).statusCode())
          .as(wrong)
          .isEqualTo(400);
    }
    HttpResponse<String> sent = web.send("POST", "/api/v1/actions/message", message, operator);
    assertThat(document.problems("/actions/message", "post", sent.statusCode(), sent.body()))
        .isEmpty();
    assertThat(rig.await("client.show_message").required("params").required(0).asString())
        .isEqualTo(text);
    assertThat(cli("message", "from the shell", "-c", config)).contains("connection");
    assertThat(rig.await("client.show_message").required("params").required(0).asString())
        .isEqualTo("from the shell");
    HttpResponse<String> away =
        web.send("POST", "/api/v1/actions/drain", "{\"over_s\":0}", operator);
    assertThat(document.problems("/actions/drain", "post", away.statusCode(), away.body()))
        .isEmpty();
    assertThat(rig.await("client.reconnect").required("params")).isEmpty();
    assertThat(cli("drain", "--over", "0", "-c", config)).contains("within 0 s");
    assertThat(rig.await("client.reconnect").required("params")).isEmpty();
    List<String> log = java.nio.file.Files.readAllLines(folder.resolve("pool/actions.jsonl"));
    assertThat(log).hasSize(4).noneMatch(line -> line.contains(token));
    JsonNode first = tools.jackson.databind.json.JsonMapper.shared().readTree(log.getFirst());
    assertThat(first.required("action").asString()).isEqualTo("message");
    assertThat(first.required("text").asString()).isEqualTo(text);
    assertThat(first.required("by").asString()).isEqualTo("token");
    assertThat(first.required("from").asString()).isEqualTo("127.0.0.1");
  }

  @Test
  void aNodeThatGoesIsToldAtOnce(@TempDir Path other) throws Exception {
    Path data = java.nio.file.Files.createDirectory(other.resolve("a"));
    try (LocalNode mortal =
        LocalNode.start(Network.REGTEST, java.nio.file.Files.createDirectory(other.resolve("n")))) {
      mortal.rpc().call("generatetoaddress", 1, address);
      Path file =
          new TestPool(mortal)
              .payout("scheme = \"solo\"")
              .web("requests_per_second = 1000")
              .write(data);
      try (PoolNode watched =
          new PoolNode(
              ConfigLoader.load(file).config(),
              Clock.systemUTC(),
              new SecureRandom(),
              new Quiet())) {
        await()
            .atMost(SOON)
            .until(() -> watched.webAddress().isPresent() && !watched.addresses().isEmpty());
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        try (WebClient reader = new WebClient(watched.webAddress().orElseThrow())) {
          HttpResponse<Stream<String>> stream = reader.stream("/api/v1/events");
          Thread reading = Thread.ofVirtual().start(() -> read(stream, lines));
          // After two of its looks the pool knows how the node stood.
          next(lines, "pool");
          next(lines, "pool");
          mortal.kill();
          JsonNode told;
          do {
            told =
                tools.jackson.databind.json.JsonMapper.shared()
                    .readTree(next(lines, "node").substring("data: ".length()));
            assertThat(document.schemaProblems("Node", told.toString())).isEmpty();
          } while (told.required("ready").asBoolean());
          stream.body().close();
          reading.join(SOON);
        }
      }
    }
  }

  @Test
  void answersAreCompressedForThoseThatTakeIt() throws Exception {
    for (String path :
        List.of("/", "/js/chart.js", "/api/v1/openapi.json", "/api/v1/pool/history")) {
      HttpResponse<byte[]> packed = web.bytes(path, "Accept-Encoding", "gzip");
      HttpResponse<byte[]> plain = web.bytes(path);
      assertThat(packed.headers().firstValue("content-encoding")).as(path).contains("gzip");
      assertThat(plain.headers().firstValue("content-encoding")).as(path).isEmpty();
      assertThat(packed.headers().allValues("vary")).as(path).contains("Accept-Encoding");
      assertThat(packed.body().length).as(path).isLessThan(plain.body().length);
    }
    HttpResponse<byte[]> packed = web.bytes("/js/chart.js", "Accept-Encoding", "gzip");
    try (var in =
        new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(packed.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(web.bytes("/js/chart.js").body());
    }
    String tag = packed.headers().firstValue("etag").orElseThrow();
    HttpResponse<byte[]> again =
        web.bytes("/js/chart.js", "Accept-Encoding", "gzip", "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void aTipIsListedAsNewOnce() throws Exception {
    JsonNode jobs = web.json("/api/v1/jobs").required("items");
    assertThat(jobs).isNotEmpty();
    for (int i = 1; i < jobs.size(); i++) {
      JsonNode later = jobs.get(i - 1);
      JsonNode earlier = jobs.get(i);
      if (later.required("previous_block").equals(earlier.required("previous_block"))) {
        assertThat(later.required("new_tip").asBoolean()).isFalse();
      }
    }
  }

  @Test
  void commandsReadTheRunningPool() {
    String config = folder.resolve("pool.toml").toString();
    assertThat(cli("status", "-c", config)).contains("Running.", "hashrate", "mining");
    assertThat(cli("top", "-c", config, "--pictures", "1")).contains("STATE", "alice." + NAME);
    assertThat(cli("worker", "alice." + NAME, "-c", config)).contains("CONNECTION", "unknown-job");
    assertThat(cli("alert", "test", "-c", config)).contains("written");
    assertThat(cli("status", "--url", web.base())).contains("Running.");
    assertThat(cli("completion", "bash")).contains("_complete_adit");
    assertThat(cli("completion", "fish")).contains("complete -c adit");
    assertThat(cli("man")).contains(".TH ADIT 1", "adit payout");
  }

  @Test
  void tablesAreTheSameFromThePoolAndFromItsFolder() throws Exception {
    new CommandsBothWays(folder.resolve("pool.toml"), web.base()).check(block, "alice." + NAME);
  }

  private static String cli(String... arguments) {
    java.io.StringWriter out = new java.io.StringWriter();
    java.io.StringWriter err = new java.io.StringWriter();
    int code =
        org.adit.pool.cli.Cli.run(
            new java.io.PrintWriter(out), new java.io.PrintWriter(err), arguments);
    assertThat(code).as("%s%s", out, err).isZero();
    return out.toString();
  }

  private static void read(HttpResponse<Stream<String>> stream, BlockingQueue<String> lines) {
    try {
      stream.body().forEach(lines::add);
    } catch (java.io.UncheckedIOException e) {
      lines.add("the stream was closed");
    }
  }

  /** The data of the next event of a kind. */
  private static String next(BlockingQueue<String> lines, String event) throws Exception {
    long deadline = System.nanoTime() + SOON.toNanos();
    String last = "";
    while (System.nanoTime() < deadline) {
      String line = lines.poll(1, TimeUnit.SECONDS);
      if (line != null) {
        if (line.startsWith("data: ") && last.equals("event: " + event)) {
          return line;
        }
        last = line;
      }
    }
    throw new AssertionError("no event " + event + " came");
  }
}
