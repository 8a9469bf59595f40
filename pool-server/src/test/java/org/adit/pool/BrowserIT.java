package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleFunction;
import org.adit.config.ConfigLoader;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.LocalNode;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.mining.BlockCandidate;
import org.adit.pool.web.page.Words;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dashboard in a real browser, of a pool that mines on a real node. Users without a browser see
 * it skipped; continuous integration ({@code ADIT_BROWSER=required}) sees it fail.
 */
final class BrowserIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Such blocks at most until one is shown in time: a busy machine may miss it once. */
  private static final int BLOCKS = 8;

  private static final long SHOWN_WITHIN_MILLIS = 2_000;
  private static final String EVIL_AGENT =
      "<img src=x onerror='window.owned=1'><script>window.owned=1</script>";

  @TempDir private static Path nodeFolder;
  @TempDir private static Path folder;
  @TempDir private static Path profile;

  /** What was started, the latest first. */
  private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

  private static PoolNode pool;
  private static V1Rig rig;
  private static Browser browser;
  private static Hash256 tip;
  private static int port;

  private static final class Quiet implements BlockListener {
    @Override
    public void booked(BlockCandidate candidate) {
      // The browser shows it.
    }

    @Override
    public void rejected(BlockCandidate candidate, String reason) {
      throw new AssertionError("the node refused a block of the pool: " + reason);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    Optional<String> missing = Browser.missing();
    if (missing.isPresent()) {
      if ("required".equals(System.getenv("ADIT_BROWSER"))) {
        fail(missing.get());
      }
      abort(missing.get());
    }
    LocalNode node = LocalNode.start(Network.REGTEST, nodeFolder, "-fallbackfee=0.0001");
    OPEN.push(node);
    node.rpc().call("createwallet", "miners");
    String address = node.rpc().forWallet("miners").call("getnewaddress", "", "bech32").asString();
    node.rpc().call("generatetoaddress", 2, address);
    TestPool settings =
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
            .economics("price_per_btc = 88000")
            .economics("power_price_per_kwh = \"0.06\"")
            .power("hall-1", "alice.*", "joules_per_terahash = 17")
            .account("alice", address);
    pool =
        new PoolNode(
            ConfigLoader.load(settings.write(folder)).config(),
            Clock.systemUTC(),
            new SecureRandom(),
            new Quiet());
    OPEN.push(pool);
    await().atMost(SOON).until(() -> !pool.addresses().isEmpty() && pool.webAddress().isPresent());
    port = settings.port();
    rig = new V1Rig(port, "alice.<script>rig&1</script>", "", EVIL_AGENT);
    OPEN.push(rig);
    tip = rig.block();
    await().atMost(SOON).until(() -> pool.accounting().block(tip).isPresent());
    rig.submit(rig.find(StratumHouse.START.target()), "fff");
    await().atMost(SOON).until(() -> pool.counters().rejectedShares() > 0);
    pool.stats().look();
    browser =
        Browser.start("http://127.0.0.1:" + pool.webAddress().orElseThrow().getPort(), profile);
    OPEN.push(browser);
  }

  @AfterAll
  static void stop() throws Exception {
    AutoCloseable last = OPEN.poll();
    if (last != null) {
      try {
        last.close();
      } finally {
        stop();
      }
    }
  }

  @BeforeEach
  void anyReader() {
    browser.resize(1440, 900);
    browser.prefer("light");
  }

  private static List<String> pages() {
    return List.of(
        "/",
        "/workers",
        "/workers/1",
        "/account",
        "/account/alice",
        "/blocks",
        "/blocks/" + tip.toDisplayHex(),
        "/economics",
        "/nodes");
  }

  @Test
  void eachPageIsSoundInLightAndDarkOnDesktopAndPhone() {
    for (String page : pages()) {
      browser.resize(1440, 900);
      browser.prefer("light");
      browser.open(page);
      assertThat(browser.text()).as(page).doesNotContain("NaN", "undefined", "Infinity", "[object");
      assertThat(browser.is("document.querySelector('main .state .bad')")).as(page).isFalse();
      assertFits(page);
      String name = page.equals("/") ? "pool" : page.substring(1).replaceAll("[^a-z0-9]+", "-");
      look(name + "-light-wide");
      assertThat(browser.axe()).as("axe, light, " + page).isEmpty();
      browser.prefer("dark");
      assertThat(browser.axe("color-contrast")).as("axe, dark, " + page).isEmpty();
      look(name + "-dark-wide");
      browser.resize(390, 844);
      // Charts follow the window a moment later.
      browser.until("innerWidth === 390 && document.documentElement.scrollWidth <= innerWidth");
      look(name + "-dark-phone");
      browser.prefer("light");
      look(name + "-light-phone");
      assertThat(browser.complaints()).as(page).isEmpty();
    }
  }

  private static void assertFits(String what) {
    assertThat(browser.value("document.documentElement.scrollWidth - innerWidth"))
        .as("pixels too wide: " + what)
        .satisfies(over -> assertThat(((Number) over).longValue()).isNotPositive());
  }

  @Test
  void economicsShowGroupsAndHashpriceOverTimeAndWhatIsNotToBeExpected() {
    browser.open("/economics");
    await()
        .atMost(SOON)
        .until(() ->
            Boolean.TRUE.equals(
                browser.later(
                    "fetch('/api/v1/economics/history').then((r) => r.json())"
                        + ".then((s) => s.since_ms > 0)")));
    browser.open("/economics");
    browser.until("document.querySelector('.chart canvas')");
    assertThat(browser.text())
        .contains("hall-1", "Hashprice over time", "per PH/s and day", "Read each half minute")
        .contains("Difficulty on regtest never changes");
    // The table says what the chart shows.
    browser.value(
        "[...document.querySelectorAll('.tools button')].find((b) => b.textContent === 'table').click() ?? true");
    browser.until("document.querySelector('.chart .data tbody tr')");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void theNextDifficultyIsDrawnWithItsBand() {
    // Regtest's difficulty never changes: a stand-in for the API gives a chain that does.
    browser.open("/");
    browser.value(
        """
        (() => {
          const real = window.fetch;
          window.fetch = async (url, options) => {
            if (new URL(url, location.href).pathname !== '/api/v1/economics/difficulty') { return real(url, options); }
            const now = Date.now(), day = 86400000, first = now - 9 * day;
            const outlook = Array.from({length: 27}, (_, i) => {
              const change = 0.031 + 0.05 * Math.cos(i) / (i + 1), half = 0.44 / Math.sqrt(i + 1) * (1 - i / 42);
              return {height: 903168 + 48 * (i + 1), at_ms: first + (i + 1) * day / 3, change, low: change - half, high: change + half};
            });
            const retargets = Array.from({length: 27}, (_, i) => ({height: 903168 - 2016 * (26 - i), at_ms: first - (26 - i) * 14 * day,
              difficulty: 1e14 * (1 + i / 60 + 0.04 * Math.sin(i)), change: i ? 0.02 : null}));
            const difficulty = retargets.at(-1).difficulty;
            return new Response(JSON.stringify({as_of_ms: now, network: 'main', adjusts: true, since_ms: retargets[0].at_ms,
              period: {first_height: 903168, first_at_ms: first, next_height: 905184, blocks: 1297, blocks_left: 719, difficulty,
                expected_at_ms: now + 5 * day, expected_difficulty: difficulty * 1.032, low_difficulty: difficulty * 1.0, high_difficulty: difficulty * 1.065},
              outlook, retargets}));
          };
          document.querySelector('a[href="/economics"]').click();
          return true;
        })()
        """);
    browser.until(
        "[...document.querySelectorAll('h2')].filter((t) => t.textContent.includes('ifficulty')"
            + " && t.closest('.panel').querySelector('.chart canvas')).length === 2");
    assertThat(browser.text())
        .contains("if the pace holds", "95 % interval", "By the headers of the pool's node")
        .doesNotContain("NaN", "undefined", "Infinity");
    look("economics-with-a-past");
    assertThat(browser.axe()).isEmpty();
    browser.prefer("dark");
    assertThat(browser.axe("color-contrast")).isEmpty();
    browser.resize(390, 844);
    browser.until("innerWidth === 390 && document.documentElement.scrollWidth <= innerWidth");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void rowsAreRenewedWithinThePagesPolicy() {
    for (String page : List.of("/workers", "/account/alice")) {
      browser.open(page);
      browser.until("document.querySelector('.vrow a')");
      browser.value("document.querySelector('.vrow').setAttribute('data-before', 'x') ?? true");
      // Whoever draws the row anew takes away what is not of its figures.
      browser.until("!document.querySelector('.vrow[data-before]')");
      assertThat(browser.is("document.querySelector('.vrow').style.transform")).isTrue();
      assertThat(browser.complaints()).as(page).isEmpty();
    }
  }

  @Test
  void theServersWordsAreThePagesWords() {
    browser.open("/");
    Random random = new Random(20_261_123);
    List<Double> numbers = new ArrayList<>(List.of(0.0, 1.0, 0.5, 999.5, 1000.0, 99.95, 9.995));
    for (int i = 0; i < 400; i++) {
      numbers.add(Math.pow(10, random.nextDouble(-12, 24)) * (i % 10 == 0 ? -1 : 1));
      numbers.add((double) random.nextInt(100_000));
      numbers.add(random.nextInt(2_000) / 1000.0);
    }
    Map<String, DoubleFunction<String>> words =
        Map.of(
            "grouped", Words::grouped,
            "three", Words::three,
            "rate", Words::rate,
            "difficulty", Words::difficulty,
            "bytes", Words::bytes,
            "percent", Words::percent,
            "span", Words::span,
            "about", Words::about,
            "chance", Words::chance,
            "amountText", Words::amount);
    for (Map.Entry<String, DoubleFunction<String>> one : words.entrySet()) {
      List<String> here = numbers.stream().map(number -> one.getValue().apply(number)).toList();
      assertThat(browser.formatted(one.getKey(), numbers)).as(one.getKey()).isEqualTo(here);
    }
  }

  @Test
  void marksOfAChartStandInOrderAndApart() {
    browser.open("/");
    assertThat(
            browser.later(
                "import('/js/chart.js').then((m) => m.spaced([9, 5, 8, 1, 40, -2].map((at) => ({at})),"
                    + " (mark) => mark.at, 0, 20, 3).map((one) => one.x).join())"))
        .as("newest first, as the API tells them")
        .isEqualTo("1,5,8");
  }

  @Test
  void aCreditOpensToItsWorkersAndNamesItsTransaction() {
    browser.open("/account/alice");
    browser.until("document.querySelector('[aria-label=\"Copy the coinbase transaction id\"]')");
    browser.value("(document.querySelector('td details').open = true)");
    browser.until("document.querySelector('td details dl')?.textContent.includes('subsidy')");
    browser.open("/blocks/" + tip.toDisplayHex());
    assertThat(
            browser.is(
                "document.querySelector('[aria-label=\"Copy the coinbase transaction id\"]')"))
        .isTrue();
    assertThat(browser.complaints()).isEmpty();
  }

  /** A picture for those who look, in the folder that {@code ADIT_PICTURES} names. */
  private static void look(String name) {
    String into = System.getenv("ADIT_PICTURES");
    if (into != null) {
      try {
        browser.picture(Path.of(into, name + ".png"));
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @Test
  void aBlockIsShownWithinTwoSecondsWithoutReload() throws Exception {
    for (String page : List.of("/", "/blocks")) {
      browser.open(page);
      browser.value("window.sameDocument = true");
      List<Long> took = new ArrayList<>();
      do {
        took.add(millisUntilShown());
      } while (took.getLast() > SHOWN_WITHIN_MILLIS && took.size() < BLOCKS);
      assertThat(took.getLast())
          .as("milliseconds on %s: %s", page, took)
          .isLessThanOrEqualTo(SHOWN_WITHIN_MILLIS);
      assertThat(browser.is("window.sameDocument")).as(page).isTrue();
      assertThat(browser.complaints()).as(page).isEmpty();
    }
  }

  /**
   * From before a block is searched until the open page has its link, both by this machine's clock.
   */
  private static long millisUntilShown() throws Exception {
    rig.awaitJobOn(tip);
    browser.value(
        """
        (() => {
          window.shown = {};
          window.watcher?.disconnect();
          window.watcher = new MutationObserver(() => {
            for (const link of document.querySelectorAll('main a[href^="/blocks/"]')) {
              window.shown[link.getAttribute('href')] ??= Date.now();
            }
          });
          window.watcher.observe(document.querySelector('main'),
            {childList: true, subtree: true, attributes: true});
          return true;
        })()
        """);
    long began = System.currentTimeMillis();
    tip = rig.block();
    String link = "window.shown['/blocks/" + tip.toDisplayHex() + "']";
    browser.until(link);
    return ((Number) browser.value(link)).longValue() - began;
  }

  @Test
  void noPageWeighsMoreThanAPhoneShouldPayFor() {
    for (String page : pages()) {
      browser.open(page);
      Number bytes =
          (Number)
              browser.later(
                  """
                  (async () => {
                    const own = performance.getEntries().filter((e) =>
                      ['navigation', 'resource'].includes(e.entryType) && !e.name.includes('/api/')).map((e) => e.name);
                    let sum = 0;
                    for (const url of new Set(own)) {
                      // Anew and past the browser's store, as on a first visit.
                      await (await fetch(url, {cache: 'no-store'})).arrayBuffer();
                      sum += performance.getEntriesByName(url).at(-1).transferSize;
                    }
                    return sum;
                  })()
                  """);
      assertThat(bytes.longValue()).as("bytes of " + page).isBetween(20_000L, 150 * 1_024L);
    }
  }

  @Test
  void whatStrangersSendIsText() {
    for (String page : List.of("/workers", "/workers/1", "/account/alice", "/nodes")) {
      browser.open(page);
      assertThat(browser.is("window.owned")).as(page).isFalse();
      assertThat(browser.value("document.querySelectorAll('main img, main script').length"))
          .as(page)
          .isEqualTo(0L);
    }
    browser.open("/workers/1");
    assertThat(browser.text()).contains(EVIL_AGENT);
    // A name in the address is shown, too, and nobody has such an account.
    browser.open("/account/%3Cimg%20src=x%20onerror=owned=1%3E");
    assertThat(browser.value("document.querySelector('h1').title"))
        .isEqualTo("<img src=x onerror=owned=1>");
    assertThat(browser.is("window.owned || document.querySelector('main img')")).isFalse();
    assertThat(
            browser.later(
                "import('/js/dom.js').then((d) => d.csv([['=1+1', '@x', '-2', 'a\"b', -3, null]]).replace('\\r\\n', '|'))"))
        .isEqualTo("\"'=1+1\",\"'@x\",\"'-2\",\"a\"\"b\",-3,|");
  }

  @Test
  void aFileOfWorkersHoldsNoFormulaAndNobodysPassword() throws Exception {
    String formula = "=1+cmd|' /C calc'!A0";
    String password = "<script>window.owned='by password'</script>,d=0.0001";
    try (V1Client miner = new V1Client(port)) {
      miner.call("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"" + formula + "\"]}");
      miner.call(
          "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"alice.-2+3\",\""
              + password
              + "\"]}");
      browser.open("/workers");
      browser.until("document.querySelector('main').innerText.includes('-23')");
      browser.value(
          """
          (() => {
            window.saved = '';
            const real = URL.createObjectURL;
            URL.createObjectURL = (blob) => { blob.text().then((text) => { window.saved = text; }); return real(blob); };
            [...document.querySelectorAll('main button')].find((b) => b.textContent.trim() === 'csv').click();
            return true;
          })()
          """);
      browser.until("window.saved");
      String file = browser.value("window.saved").toString();
      assertThat(file)
          .contains("\"alice\",\"'-23\",", "\"'" + formula + "\"")
          .doesNotContain("by password");
      assertThat(file.lines().flatMap(line -> java.util.Arrays.stream(line.split(",", -1))))
          .as("cells a spreadsheet would compute")
          .noneMatch(cell -> cell.matches("\"?[=+@\\t].*|\"-.*"));
      for (String page : pages()) {
        browser.open(page);
        assertThat(browser.is("window.owned")).as(page).isFalse();
        assertThat(browser.value("document.documentElement.outerHTML").toString())
            .as(page)
            .doesNotContain("by password");
      }
      assertThat(browser.complaints()).isEmpty();
    }
    try (var files = java.nio.file.Files.walk(folder.resolve("pool"))) {
      for (Path file : files.filter(java.nio.file.Files::isRegularFile).toList()) {
        assertThat(
                new String(
                    java.nio.file.Files.readAllBytes(file),
                    java.nio.charset.StandardCharsets.ISO_8859_1))
            .as("%s", file)
            .doesNotContain("by password");
      }
    }
  }

  @Test
  void tenThousandWorkersAreScrolledWithFewRowsDrawn() {
    // Rows by a stand-in for the API, so that the page alone is tried; the API has its own tests.
    browser.open("/workers");
    browser.value(
        """
        (() => {
          const real = window.fetch;
          window.fetch = async (url, options) => {
            const asked = new URL(url, location.href);
            if (asked.pathname !== '/api/v1/workers') { return real(url, options); }
            const offset = Number(asked.searchParams.get('offset'));
            const rate = {hashrate_hs: 1e14, low_hs: 9e13, high_hs: 1.1e14, shares: 300, window_ms: 300000};
            const items = Array.from({length: Math.min(100, 10000 - offset)}, (_, i) => ({
              id: offset + i + 1, account: 'a', worker: 'rig-' + (offset + i), state: 'live', since_ms: 1, hashrate_5m: rate,
              hashrate_1h: rate, hashrate_24h: rate, accepted_shares: 1, rejected_shares: 0, rejected_share_1h: 0,
              rejects_lost_sat: 0, last_share_at_ms: Date.now(), difficulty: 1, best_difficulty: 1, sessions: 1,
              user_agent: 'x', protocol: 'sv1', credited_subsidy_sat: 1, credited_fees_sat: 1, spark_hs: [1, 2, null]}));
            return new Response(JSON.stringify({as_of_ms: Date.now(), total: 10000, offset, limit: 100,
              counts: {live: 10000, warming: 0, slow: 0, offline: 0}, items}));
          };
          document.querySelector('a[href="/workers"]').click();
          return true;
        })()
        """);
    browser.until("document.querySelector('.vrow a')?.textContent === 'rig-0'");
    browser.value("(document.querySelector('.vlist').scrollTop = 5000 * 40)");
    browser.until(
        "[...document.querySelectorAll('.vrow a')].some((a) => a.textContent === 'rig-5003')");
    browser.value("(document.querySelector('.vlist').scrollTop = 1e9)");
    browser.until(
        "[...document.querySelectorAll('.vrow a')].some((a) => a.textContent === 'rig-9999')");
    assertThat(((Number) browser.value("document.querySelectorAll('.vrow').length")).longValue())
        .isBetween(5L, 80L);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void theThemeIsSwitchedAndKept() {
    browser.prefer("light");
    browser.open("/");
    String light = browser.value("getComputedStyle(document.body).backgroundColor").toString();
    browser.click("#theme");
    browser.click("#theme");
    browser.until("document.documentElement.dataset.theme === 'dark'");
    browser.open("/blocks");
    assertThat(browser.value("getComputedStyle(document.body).backgroundColor"))
        .isNotEqualTo(light);
    browser.click("#theme");
    assertThat(browser.value("getComputedStyle(document.body).backgroundColor")).isEqualTo(light);
  }
}
