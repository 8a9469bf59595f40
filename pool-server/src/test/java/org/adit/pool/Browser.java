package org.adit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium of this machine; nothing is ever fetched for it. */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SCROLL_PIXELS_PER_SECOND = 3_000;

  /** Runs before each page's own scripts and writes down what the page's policy stopped. */
  private static final String WATCH =
      """
      window.violations = [];
      addEventListener('securitypolicyviolation',
        (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile));
      window.firstRowAt = 0;
      new MutationObserver((_, self) => {
        if (document.querySelector('.vrow a')) {
          self.disconnect();
          // When its frame was drawn, not when the script was done.
          requestAnimationFrame(() => requestAnimationFrame(() => { window.firstRowAt = performance.now(); }));
        }
      }).observe(document, {childList: true, subtree: true});
      """;

  private final ChromeDriver driver;
  private final String base;
  private final String axe;

  private Browser(ChromeDriver driver, String base) throws IOException {
    this.driver = driver;
    this.base = base;
    try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
      axe =
          new String(
              Objects.requireNonNull(script, "axe.min.js of the jar com.deque.html.axe-core")
                  .readAllBytes(),
              StandardCharsets.UTF_8);
    }
  }

  /** Why no browser can be started here; empty when one can. */
  static Optional<String> missing() {
    List<String> absent =
        Stream.of("chromium", "chromedriver").filter(n -> find(n) == null).toList();
    return absent.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join(" and ", absent)
                + " not found on PATH; the dashboard is tested in a real browser:"
                + " apt-get install chromium chromium-driver");
  }

  /** Starts one for the pages of a server such as {@code http://127.0.0.1:3334}. */
  static Browser start(String base, Path folder) throws IOException {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(Objects.requireNonNull(find("chromium")));
    // Without a sandbox, because continuous integration often runs as root in a container, where
    // Chromium has none; the only pages it sees are ours.
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--user-data-dir=" + folder,
        "--window-size=1440,900");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Objects.requireNonNull(find("chromedriver")))
            .usingAnyFreePort()
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    try {
      driver.manage().timeouts().scriptTimeout(PATIENCE).pageLoadTimeout(PATIENCE);
      driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH));
      return new Browser(driver, base);
    } catch (RuntimeException | IOException e) {
      driver.quit();
      throw e;
    }
  }

  private static @Nullable File find(String name) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file) && !Files.isDirectory(file)) {
        return file.toFile();
      }
    }
    return null;
  }

  /** Loads a page and waits until each of its panels shows something and the stream has spoken. */
  void open(String path) {
    driver.get(base + path);
    await()
        .alias(path)
        .atMost(PATIENCE)
        .until(() ->
            is(
                "document.getElementById('asof').textContent.startsWith('as of')"
                    + " && document.querySelector('main .panel')"
                    + " && !document.querySelector('main .loading')"));
  }

  /** The value of a script's expression. */
  Object value(String expression, Object... arguments) {
    return Objects.requireNonNull(
        driver.executeScript("return (" + expression + ");", arguments),
        () -> "nothing from " + expression);
  }

  /** The value a promise comes to. */
  Object later(String promise, Object... arguments) {
    return Objects.requireNonNull(
        driver.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "("
                + promise
                + ").then(done, (e) => done('failed: ' + e));",
            arguments),
        () -> "nothing from " + promise);
  }

  /** What a function of the page's {@code format.js} makes of numbers. */
  List<String> formatted(String function, List<Double> numbers) {
    Object texts =
        later(
            "import('/js/format.js').then((m) => arguments[1].map((n) => m[arguments[0]](Number(n))))",
            function,
            numbers.stream().map(String::valueOf).toList());
    assertThat(texts).as("%s", texts).isInstanceOf(List.class);
    return ((List<?>) texts).stream().map(String::valueOf).toList();
  }

  /** Scrolls an element as a wheel would and reads the browser's trace of it. */
  Trace.Scroll scroll(String selector, int pixels) throws Exception {
    Object options =
        Objects.requireNonNull(driver.getCapabilities().getCapability("goog:chromeOptions"));
    String debugger = String.valueOf(((Map<?, ?>) options).get("debuggerAddress"));
    try (Trace trace = new Trace(debugger)) {
      List<?> middle =
          (List<?>)
              value(
                  """
                  (() => {
                    const box = document.querySelector(arguments[0]).getBoundingClientRect();
                    window.scriptFrames = 0;
                    window.scrolling = true;
                    const run = () => { window.scriptFrames++; window.scrolling && requestAnimationFrame(run); };
                    requestAnimationFrame(run);
                    performance.mark('adit-begin');
                    return [box.left + box.width / 2, box.top + box.height / 2];
                  })()
                  """,
                  selector);
      driver.executeCdpCommand(
          "Input.synthesizeScrollGesture",
          Map.of(
              "x",
              middle.get(0),
              "y",
              middle.get(1),
              "yDistance",
              -pixels,
              "speed",
              SCROLL_PIXELS_PER_SECOND,
              "gestureSourceType",
              "mouse"));
      Object frames =
          value(
              "(() => { window.scrolling = false; performance.mark('adit-end');"
                  + " return window.scriptFrames; })()");
      return trace.end(((Number) frames).longValue());
    }
  }

  /** Whether a script's expression holds. */
  boolean is(String expression) {
    return Boolean.TRUE.equals(driver.executeScript("return Boolean(" + expression + ");"));
  }

  /** Waits until an expression holds. */
  void until(String expression) {
    await().alias(expression).atMost(PATIENCE).until(() -> is(expression));
  }

  /** What one reads on the page. */
  String text() {
    return value("document.body.innerText").toString();
  }

  void click(String selector) {
    driver.executeScript("document.querySelector(arguments[0]).click();", selector);
  }

  /** What the reader's system prefers: {@code light} or {@code dark}. */
  void prefer(String theme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
    // Colours go over into one another; nobody is to judge them half-way.
    until(
        "matchMedia('(prefers-color-scheme: "
            + theme
            + ")').matches && document.getAnimations().length === 0");
  }

  /** The size of the page's window. */
  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** The whole page as a picture, however long it is. */
  void picture(Path file) throws IOException {
    // A bar would take from the width that a phone has whole.
    driver.executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
    until("document.documentElement.clientWidth === innerWidth");
    Object taken =
        driver
            .executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
            .get("data");
    Files.write(file, java.util.Base64.getDecoder().decode(String.valueOf(taken)));
  }

  /**
   * Findings of axe-core that are serious or critical, one line each.
   *
   * @param rules names of rules, none for all
   */
  List<String> axe(String... rules) {
    driver.executeScript("if (!window.axe) { " + axe + "; window.axe = axe; }");
    Object found =
        later(
            """
            axe.run(arguments[0].length ? {runOnly: {type: 'rule', values: arguments[0]}} : {})
              .then((r) => r.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
                .flatMap((v) => v.nodes.map((n) => v.id + ' at ' + n.target + ': ' + n.failureSummary)))
            """,
            List.of(rules));
    assertThat(found).isInstanceOf(List.class);
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  /** What the console and the page's security policy complained of since the last call. */
  List<String> complaints() {
    List<String> all = new ArrayList<>();
    driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .forEach(entry -> all.add(entry.getMessage()));
    ((List<?>) value("window.violations")).forEach(one -> all.add("policy: " + one));
    return all;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
