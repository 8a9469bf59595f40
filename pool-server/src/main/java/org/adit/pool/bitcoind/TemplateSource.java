package org.adit.pool.bitcoind;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.adit.config.BitcoindConfig;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.NodeState.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the pool supplied with block templates of one bitcoind. Learns of a new tip by ZMQ, by long
 * poll and by asking for the best block, whichever is first; asks for a new template at least every
 * {@code refreshInterval}; checks the node before it serves and with every refresh; recovers by
 * itself from whatever happens to the node.
 *
 * <p>One source is one node. Several nodes are several sources whose listeners lead to one that
 * chooses.
 */
public final class TemplateSource implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TemplateSource.class);

  /** Stratum V1 specification 6.3. */
  private static final Duration WARM_UP_PAUSE = Duration.ofSeconds(1);

  private static final Duration EDGE_PAUSE = Duration.ofSeconds(1);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  /** Hints beyond this many are dropped: those waiting already make the source look. */
  private static final int MAX_HINTS = 64;

  /** Why the source should look at the node now. */
  private sealed interface Hint {
    record Tip(Hash256 hash) implements Hint {}

    record Offer(LongPoll.Answer answer) implements Hint {}

    record Look() implements Hint {}
  }

  private final BitcoindConfig config;
  private final Network network;
  private final Clock clock;
  private final TemplateListener listener;
  private final SourceOptions options;
  private final RpcClient rpc;
  private final RpcClient longPollRpc;
  private final NodeQuestions node;
  private final NodeCheck check;
  private final LongPoll longPoll;
  private final Optional<TipSubscriber> tips;
  private final BlockingQueue<Hint> hints = new ArrayBlockingQueue<>(MAX_HINTS);
  private final Backoff backoff = new Backoff();
  private final Thread thread;

  /** Touched by the source's own thread only. */
  private long deliveries;

  /** The newest template that went out, an empty one included; likewise. */
  private @Nullable BlockTemplate delivered;

  /** A tip the node told of whose template is not there yet. */
  private volatile @Nullable Hash256 announced;

  private volatile NodeState state;
  private volatile @Nullable BlockTemplate current;
  private volatile boolean closed;

  /**
   * A source; it starts with {@link #start()}.
   *
   * @param config the node and the intervals
   * @param network the chain the node must be on
   * @param clock this machine's time
   * @param listener gets templates and states
   */
  public TemplateSource(
      BitcoindConfig config, Network network, Clock clock, TemplateListener listener) {
    this(config, network, clock, listener, SourceOptions.of(config));
  }

  /** Without long poll the two other ways to learn of a tip can be tested alone. */
  TemplateSource(
      BitcoindConfig config,
      Network network,
      Clock clock,
      TemplateListener listener,
      boolean longPolling) {
    this(
        config,
        network,
        clock,
        listener,
        new SourceOptions(longPolling, false, Duration.ZERO, config.pollInterval()));
  }

  TemplateSource(
      BitcoindConfig config,
      Network network,
      Clock clock,
      TemplateListener listener,
      SourceOptions options) {
    this.options = options;
    this.config = config;
    this.network = network;
    this.clock = clock;
    this.listener = listener;
    this.rpc = RpcClient.of(config);
    this.longPollRpc = RpcClient.of(config);
    this.node = new NodeQuestions(rpc, network, clock, options.weighsTips());
    this.check = new NodeCheck(rpc, network, config.isolated(), clock);
    this.longPoll =
        new LongPoll(
            longPollRpc,
            network,
            clock,
            node::epoch,
            answer -> hint(new Hint.Offer(answer)),
            () -> hint(new Hint.Look()));
    this.tips =
        config
            .zmqHashblock()
            .map(endpoint ->
                new TipSubscriber(
                    endpoint, hash -> hint(new Hint.Tip(hash)), () -> hint(new Hint.Look())));
    this.thread = Thread.ofVirtual().name("bitcoind-templates").unstarted(this::run);
    this.state =
        new NodeState(
            Kind.STARTING, "asking bitcoind at " + config.url(), List.of(), clock.instant());
  }

  /** Begins; returns at once. */
  public void start() {
    thread.start();
    if (options.longPolling()) {
      longPoll.start();
    }
    tips.ifPresent(TipSubscriber::start);
  }

  /** The node's state now. */
  public NodeState state() {
    return state;
  }

  /** The newest template, kept while the node is away. */
  public Optional<BlockTemplate> current() {
    return Optional.ofNullable(current);
  }

  /** The header of the tip the newest template builds on, where headers are asked for at all. */
  Optional<TipHeader> tip() {
    return node.tip();
  }

  /** Whether the node has told of a tip there is no work on yet. */
  boolean owesTemplate() {
    return announced != null;
  }

  /** How long a question to the node has been waiting for its answer, long polls excepted. */
  Duration waiting() {
    return node.waiting();
  }

  /** The node's address, fit for messages. */
  public String node() {
    return config.url().toString();
  }

  /** Ends all threads and calls within about 15 s at worst, mostly at once. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    longPoll.close();
    tips.ifPresent(TipSubscriber::close);
    if (thread.isAlive() && !thread.equals(Thread.currentThread())) {
      try {
        if (!thread.join(CLOSE_LIMIT)) {
          LOG.warn("the template thread did not end within {} s", CLOSE_LIMIT.toSeconds());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    rpc.close();
    longPollRpc.close();
  }

  private void hint(Hint hint) {
    var _ = hints.offer(hint);
  }

  private void run() {
    tell(state);
    while (!closed) {
      try {
        try {
          refresh();
          backoff.reset();
          follow();
        } catch (RpcException e) {
          throw NodeCheck.explain(e);
        } catch (TemplateRefusedException e) {
          throw new NotReadyException(kindOf(e), String.valueOf(e.getMessage()));
        } catch (NodeUnavailableException e) {
          throw new NotReadyException(
              e.kind() == NodeUnavailableException.Kind.LOGIN_REFUSED
                  ? Kind.LOGIN_REFUSED
                  : Kind.UNREACHABLE,
              String.valueOf(e.getMessage()));
        }
      } catch (NotReadyException e) {
        if (!closed) {
          longPoll.suspend();
          enter(e.kind(), e.text(), List.of());
          pause(e.kind() == Kind.WARMING_UP ? WARM_UP_PAUSE : backoff.pause());
        }
      } catch (InterruptedException e) {
        // Only close() interrupts; the loop looks.
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Checks the node, takes a template, and declares the node ready. */
  private void refresh()
      throws RpcException, NodeUnavailableException, TemplateRefusedException, NotReadyException {
    List<String> warnings = new ArrayList<>(check.check());
    BlockTemplate template = node.template();
    check.checkClock(template, warnings);
    deliver(template);
    enter(Kind.READY, "bitcoind at " + config.url() + " serves " + network.configName(), warnings);
  }

  /** Stays while all is well, until the next refresh is due. */
  private void follow()
      throws RpcException,
          NodeUnavailableException,
          TemplateRefusedException,
          InterruptedException {
    long refreshAt = System.nanoTime() + untilRefresh().toNanos();
    while (!closed) {
      long untilRefresh = refreshAt - System.nanoTime();
      if (untilRefresh <= 0) {
        return;
      }
      Hint hint =
          hints.poll(Math.min(untilRefresh, options.poll().toNanos()), TimeUnit.NANOSECONDS);
      long before = deliveries;
      switch (hint) {
        case Hint.Tip tip -> {
          if (!isTip(tip.hash())) {
            arrive(tip.hash());
          }
        }
        case Hint.Offer offer -> take(offer.answer());
        case Hint.Look _ -> look();
        case null -> look();
      }
      if (deliveries != before) {
        refreshAt = System.nanoTime() + untilRefresh().toNanos();
      }
    }
  }

  /** Shorter than usual where the template's target ends with a time. */
  private Duration untilRefresh() {
    BlockTemplate known = current;
    if (known == null || known.maxTime() == BlockTemplate.NO_MAX_TIME) {
      return config.refreshInterval();
    }
    Duration left = Duration.ofSeconds(known.maxTime() + 1 - known.timeAt(clock.instant()));
    // At the edge itself this machine's clock and the node's may differ by a moment.
    Duration atLeast = left.compareTo(EDGE_PAUSE) < 0 ? EDGE_PAUSE : left;
    return atLeast.compareTo(config.refreshInterval()) < 0 ? atLeast : config.refreshInterval();
  }

  /** The safety net: asks for the best block. */
  private void look()
      throws RpcException,
          NodeUnavailableException,
          TemplateRefusedException,
          InterruptedException {
    Hash256 best = node.best();
    if (!isTip(best)) {
      arrive(best);
    }
  }

  /** There is a new tip: takes its template, and bridges the time when that takes long. */
  private void arrive(Hash256 hash)
      throws RpcException,
          NodeUnavailableException,
          TemplateRefusedException,
          InterruptedException {
    announced = hash;
    BlockTemplate last = current;
    Optional<BlockTemplate> empty = Optional.empty();
    if (last != null && options.emptyFirst().isPositive()) {
      // Before the template: while the node makes that, it answers nothing else.
      empty = EmptyFirst.on(last, node.header(hash), clock.instant());
    }
    if (empty.isEmpty()) {
      deliver(node.template());
      return;
    }
    LateTemplate full = LateTemplate.begin(node::template);
    Optional<BlockTemplate> inTime = full.within(options.emptyFirst());
    if (inTime.isEmpty()) {
      tell(empty.get());
      LOG.info("{} is making the template on {}; miners have empty work", config.url(), hash);
    }
    deliver(inTime.isPresent() ? inTime.get() : full.await());
  }

  /**
   * A long poll's answer is delivered as it is when no own call overlapped it; else the node is
   * asked.
   */
  private void take(LongPoll.Answer answer)
      throws RpcException,
          NodeUnavailableException,
          TemplateRefusedException,
          InterruptedException {
    if (answer.epoch() % 2 == 0 && answer.epoch() == node.epoch()) {
      deliver(node.bound(answer.template()));
    } else if (!isTip(answer.template().previousBlock())) {
      look();
    }
  }

  private boolean isTip(Hash256 hash) {
    BlockTemplate known = current;
    return known != null && known.previousBlock().equals(hash);
  }

  private void deliver(BlockTemplate template) {
    current = template;
    deliveries++;
    longPoll.follow(template);
    tell(template);
  }

  private void tell(BlockTemplate template) {
    announced = null;
    BlockTemplate before = delivered;
    boolean newTip = before == null || !template.sameTip(before);
    delivered = template;
    try {
      listener.onTemplate(template, newTip);
    } catch (RuntimeException e) {
      LOG.error("a template at height {} was not taken", template.height(), e);
    }
  }

  private void enter(Kind kind, String said, List<String> warnings) {
    String text =
        said.contains(config.url().toString()) ? said : "bitcoind at " + config.url() + ": " + said;
    NodeState before = state;
    NodeState next =
        new NodeState(
            kind, text, warnings, kind == before.kind() ? before.since() : clock.instant());
    state = next;
    if (!next.saysTheSameAs(before)) {
      if (kind == Kind.READY) {
        LOG.info("{}", text);
      } else {
        LOG.warn("no new work from bitcoind: {}", text);
      }
      warnings.forEach(warning -> LOG.warn("{}", warning));
      tell(next);
    }
  }

  private void tell(NodeState next) {
    try {
      listener.onState(next);
    } catch (RuntimeException e) {
      LOG.error("the node's state {} was not taken", next.kind(), e);
    }
  }

  private void pause(Duration duration) {
    try {
      Thread.sleep(duration);
      hints.clear(); // What they hint at is asked for next anyway.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Kind kindOf(TemplateRefusedException refused) {
    return switch (refused.reason()) {
      case NOT_UNDERSTOOD -> Kind.REFUSED_TEMPLATE;
      case WRONG_CHAIN -> Kind.WRONG_CHAIN;
      case UNSUPPORTED_FORK -> Kind.UNSUPPORTED_FORK;
    };
  }
}
