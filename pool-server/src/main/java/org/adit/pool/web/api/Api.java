package org.adit.pool.web.api;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adit.accounting.store.BlockRow;
import org.adit.config.WebConfig;
import org.adit.pool.web.PoolActions;
import org.adit.pool.web.PoolView;
import org.adit.pool.web.http.Answer;
import org.adit.pool.web.http.HttpException;
import org.adit.pool.web.http.Reply;
import org.adit.pool.web.http.Request;
import org.adit.pool.web.http.Routes;

/** {@code /api/v1}: which path is answered by whom, and who may ask. Thread-safe. */
public final class Api implements AutoCloseable {
  private static final String BASE = "/api/v1";

  private record Entry(Access access, Endpoint endpoint) {}

  private final Routes<Entry> routes = new Routes<>();
  private final WebConfig settings;
  private final AlertFeed alerts;
  private final PoolFigures figures;
  private final BlockEndpoints ofBlocks;
  private final BlockLog blocks;
  private final BlockShapes blockShapes;
  private final WorkerTable table;
  private final Balances balances;
  private final NodeEndpoints nodes;
  private final HashpriceLog hashprices;
  private final TrendEndpoints trends;
  private final Reply document;

  /**
   * An API over a pool.
   *
   * @param node asked for what only it knows
   * @param actions what operators may have the pool do
   * @param jobs filled by whoever sends work
   * @throws IOException when the program's own OpenAPI document cannot be read
   */
  public Api(
      PoolView pool,
      PoolActions actions,
      List<NodeQuestions> node,
      JobLog jobs,
      AlertFeed alerts,
      Clock clock)
      throws IOException {
    this.settings = pool.config().web();
    this.alerts = alerts;
    this.table = new WorkerTable(pool, clock);
    this.figures = new PoolFigures(pool, table, clock);
    this.blocks = new BlockLog(pool, clock);
    this.blockShapes = new BlockShapes(pool, blocks, clock);
    this.document = document();
    Margins margins = new Margins(pool, blocks, figures, clock);
    PoolEndpoints ofPool =
        new PoolEndpoints(pool, figures, blocks, blockShapes, jobs, alerts, clock);
    WorkerEndpoints workers = new WorkerEndpoints(pool, table, new WorkerShapes(margins), clock);
    this.balances = new Balances(pool, clock);
    AccountEndpoints accounts = new AccountEndpoints(pool, table, balances, node.getFirst(), clock);
    MoneyEndpoints money = new MoneyEndpoints(pool, balances, clock);
    BookEndpoints books = new BookEndpoints(pool, balances, blocks, money, clock);
    this.ofBlocks = new BlockEndpoints(pool, blocks, blockShapes, node.getFirst(), clock);
    this.nodes = new NodeEndpoints(pool, figures, node, clock);
    add(Access.POOL, "/network", nodes::network);
    add(Access.POOL, "/nodes", nodes::nodes);
    add(Access.POOL, "/health", nodes::health);
    add(Access.POOL, "/blocks", ofBlocks::list);
    add(Access.POOL, "/blocks/{hash}", ofBlocks::detail);
    add(Access.ADDRESS, "/blocks/{hash}/proofs/{account}", ofBlocks::proof);
    add(Access.POOL, "/attempts", ofBlocks::attempts);
    add(Access.FLEET, "/accounts", accounts::list);
    add(Access.ADDRESS, "/accounts/{account}", accounts::detail);
    add(Access.ADDRESS, "/accounts/{account}/history", accounts::history);
    add(Access.ADDRESS, "/accounts/{account}/credits", accounts::credits);
    add(Access.ADDRESS, "/accounts/{account}/credits/{hash}", accounts::creditOfBlock);
    add(Access.ADDRESS, "/accounts/{account}/payouts", accounts::payouts);
    add(Access.ADDRESS, "/accounts/{account}/compare", money::compareAccount);
    add(Access.FLEET, "/payouts", money::payouts);
    add(Access.POOL, "/compare", money::compare);
    add(Access.FLEET, "/compare/accounts", books::comparison);
    add(Access.FLEET, "/balances", books::balances);
    add(Access.POOL, "/proof-roots", books::proofRoots);
    add(Access.POOL, "/pool", ofPool::pool);
    add(Access.POOL, "/pool/history", ofPool::history);
    add(Access.POOL, "/template", ofPool::template);
    add(Access.POOL, "/jobs", ofPool::jobs);
    add(Access.POOL, "/rejects", ofPool::rejects);
    this.hashprices = new HashpriceLog(pool.config().dataDir());
    this.trends = new TrendEndpoints(pool, margins, node.getFirst(), hashprices, clock);
    GroupMargins byGroup = new GroupMargins(pool, table, margins, clock);
    add(Access.POOL, "/economics", byGroup::economics);
    add(Access.FLEET, "/economics/workers", byGroup::workers);
    add(Access.POOL, "/economics/history", trends::history);
    add(Access.POOL, "/economics/difficulty", trends::difficulty);
    add(Access.FLEET, "/workers", workers::ofPool);
    add(Access.FLEET, "/workers/{id}", workers::detail);
    add(Access.FLEET, "/workers/{id}/history", workers::history);
    add(Access.FLEET, "/workers/{id}/rejects", workers::rejects);
    add(Access.ADDRESS, "/accounts/{account}/workers", workers::ofAccount);
    add(Access.ADDRESS, "/accounts/{account}/workers/{worker}", workers::detail);
    add(Access.ADDRESS, "/accounts/{account}/workers/{worker}/history", workers::history);
    add(Access.ADDRESS, "/accounts/{account}/workers/{worker}/rejects", workers::rejects);
    add(Access.ADDRESS, "/accounts/{account}/rejects", workers::rejectsOfAccount);
    add(Access.FLEET, "/alerts", call -> alerts.list());
    ActionEndpoints acting = new ActionEndpoints(pool, actions, clock);
    post("/alerts/test", this::testAlert);
    post("/actions/message", acting::message);
    post("/actions/drain", acting::drain);
  }

