package org.adit.pool.bitcoind;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.adit.config.BitcoindConfig;
import org.adit.config.FailoverConfig;
import org.adit.config.Network;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All bitcoinds of the pool, in order of preference. Every one is kept ready with a fresh template,
 * so that changing to another costs no question; the listener hears of one of them at a time, the
 * one {@link NodeChoice} takes. To the listener the pool of nodes is one node that hardly ever
 * fails.
 */
public final class NodePool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodePool.class);
  private static final long LOOK_MILLIS = 100;

  private final List<Member> members = new ArrayList<>();
  private final TemplateListener listener;
  private final FailoverConfig rules;
  private final Clock clock;
  private final NodeChoice choice;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("bitcoind-choice").factory());

  /** Guarded by this, like everything of the members that changes. */
  private volatile int inUse = -1;

  /**
   * Whether another node has, or had a moment ago, more work behind its tip than the one in use.
   */
  private volatile boolean outdone;

  private @Nullable BlockTemplate sent;
  private volatile NodeState state;

  /**
   * A pool of nodes; it starts with {@link #start()}.
   *
   * @param nodes at least one, the preferred one first
   * @param rules when another one is taken
   * @param emptyFirst how long a new tip's template may take before work without transactions goes
   *     out; zero: however long
   * @param network the chain they must be on
   * @param clock this machine's time
   * @param listener gets the templates of the node in use, and the state of all as one. Its calls
   *     come one after another.
   */
  public NodePool(
      List<BitcoindConfig> nodes,
      FailoverConfig rules,
      Duration emptyFirst,
      Network network,
      Clock clock,
      TemplateListener listener) {
    this.rules = rules;
    this.clock = clock;
    this.listener = listener;
    this.choice = new NodeChoice(nodes.size(), rules.comeback().toMillis(), nowMillis());
    boolean several = nodes.size() > 1;
    for (BitcoindConfig node : nodes) {
      Duration poll = node.pollInterval();
      Duration half = rules.silence().dividedBy(2);
      // A silent node is found out by a question it does not answer.
      Duration often = several && half.compareTo(poll) < 0 ? half : poll;
      members.add(
          new Member(
              node, network, new SourceOptions(true, several, emptyFirst, often), members.size()));
    }
    this.state = members.size() == 1 ? members.getFirst().state : together();
  }

  /** Begins; returns at once. */
  public void start() {
    tell(state);
    members.forEach(member -> member.source.start());
    if (members.size() > 1) {
      var _ =
          watch.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** The state of all nodes as one: ready when one of them serves. */
  public NodeState state() {
    return state;
  }

  /** Each node, in order of preference. */
  public synchronized List<NodeStatus> status() {
    BigInteger best = NodeChoice.bestWork(health(), nowMillis());
    return members.stream().map(member -> member.status(best)).toList();
  }

  /**
   * The nodes whose word about the chain counts now, by index: the one in use, then others that are
   * well and at the same work.
   */
  public synchronized List<Integer> wellInformed() {
    List<NodeChoice.Health> health = health();
    BigInteger best = NodeChoice.bestWork(health, nowMillis());
    List<Integer> indices = new ArrayList<>();
    if (inUse >= 0) {
      indices.add(inUse);
    }
    for (int i = 0; i < health.size(); i++) {
      if (i != inUse && health.get(i).well() && health.get(i).work().compareTo(best) >= 0) {
        indices.add(i);
      }
    }
    return indices;
  }

  /**
   * Asks the node in use what it would say to a block; see {@link BlockProposal#refusal}.
   *
   * @throws NodeException when it does not answer, or answers with an error
   */
  public Optional<String> refusal(byte[] block) throws NodeException {
    Member judge;
    synchronized (this) {
      judge = members.get(Math.max(0, inUse));
    }
    return judge.proposal.refusal(block);
  }

  /** Brings the newest template to the listener once more. */
  public synchronized void sendAgain() {
    if (inUse >= 0) {
      send(members.get(inUse));
    }
  }

  /**
   * Whether the tip is known to have moved on from what is mined: the node in use has told of
   * another one and gives no template for it, or a node had more work behind its tip.
   */
  public boolean tipMoved() {
    // Without the lock: asked by those whom this class calls with it.
    int index = inUse;
    return index >= 0 && (outdone || members.get(index).source.owesTemplate());
  }

  @Override
  public void close() {
    watch.shutdownNow();
    members.forEach(member -> member.source.close());
    members.forEach(member -> member.proposal.close());
  }

  private void look() {
    try {
      reconsider(null);
    } catch (RuntimeException e) {
      LOG.error("choosing a node failed", e);
    }
  }

  private static long nowMillis() {
    return System.nanoTime() / 1_000_000;
  }

  private List<NodeChoice.Health> health() {
    long now = nowMillis();
    return members.stream().map(member -> member.health(now)).toList();
  }

  /**
   * Chooses anew.
   *
   * @param fresh the node that has just brought a template; null when there is no new one
   */
  private synchronized void reconsider(@Nullable Member fresh) {
    List<NodeChoice.Health> health = health();
    int chosen = choice.choose(health, nowMillis());
    if (chosen >= 0 && chosen != inUse) {
      report(chosen);
      inUse = chosen;
      send(members.get(chosen));
    } else if (fresh != null && fresh.index == inUse) {
      send(fresh);
    }
    outdone =
        inUse >= 0
            && members.get(inUse).work.compareTo(NodeChoice.bestWork(health, nowMillis())) < 0;
    tellState();
  }

  private void report(int chosen) {
    if (members.size() > 1) {
      LOG.info("working with bitcoind at {}{}", members.get(chosen).source.node(), why(chosen));
    }
  }

  private String why(int chosen) {
    if (inUse < 0) {
      return "";
    }
    Member left = members.get(inUse);
    String reason =
        !left.serves
            ? left.state.text()
            : left.isSilent()
                ? "it does not answer"
                : chosen < inUse ? "the other is preferred" : "it is behind";
    return " instead of " + left.source.node() + ": " + reason;
  }

  private void send(Member member) {
    BlockTemplate template = member.template;
    if (template == null) {
      return;
    }
    BlockTemplate before = sent;
    sent = template;
    try {
      listener.onTemplate(template, before == null || !template.sameTip(before));
    } catch (RuntimeException e) {
      LOG.error("a template at height {} was not taken", template.height(), e);
    }
  }

  private void tellState() {
    NodeState before = state;
    NodeState now = members.size() == 1 ? members.getFirst().state : together();
    if (now.saysTheSameAs(before)) {
      return;
    }
    state =
        new NodeState(
            now.kind(),
            now.text(),
            now.warnings(),
            now.kind() == before.kind() ? before.since() : clock.instant());
    tell(state);
  }

  private void tell(NodeState now) {
    try {
      listener.onState(now);
    } catch (RuntimeException e) {
      LOG.error("the nodes' state {} was not taken", now.kind(), e);
    }
  }

  private NodeState together() {
    List<String> warnings = new ArrayList<>();
    if (inUse >= 0 && members.get(inUse).state.isReady()) {
      Member used = members.get(inUse);
      warnings.addAll(used.state.warnings());
      for (Member member : members) {
        if (member != used && !member.state.isReady()) {
          warnings.add("not used: " + member.state.text());
        }
      }
      return new NodeState(NodeState.Kind.READY, used.state.text(), warnings, clock.instant());
    }
    // One that may come back by itself says more than one that somebody has to mend.
    NodeState.Kind kind = members.getFirst().state.kind();
    List<String> words = new ArrayList<>();
    boolean temporary = false;
    for (Member member : members) {
      NodeState.Kind one =
          member.state.isReady() ? NodeState.Kind.UNREACHABLE : member.state.kind();
      boolean mends = !member.state.needsOperator() && one != NodeState.Kind.REFUSED_TEMPLATE;
      if (mends && !temporary) {
        temporary = true;
        kind = one;
      }
      words.add(member.words());
    }
    return new NodeState(kind, String.join("; ", words), warnings, clock.instant());
  }

  /** One node; hears what its source learns. */
  private final class Member implements TemplateListener {
    private final int index;
    private final TemplateSource source;
    private final BlockProposal proposal;
    private NodeState state;
    private @Nullable BlockTemplate template;
    private boolean serves;
    private long lastWellMillis = Long.MIN_VALUE / 2;
    private BigInteger work = BigInteger.ZERO;

    @SuppressWarnings("this-escape") // the source tells nothing before it is started
    Member(BitcoindConfig config, Network network, SourceOptions options, int index) {
      this.index = index;
      this.source = new TemplateSource(config, network, clock, this, options);
      this.proposal = new BlockProposal(config, network);
      this.state = source.state();
    }

    @Override
    public void onTemplate(BlockTemplate fresh, boolean newTip) {
      synchronized (NodePool.this) {
        template = fresh;
        serves = true;
        work = source.tip().map(TipHeader::chainWork).orElse(BigInteger.ZERO);
        reconsider(this);
      }
    }

    @Override
    public void onState(NodeState now) {
      synchronized (NodePool.this) {
        state = now;
        serves = now.isReady();
        reconsider(null);
      }
    }

    private boolean isSilent() {
      return members.size() > 1 && source.waiting().compareTo(rules.silence()) > 0;
    }

    private NodeChoice.Health health(long nowMillis) {
      boolean well = serves && !isSilent();
      if (well) {
        lastWellMillis = nowMillis;
      }
      return new NodeChoice.Health(
          state.kind() == NodeState.Kind.STARTING && template == null, well, lastWellMillis, work);
    }

    private String words() {
      if (!state.isReady()) {
        return state.text();
      }
      return "bitcoind at " + source.node() + (inUse < 0 ? " is ready" : " is behind");
    }

    private NodeStatus status(BigInteger best) {
      BlockTemplate known = template;
      return new NodeStatus(
          index + 1,
          source.node(),
          state,
          index == inUse,
          isSilent(),
          known != null && work.compareTo(best) < 0,
          Optional.ofNullable(known).map(BlockTemplate::previousBlock),
          known == null ? -1 : known.height() - 1,
          Optional.ofNullable(known).map(BlockTemplate::receivedAt));
    }
  }
}
