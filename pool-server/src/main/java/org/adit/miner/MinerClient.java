package org.adit.miner;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.hasher.HashEngine;
import org.adit.hasher.HashEngines;
import org.jspecify.annotations.Nullable;

/**
 * A CPU miner for one pool and one user. {@link #start} returns at once; the client connects,
 * mines, and comes back after each interruption with growing waits, until it is closed. It gives up
 * only when it never got in: after {@link MinerOptions#attempts} failed connections, or when the
 * pool refuses the user.
 */
public final class MinerClient implements AutoCloseable {
  /** How long {@link #close} waits for the answers to shares already sent. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  /** A connection that lived this long, or earned a share, was of use: the waits begin anew. */
  private static final Duration USEFUL = Duration.ofSeconds(30);

  private final MinerOptions options;
  private final MinerListener listener;
  private final HashEngine engine;
  private final LongSupplier nanoTime;
  private final BackOff backOff;
  private final WorkBoard board = new WorkBoard();
  private final LongAdder hashes = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final List<Thread> searchers = new CopyOnWriteArrayList<>();
  private volatile @Nullable Thread network;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Counters counters = new Counters();
  private volatile long startedNanos;
  private volatile long endedNanos;
  private volatile MinerState state = MinerState.NEW;
  private volatile @Nullable PoolConnection connection;
  private volatile @Nullable StratumSession session;
  private boolean tryConfigure = true;

