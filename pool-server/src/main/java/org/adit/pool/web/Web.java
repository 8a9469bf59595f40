package org.adit.pool.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.adit.accounting.store.BlockRow;
import org.adit.accounting.store.BlockState;
import org.adit.config.WebConfig;
import org.adit.hasher.Hash256;
import org.adit.pool.alerts.Alert;
import org.adit.pool.alerts.AlertCenter;
import org.adit.pool.web.api.Api;
import org.adit.pool.web.api.JobLog;
import org.adit.pool.web.api.Json;
import org.adit.pool.web.api.NodeQuestions;
import org.adit.pool.web.http.Answer;
import org.adit.pool.web.http.EventStreams;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.web.http.Reply;
import org.adit.pool.web.http.Request;
import org.adit.pool.web.http.StaticFiles;
import org.adit.pool.web.http.WebServer;
import org.adit.pool.web.http.WebSettings;
import org.adit.pool.web.page.FirstFigures;
import org.adit.pool.web.publicpool.PublicPool;
import org.adit.pool.work.Work;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Dashboard, API and event stream of a pool, on threads of their own. A port that is taken does not
 * stop the pool: the server tries again until it is free.
 */
public final class Web implements AutoCloseable {
  /** Holds the server's address, in the data folder. */
  public static final String ADDRESS_FILE = "web-address";

  // The version is that of the dependency; BrowserIT draws charts with it.
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final Logger LOG = LoggerFactory.getLogger(Web.class);
  private static final int CONNECTIONS = 5_000;
  private static final long LOOK_MILLIS = 30_000;
  private static final long FIRST_LOOK_MILLIS = 1_000;
  private static final long TICK_MILLIS = 2_000;
  private static final long RETRY_SECONDS = 5;

  /** Where NerdMiner firmware looks for the API when its Stratum port is 2018. */
  private static final int NERDMINER_PORT = 2_019;

  /** Where the first figures go in the page. */
  private static final String FIRST = "<!-- first figures -->";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int WATCHED_BLOCKS = 200;
  private static final Set<String> PAGES =
      Set.of("workers", "account", "blocks", "economics", "nodes");