  private void add(Access access, String path, Endpoint endpoint) {
    routes.add("GET", BASE + path, new Entry(access, endpoint));
  }

  private void post(String path, Endpoint endpoint) {
    routes.add("POST", BASE + path, new Entry(Access.OPERATOR, endpoint));
  }

  /** The pool's figures, for the stream. */
  public PoolFigures figures() {
    return figures;
  }

  /** A block came or went: luck and efforts are told with it from now on. */
  public void blockMoved() {
    figures.forget();
    blockShapes.forget();
  }

  /** The pool's blocks, for the stream. */
  public BlockLog blocks() {
    return blocks;
  }

  /** Blocks as JSON, for the stream. */
  public BlockShapes blockShapes() {
    return blockShapes;
  }

  /** The pool's workers. */
  public WorkerTable table() {
    return table;
  }

  /** Whether the pool lives and lets miners in. */
  public NodeEndpoints health() {
    return nodes;
  }

  /** Figures for those who show them in another shape. */
  public Figures shared() {
    return new Figures() {
      @Override
      public WorkerTable.Snapshot workers() throws Exception {
        return table.get();
      }

      @Override
      public List<BlockRow> blocks() throws Exception {
        return blocks.get();
      }

      @Override
      public Map<String, Long> nextCredits() throws Exception {
        return balances.next();
      }
    };
  }

  /** Reads what is kept over time; to be called every so often. */
  public void look() throws Exception {
    trends.look();
  }

  @Override
  public void close() {
    hashprices.close();
  }

  /** How many alerts last. */
  public int activeAlerts() {
    return alerts.active();
  }

  /**
   * Answers a request below {@code /api/v1}.
   *
   * @throws Exception see {@link org.adit.pool.web.http.Handler}
   */
  public Answer answer(Request request) throws Exception {
    String last = request.segments().getLast();
    if (request.segments().size() == 3 && last.equals("openapi.json")) {
      return document;
    }
    if (request.segments().size() == 3 && last.equals("events")) {
      check(Access.POOL, request);
      return new Answer.Stream(mayRead(Access.FLEET, request.operator()));
    }
    Optional<Routes.Match<Entry>> match = routes.find(request.method(), request.segments());
    if (match.isEmpty()) {
      throw new HttpException(404, "there is no such path; see /api/v1/openapi.json");
    }
    Entry entry = match.get().target();
    check(entry.access(), request);
    return Reply.json(
        entry
            .endpoint()
            .answer(
                new Call(
                    request, match.get().variables(), mayRead(Access.FLEET, request.operator()))));
  }

  /**
   * Lets through who may read the pool's figures.
   *
   * @throws HttpException 401 for others
   */
  public void checkPool(Request request) throws HttpException {
    check(Access.POOL, request);
  }

  private void check(Access access, Request request) throws HttpException {
    if (!mayRead(access, request.operator())) {
      throw new HttpException(
          401,
          "this needs the pool's token in the header Authorization: Bearer (the operator finds it"
              + " in the data folder, see web.token_file)");
    }
  }

  /** Whether the settings open something to whoever asks. */
  private boolean mayRead(Access access, boolean operator) {
    if (operator) {
      return true;
    }
    return switch (access) {
      case POOL, ADDRESS -> settings.access() != WebConfig.Access.TOKEN;
      case FLEET -> settings.access() == WebConfig.Access.OPEN;
      case OPERATOR -> false;
    };
  }

  private tools.jackson.databind.JsonNode testAlert(Call call) {
    var node = Json.object();
    var list = node.putArray("results");
    for (AlertFeed.Result result : alerts.test()) {
      list.addObject()
          .put("channel", result.channel())
          .put("ok", result.ok())
          .put("text", result.text());
    }
    return node;
  }

  private static Reply document() throws IOException {
    try (InputStream in = PoolView.class.getResourceAsStream("/org/adit/pool/web/openapi.json")) {
      if (in == null) {
        throw new IOException("the program lacks its openapi.json; build it anew");
      }
      return new Reply(
              200, "application/json", in.readAllBytes(), Map.of("Cache-Control", "no-cache"))
          .kept();
    }
  }
}