  /** A client on the fastest engine of this machine. */
  public MinerClient(MinerOptions options, MinerListener listener) {
    this(
        options,
        listener,
        HashEngines.best(),
        System::nanoTime,
        () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * A client with everything given.
   *
   * @param nanoTime as {@link System#nanoTime}
   * @param random numbers from 0 to below 1, for the spread of reconnections
   */
  public MinerClient(
      MinerOptions options,
      MinerListener listener,
      HashEngine engine,
      LongSupplier nanoTime,
      DoubleSupplier random) {
    this.options = options;
    this.listener = listener;
    this.engine = engine;
    this.nanoTime = nanoTime;
    this.backOff =
        new BackOff(options.timing().backOffFirst(), options.timing().backOffMost(), random);
  }

  /** Counters that several threads write. */
  private static final class Counters {
    private boolean everAuthorized;
    private boolean useful;
    private long accepted;
    private long rejected;
    private final Map<Integer, Long> rejectsByCode = new TreeMap<>();
    private long unanswered;
    private long candidates;
    private long authorizations;
    private @Nullable Difficulty difficulty;
  }

  /**
   * Starts connecting and searching.
   *
   * @throws IllegalStateException when it was started before
   */
  public synchronized void start() {
    if (state != MinerState.NEW) {
      throw new IllegalStateException("a mining client can be started once");
    }
    startedNanos = nanoTime.getAsLong();
    enter(MinerState.CONNECTING, options.url().toString());
    network = Thread.ofPlatform().daemon().name("adit-miner-net").start(this::runNetwork);
    for (int i = 0; i < options.threads(); i++) {
      ScanThread scan =
          new ScanThread(board, engine.newScanner(), hashes, dropped, this::found, nanoTime);
      searchers.add(
          Thread.ofPlatform()
              .daemon()
              .name("adit-miner-scan-" + i)
              .uncaughtExceptionHandler((t, e) -> fail("a searching thread died: " + e))
              .start(scan));
    }
  }

  /** The counters now. */
  public MinerStats stats() {
    long until = ended.getCount() == 0 ? endedNanos : nanoTime.getAsLong();
    synchronized (counters) {
      return new MinerStats(
          state,
          counters.everAuthorized,
          state == MinerState.NEW ? 0 : until - startedNanos,
          hashes.sum(),
          counters.accepted,
          counters.rejected,
          counters.rejectsByCode,
          dropped.sum(),
          counters.unanswered,
          counters.candidates,
          Math.max(0, counters.authorizations - 1),
          Optional.ofNullable(counters.difficulty));
    }
  }

  /**
   * Waits for the end.
   *
   * @return whether it came in that time
   */
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Stops searching, waits shortly for the last answers, hangs up. May be called from any thread,
   * also twice.
   */
  @Override
  public void close() {
    board.close();
    closing.countDown();
    boolean interrupted = false;
    try {
      // The searching threads first: each may still hand in what it found before it looked up, and
      // a connection closed before would leave that share without its answer.
      joinSearchers(System.nanoTime() + LAST_ANSWERS.toNanos());
      long deadline = System.nanoTime() + LAST_ANSWERS.toNanos();
      StratumSession s = session;
      while (s != null
          && s.outstanding() > 0
          && s.end() == null
          && System.nanoTime() < deadline
          && !ended.await(5, TimeUnit.MILLISECONDS)) {
        s = session;
      }
      hangUp();
      Thread net = network;
      if (net != null && !net.equals(Thread.currentThread())) {
        net.join(LAST_ANSWERS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
      hangUp();
    }
    end(MinerState.CLOSED, "closed");
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void joinSearchers(long deadline) throws InterruptedException {
    for (Thread searcher : searchers) {
      if (!searcher.equals(Thread.currentThread())) {
        searcher.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      }
    }
  }

  private void hangUp() {
    PoolConnection c = connection;
    if (c != null) {
      c.close();
    }
  }

  private void runNetwork() {
    int port = options.url().port();
    try {
      while (!isClosing()) {
        SessionEnd end = connectAndRun(port);
        board.publish(null);
        port = options.url().port();
        if (isClosing()) {
          return;
        }
        if (end instanceof SessionEnd.Refused && !everAuthorized()) {
          fail(end.reason());
          return;
        }
        if (end instanceof SessionEnd.Retry) {
          enter(MinerState.CONNECTING, end.reason());
          continue;
        }
        Duration delay = delayAfter(end);
        if (!everAuthorized()
            && options.attempts() > 0
            && backOff.failures() >= options.attempts()) {
          fail(end.reason());
          return;
        }
        if (end instanceof SessionEnd.Reconnect reconnect) {
          port = reconnect.port();
        }
        enter(
            MinerState.CONNECTING, end.reason() + "; next attempt in " + delay.toMillis() + " ms");
        if (closing.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      fail("interrupted");
    } catch (RuntimeException e) {
      fail("the network thread died: " + e);
    }
  }

  private SessionEnd connectAndRun(int port) {
    try (PoolConnection c = new PoolConnection(nanoTime)) {
      connection = c;
      if (isClosing()) {
        return new SessionEnd.Lost("closed");
      }
      try {
        c.connect(options.url().host(), port, (int) options.timing().connect().toMillis());
      } catch (IOException e) {
        return new SessionEnd.Lost(
            "no connection to "
                + options.url()
                + ": "
                + Printable.of(String.valueOf(e.getMessage())));
      }
      StratumSession s = new StratumSession(options, tryConfigure, c::send, new SessionEvents());
      session = s;
      enter(MinerState.HANDSHAKE, "connected");
      long begun = nanoTime.getAsLong();
      SessionEnd end = c.run(s);
      if (s.isAuthorized() && nanoTime.getAsLong() - begun > USEFUL.toNanos()) {
        backOff.reset();
      }
      if (tryConfigure && s.diedOnConfigure() && end instanceof SessionEnd.Lost) {
        tryConfigure = false;
        return new SessionEnd.Retry("the pool hung up on mining.configure; trying without");
      }
      return end;
    } finally {
      session = null;
      connection = null;
    }
  }

  private Duration delayAfter(SessionEnd end) {
    synchronized (counters) {
      if (counters.useful) {
        counters.useful = false;
        backOff.reset();
      }
    }
    // The pool's own wait is honoured; without one the back-off keeps a pool that always says
    // "reconnect" from being
    // stormed.
    Duration delay = backOff.next();
    return end instanceof SessionEnd.Reconnect reconnect && !reconnect.delay().isZero()
        ? reconnect.delay()
        : delay;
  }

  private void found(MinerWork work, MinerWork.Unit unit, BlockHeader header, Hash256 hash)
      throws InterruptedException {
    StratumSession s = work.session();
    boolean block = work.networkTarget().map(t -> t.isMetBy(hash)).orElse(false);
    boolean sent =
        s.awaitSlot(() -> isClosing() || s.end() != null || !board.isCurrent(work))
            && s.submit(work, unit, header, nanoTime.getAsLong());
    if (!sent) {
      dropped.increment();
      return;
    }
    if (block) {
      synchronized (counters) {
        counters.candidates++;
      }
      listener.blockCandidate(hash);
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private boolean everAuthorized() {
    synchronized (counters) {
      return counters.everAuthorized;
    }
  }

  /** Changes the state, unless it is over. */
  private synchronized void enter(MinerState next, String reason) {
    if (state == MinerState.CLOSED || state == MinerState.FAILED) {
      return;
    }
    state = next;
    listener.stateChanged(next, reason);
  }

  private void fail(String reason) {
    board.close();
    hangUp();
    end(MinerState.FAILED, reason);
  }

  private synchronized void end(MinerState last, String reason) {
    if (ended.getCount() > 0) {
      endedNanos = nanoTime.getAsLong();
      closing.countDown();
      enter(last, reason);
      ended.countDown();
    }
  }

  /** What the session tells, as counters and as events of the listener. */
  private final class SessionEvents implements StratumSession.Events {
    @Override
    public void authorized() {
      synchronized (counters) {
        counters.everAuthorized = true;
        counters.authorizations++;
      }
      enter(MinerState.MINING, "authorized as " + Printable.of(options.user()));
    }

    @Override
    public void work(MinerWork work) {
      board.publish(work);
      boolean changed;
      synchronized (counters) {
        changed = !Objects.equals(work.difficulty(), counters.difficulty);
        counters.difficulty = work.difficulty();
      }
      if (changed) {
        listener.difficultyChanged(work.difficulty());
      }
      listener.jobReceived(Printable.of(work.job().id()), work.job().clean());
    }

    @Override
    public void accepted(Difficulty difficulty) {
      synchronized (counters) {
        counters.accepted++;
        counters.useful = true;
      }
      listener.shareAccepted(difficulty);
    }

    @Override
    public void rejected(int code, String text) {
      synchronized (counters) {
        counters.rejected++;
        boolean known =
            counters.rejectsByCode.containsKey(code)
                || counters.rejectsByCode.size() < MinerStats.MAX_CODES - 1;
        counters.rejectsByCode.merge(known ? code : 0, 1L, Long::sum);
      }
      listener.shareRejected(code, text);
    }

    @Override
    public void unanswered(int shares) {
      synchronized (counters) {
        counters.unanswered += shares;
      }
    }

    @Override
    public void message(String text) {
      listener.message(text);
    }
  }
}