  private final WebConfig settings;
  private final String nerdminerHost;
  private final Path dataFolder;
  private final Clock clock;
  private final Tokens tokens;
  private final JobLog jobs = new JobLog();
  private final List<NodeQuestions> node;
  private final AlertCenter alerts;
  private final AlertConditions conditions;
  private final Api api;
  private final PublicPool publicPool;
  private final Metrics metrics;
  private final StaticFiles files = new StaticFiles("/web/", Map.of("uplot", UPLOT));
  private final WebServer server;
  private final Map<Hash256, String> blockStates = new HashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("web-ticker").daemon().factory());
  private volatile Optional<InetSocketAddress> address = Optional.empty();

  /**
   * A web server over a pool; {@link #start} opens its port.
   *
   * @throws IOException when the token cannot be read or made
   */
  public Web(PoolView pool, PoolActions actions, Tokens tokens, Clock clock) throws IOException {
    this.settings = pool.config().web();
    this.dataFolder = pool.config().dataDir();
    this.nerdminerHost = pool.config().listeners().getFirst().host();
    this.clock = clock;
    this.tokens = tokens;
    this.node =
        pool.config().bitcoinds().stream()
            .map(config -> new NodeQuestions(config, pool.config().network(), clock))
            .toList();
    this.alerts = new AlertCenter(pool.config().alerts(), clock, this::onAlert);
    this.api = new Api(pool, actions, node, jobs, new AlertView(alerts, clock), clock);
    this.conditions = new AlertConditions(pool, api.shared(), alerts, clock);
    this.publicPool = new PublicPool(pool, api.shared(), node.getFirst(), clock);
    this.metrics = new Metrics(pool, api, () -> streams().readers(), clock);
    this.server =
        new WebServer(
            new WebSettings(
                settings.requestsPerSecond(),
                settings.streams(),
                names(),
                Set.copyOf(settings.corsOrigins()),
                PublicPool::owns,
                CONNECTIONS),
            this::handle);
  }

  private Set<String> names() {
    Set<String> names =
        settings.hostNames().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    names.add(settings.host().toLowerCase(Locale.ROOT));
    return names;
  }

  /** Opens the port, now or as soon as it is free, and begins to tell of what happens. */
  public void start() {
    if (settings.enabled()) {
      ticker.execute(this::open);
    }
    // The blocks there are already are no news; one found in the first seconds is.
    ticker.execute(this::tellBlocks);
    var _ =
        ticker.scheduleWithFixedDelay(
            this::lookForAlerts, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    var _ =
        ticker.scheduleWithFixedDelay(
            this::lookAtPrices, FIRST_LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    var _ =
        ticker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void open() {
    try {
      InetSocketAddress open = server.listen(settings.host(), settings.port());
      if (settings.nerdminer()) {
        server.listen(nerdminerHost, NERDMINER_PORT);
      }
      address = Optional.of(open);
      note(open);
      LOG.info(
          "dashboard and API on http://{}:{}", open.getAddress().getHostAddress(), open.getPort());
      if (!open.getAddress().isLoopbackAddress() && settings.access() == WebConfig.Access.OPEN) {
        LOG.warn("everybody who reaches that address may read everything; see web.access");
      }
    } catch (IOException e) {
      LOG.error("{}; trying again", e.getMessage());
      var _ = ticker.schedule(this::open, RETRY_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Leaves word for commands of the same machine, as the port may be any free one. */
  private void note(InetSocketAddress open) throws IOException {
    InetAddress host = open.getAddress();
    String name = host.isAnyLocalAddress() ? "127.0.0.1" : host.getHostAddress();
    Files.writeString(
        dataFolder.resolve(ADDRESS_FILE),
        "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + open.getPort() + "\n");
  }

  /** Where it listens; empty before the port is open. */
  public Optional<InetSocketAddress> address() {
    return address;
  }

  /** Readers of events. */
  public EventStreams streams() {
    return server.streams();
  }

  /** Work went out to miners. */
  public void onWork(Work work) {
    if (work.isNewTip()) {
      node.forEach(NodeQuestions::forget);
    }
    jobs.add(work, clock.millis()).ifPresent(job -> server.streams().publish("job", job));
  }

  /** A block was booked or moved; returns at once. */
  public void onBlock() {
    if (!ticker.isShutdown()) {
      ticker.execute(this::tellBlocks);
    }
  }

  private void onAlert(Alert alert) {
    server.streams().publishToOperators("alert", AlertView.json(alert));
  }

  /** Looks whether something is worth an alert; done by itself every half minute. */
  public void lookForAlerts() {
    try {
      conditions.look();
    } catch (Exception e) {
      LOG.warn("the alerts' conditions could not be looked at", e);
    }
  }

  private void lookAtPrices() {
    try {
      api.look();
    } catch (Exception e) {
      LOG.warn("hashprice could not be read", e);
    }
  }

  private void tick() {
    try {
      if (server.streams().readers() > 0) {
        server.streams().publishState("pool", api.figures().tick(api.activeAlerts()));
      } else {
        server.streams().forgetState();
      }
    } catch (Exception e) {
      LOG.warn("the event stream has no figures", e);
    }
    tellNodes();
    tellBlocks();
  }

  /** A node that came, went, fell behind or took over is told of at once. */
  private void tellNodes() {
    try {
      api.health().news().forEach(node -> server.streams().publish("node", node));
    } catch (RuntimeException e) {
      LOG.warn("the event stream has no nodes", e);
    }
  }

  private void tellBlocks() {
    try {
      api.blocks().forget();
      List<BlockRow> newest = api.blocks().get();
      boolean first = blockStates.isEmpty();
      for (BlockRow block : newest.subList(0, Math.min(WATCHED_BLOCKS, newest.size()))) {
        String state = block.state().name() + block.transitions();
        if (!state.equals(blockStates.put(block.hash(), state)) && !first) {
          api.blockMoved();
          server.streams().publish("block", api.blockShapes().line(block, false));
          alert(block);
        }
      }
      if (first) {
        blockStates.put(Hash256.ZERO, "begun");
      }
    } catch (Exception e) {
      LOG.warn("the event stream has no blocks", e);
    }
  }

  private void alert(BlockRow block) {
    String subject = "block " + block.height();
    if (block.state() == BlockState.ORPHANED) {
      alerts.happened(
          Alert.Kind.BLOCK_ORPHANED,
          subject,
          subject + " left the chain; its credits are taken back");
    } else if (block.state() == BlockState.IMMATURE && block.transitions() == 0) {
      alerts.happened(
          Alert.Kind.BLOCK_FOUND,
          subject,
          String.format(
              Locale.ROOT,
              "%s found: %d sat, hash %s",
              subject,
              block.reward().totalSat(),
              block.hash().toDisplayHex()));
    }
    alerts.flush();
  }

  private Answer handle(Request asked) throws Exception {
    Request request = asked.as(tokens.isOperator(asked));
    List<String> path = request.segments();
    if (settings.nerdminer() && request.port() == NERDMINER_PORT && !PublicPool.owns(request)) {
      throw new HttpException(404, "this port serves the API of Public Pool only");
    }
    if (path.size() >= 2 && path.get(0).equals("api") && path.get(1).equals("v1")) {
      return path.equals(List.of("api", "v1", "session")) ? session(request) : api.answer(request);
    }
    if (PublicPool.owns(request)) {
      return publicPool(request);
    }
    if (path.equals(List.of("metrics"))) {
      api.checkPool(request);
      return metrics.scrape(request);
    }
    if (path.size() == 2 && path.getFirst().equals("health")) {
      return health(path.getLast());
    }
    if (!request.method().equals("GET")) {
      throw new HttpException(405, "pages are read by GET");
    }
    return page(request);
  }

  private Reply publicPool(Request request) throws Exception {
    if (!settings.publicPool() || settings.access() == WebConfig.Access.TOKEN) {
      throw new HttpException(
          404, "the API of Public Pool is off; see web.public_pool and web.access");
    }
    return publicPool.answer(request);
  }

  /** For supervisors: whether to restart the process, whether to send miners here. */
  private Reply health(String question) throws HttpException {
    boolean yes =
        switch (question) {
          case "live" -> api.health().isLive();
          case "ready" -> api.health().isReady();
          default -> throw new HttpException(404, "ask /health/live or /health/ready");
        };
    String text = question.equals("live") ? "" : " (" + api.health().readyText() + ")";
    return Reply.text(
        yes ? 200 : 503,
        "text/plain; charset=utf-8",
        (yes ? question : "not " + question) + text + "\n");
  }

  /** A browser brings the token once and keeps a cookie, which event streams carry too. */
  private Reply session(Request request) throws HttpException {
    boolean enter = request.method().equals("POST");
    if (!enter && !request.method().equals("DELETE")) {
      throw new HttpException(405, "POST the token, or DELETE the session");
    }
    String text = new String(request.body(), StandardCharsets.UTF_8).strip();
    if (enter && !tokens.isToken(text)) {
      throw new HttpException(401, "this is not the pool's token");
    }
    Map.Entry<String, String> cookie = tokens.cookieHeader(enter);
    return Reply.json(Json.object().put("operator", enter))
        .with(cookie.getKey(), cookie.getValue())
        .with("Cache-Control", "no-store");
  }

  private Reply page(Request request) throws IOException, HttpException {
    List<String> path = request.segments();
    if (path.isEmpty() || PAGES.contains(path.getFirst())) {
      Optional<Reply> frame = files.find(List.of("index.html"));
      if (frame.isPresent()) {
        return filled(frame.get(), request);
      }
    }
    return files.find(path).orElseThrow(() -> new HttpException(404, "there is no such page"));
  }

  /** The page with its first figures, as far as this reader may see them. */
  private Reply filled(Reply frame, Request request) {
    List<String> path = new ArrayList<>(request.segments());
    Optional<String> sought = request.parameter("q").filter(text -> !text.isBlank());
    if (sought.isPresent() && path.equals(List.of("account"))) {
      path.add(sought.get().strip());
    }
    String html = new String(frame.body(), StandardCharsets.UTF_8);
    return Reply.tagged(
        frame.contentType(),
        html.replace(FIRST, first(path, request)).getBytes(StandardCharsets.UTF_8));
  }

  /** Without figures when they cannot be read: the page itself must come, it says what is wrong. */
  private String first(List<String> path, Request request) {
    try {
      return FirstFigures.of(
          path,
          FirstFigures.offset(request.parameter("offset")),
          (segments, query) -> ask(request, segments, query));
    } catch (Exception e) {
      LOG.warn("a page has no first figures", e);
      return "<p class=\"sentence\">The figures cannot be read now.</p>\n";
    }
  }

  private JsonNode ask(Request reader, List<String> path, Map<String, String> query)
      throws Exception {
    List<String> segments = new ArrayList<>(List.of("api", "v1"));
    segments.addAll(path);
    Answer answer =
        api.answer(
            new Request(
                "GET",
                segments,
                query,
                Map.of(),
                new byte[0],
                reader.from(),
                reader.port(),
                reader.operator()));
    if (answer instanceof Reply reply && reply.status() == 200) {
      return JSON.readTree(reply.body());
    }
    throw new HttpException(503, "The figures cannot be read now.");
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    server.close();
    node.forEach(NodeQuestions::close);
    alerts.close();
    api.close();
  }
}
