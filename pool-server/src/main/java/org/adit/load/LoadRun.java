package org.adit.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.adit.hasher.HashEngines;
import org.jspecify.annotations.Nullable;

/** One load run: connect, find shares in advance, warm up, measure, report. Used once. */
public final class LoadRun {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long HOARD_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LAST_ANSWERS_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long POLL_NANOS = 5_000_000;
  private static final int MOST_SECONDS_AHEAD = 90;
  private static final int HOARD_CLOSED_LOOP = 60_000;
  private static final int CHURN_RETRY_MILLIS = 100;

  private final LoadOptions options;
  private final LoadProgress progress;
  private final @Nullable BlockSource source;
  private final Tally tally = new Tally();
  private final BlockTimes blocks;
  private final TipNews news = new TipNews();
  private final Map<LoadConnection, Boolean> alive = new ConcurrentHashMap<>();
  private final AtomicInteger ready = new AtomicInteger();
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicBoolean stopSearch = new AtomicBoolean();
  private volatile boolean sending;
  private volatile boolean finished;
  private @Nullable Connector connector;

  /**
   * @param source makes blocks; null for none
   */
  public LoadRun(LoadOptions options, LoadProgress progress, @Nullable BlockSource source) {
    this.options = options;
    this.progress = progress;
    this.source = source;
    this.blocks = new BlockTimes(options.connections());
  }

  /**
   * Does it all; takes as long as the options say and some seconds more.
   *
   * @throws LoadException when no connection gets work, or the named process cannot be read
   */
  public LoadReport run() throws LoadException, InterruptedException {
    ProcessReader process =
        options.pid().isPresent() ? new ProcessReader(options.pid().getAsLong()) : null;
    long residentBefore = process == null ? 0 : process.residentBytes();
    List<Thread> searchers = new ArrayList<>();
    try (Connector opened = new Connector(options)) {
      connector = opened;
      if (options.mode() == LoadMode.CHURN) {
        startChurn(opened);
      } else {
        connectAll();
      }
      long residentConnected = process == null ? 0 : process.residentBytes();
      int connected = ready.get();
      if (options.mode() == LoadMode.SHARES) {
        hoard(searchers);
        startSending();
      }
      Measured measured = measure(process);
      sending = false;
      awaitAnswers();
      finished = true;
      alive.keySet().forEach(LoadConnection::countUnanswered);
      return report(connected, residentBefore, residentConnected, measured);
    } finally {
      finished = true;
      sending = false;
      stopSearch.set(true);
      for (Thread searcher : searchers) {
        searcher.join();
      }
    }
  }

  Tally tally() {
    return tally;
  }

  BlockTimes blocks() {
    return blocks;
  }

  TipNews news() {
    return news;
  }

  boolean sending() {
    return sending;
  }

  // ---- what connections tell; on their event loops ----

  void working(LoadConnection connection, long now) {
    ready.incrementAndGet();
    if (options.mode() == LoadMode.CHURN) {
      tally.session(connection.dueNanos(), now);
      connection.leave();
    }
  }

  void ended(LoadConnection connection, boolean worked, boolean wanted) {
    alive.remove(connection);
    ended.incrementAndGet();
    if (worked) {
      ready.decrementAndGet();
    }
    if (!finished && !wanted) {
      tally.dropped();
      if (!worked) {
        tally.failure("the pool closed it before the first job");
      }
    }
    if (options.mode() == LoadMode.CHURN && !finished && options.closedLoop()) {
      open(System.nanoTime());
    }
  }

  void answered(LoadConnection connection) {
    if (options.closedLoop() && sending) {
      long now = System.nanoTime();
      if (!connection.send(now)) {
        tally.starved(now);
      }
    }
  }

  // ---- phases ----

  private void open(long dueNanos) {
    Connector opener = connector;
    if (opener == null) {
      return;
    }
    LoadConnection connection =
        new LoadConnection(this, options, attempts.getAndIncrement(), dueNanos);
    alive.put(connection, true);
    opener.open(
        connection,
        why -> {
          alive.remove(connection);
          ended.incrementAndGet();
          if (!finished) {
            tally.failure(why);
            retryChurn(opener);
          }
        });
  }

  private void retryChurn(Connector opener) {
    if (options.mode() == LoadMode.CHURN && options.closedLoop()) {
      var _ =
          opener
              .loops()
              .schedule(() -> open(System.nanoTime()), CHURN_RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void connectAll() throws LoadException {
    progress.phase("connecting " + options.connections() + " to " + options.target());
    long begun = System.nanoTime();
    for (int i = 0; i < options.connections(); i++) {
      if (options.connectsPerSecond() > 0) {
        sleepUntil(begun + (long) (i * 1e9 / options.connectsPerSecond()));
      }
      open(System.nanoTime());
    }
    long last = System.nanoTime();
    while (ready.get() + ended.get() < options.connections()
        && System.nanoTime() - last < PATIENCE_NANOS) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    int waiting = options.connections() - ready.get() - ended.get();
    for (int i = 0; i < waiting; i++) {
      tally.failure("got no work in " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s");
    }
    if (ready.get() == 0) {
      throw new LoadException("no connection got work: " + tally.failures());
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    progress.phase("%d connected in %.1f s".formatted(ready.get(), seconds));
    if (source != null) {
      blocks.open();
    }
  }

  private void startChurn(Connector opener) {
    progress.phase("sessions with " + options.target());
    if (options.closedLoop()) {
      for (int i = 0; i < options.connections(); i++) {
        open(System.nanoTime());
      }
      return;
    }
    long stepNanos = (long) (1e9 / options.rate());
    Thread pace =
        new Thread(
            () -> {
              long due = System.nanoTime();
              while (!finished) {
                sleepUntil(due);
                if (attempts.get() - ended.get() < options.connections()) {
                  open(due);
                } else {
                  tally.starved(due);
                }
                due += stepNanos;
              }
            },
            "load-pace");
    pace.setDaemon(true);
    pace.start();
    if (opener.loops().isShutdown()) {
      throw new IllegalStateException("closed too early");
    }
  }

  private void hoard(List<Thread> searchers) throws LoadException, InterruptedException {
    List<LoadConnection> all = new ArrayList<>(alive.keySet());
    double perSecond = options.closedLoop() ? HOARD_CLOSED_LOOP : options.rate();
    // A long run meets new jobs, which void what was found: a minute's worth is enough.
    int ahead = Math.min(options.warmUpSeconds() + options.seconds(), MOST_SECONDS_AHEAD);
    int each = (int) Math.ceil(perSecond * ahead / all.size()) + 16;
    progress.phase("finding " + (long) each * all.size() + " shares in advance");
    all.forEach(connection -> connection.stock().want(each));
    for (int i = 0; i < options.searchers(); i++) {
      List<LoadConnection> mine = new ArrayList<>();
      for (int c = i; c < all.size(); c += options.searchers()) {
        mine.add(all.get(c));
      }
      Thread searcher = new Thread(new ShareSearch(mine, stopSearch), "load-search-" + i);
      searcher.setDaemon(true);
      searcher.start();
      searchers.add(searcher);
    }
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < HOARD_NANOS
        && all.stream().anyMatch(connection -> connection.stock().missing() > 0)) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    // Searching goes on while it is measured only when the stock runs low: it takes time from both.
    all.forEach(connection -> connection.stock().want(each / 4));
    // The engine's trial of itself would be measured else.
    HashEngines.awaitChoice(HOARD_NANOS / 1_000_000);
    long found = all.stream().mapToLong(connection -> connection.stock().level()).sum();
    progress.phase("%d shares found in %.1f s".formatted(found, (System.nanoTime() - begun) / 1e9));
    if (found == 0) {
      throw new LoadException(
          "no share was found in a minute: the pool's difficulty is too high for this machine"
              + " (a password such as d=0.000001 asks some pools for less)");
    }
  }

  private void startSending() throws LoadException {
    Connector opener = connector;
    if (opener == null) {
      throw new LoadException("not connected");
    }
    sending = true;
    if (options.closedLoop()) {
      alive
          .keySet()
          .forEach(connection ->
              connection.onLoop(() -> {
                for (int i = 0; i < options.window(); i++) {
                  connection.send(System.nanoTime());
                }
                connection.flush();
              }));
      return;
    }
    Map<io.netty.channel.EventLoop, List<LoadConnection>> byLoop = new ConcurrentHashMap<>();
    for (LoadConnection connection : alive.keySet()) {
      connection
          .loop()
          .ifPresent(
              loop -> byLoop.computeIfAbsent(loop, key -> new ArrayList<>()).add(connection));
    }
    int all = byLoop.values().stream().mapToInt(List::size).sum();
    byLoop.forEach(
        (loop, mine) -> new Pacer(this, loop, mine, options.rate() * mine.size() / all).start());
  }

  private record Measured(double seconds, double cpuSeconds, long residentBytes, double ownCpu) {}

  private Measured measure(@Nullable ProcessReader process) throws LoadException {
    progress.phase("warming up for " + options.warmUpSeconds() + " s");
    sleepUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(options.warmUpSeconds()));
    progress.phase("measuring for " + options.seconds() + " s");
    blocks.open();
    double cpuBegin = process == null ? 0 : process.cpuSeconds();
    double ownBegin = ownCpuSeconds();
    long begun = System.nanoTime();
    tally.open(begun);
    long done = 0;
    for (int second = 1; second <= options.seconds(); second++) {
      if (source != null && second % options.blockEverySeconds() == 0) {
        submitBlock(source);
      }
      sleepUntil(begun + TimeUnit.SECONDS.toNanos(second));
      long now = tally.accepted.sum() + tally.sessions.sum();
      progress.second(ready.get(), now, now - done, tally.rejectedTotal());
      done = now;
    }
    long end = System.nanoTime();
    tally.shut(end);
    return new Measured(
        (end - begun) / 1e9,
        process == null ? 0 : process.cpuSeconds() - cpuBegin,
        process == null ? 0 : process.residentBytes(),
        ownCpuSeconds() - ownBegin);
  }

  private void submitBlock(BlockSource from) throws LoadException {
    BlockSource.Prepared block = from.prepare();
    blocks.submitted(block.stratumHash(), System.nanoTime());
    block.submit();
  }

  private void awaitAnswers() {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < LAST_ANSWERS_NANOS
        && (news.isUndecided(System.nanoTime())
            || alive.keySet().stream().anyMatch(connection -> connection.outstanding() > 0))) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private LoadReport report(
      int connected, long residentBefore, long residentConnected, Measured measured) {
    Optional<LoadReport.ProcessUse> use =
        options.pid().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new LoadReport.ProcessUse(
                    measured.cpuSeconds(),
                    residentBefore,
                    residentConnected,
                    measured.residentBytes()));
    return new LoadReport(
        options.mode(),
        options.connections(),
        connected,
        tally.failures(),
        tally.dropped.sum(),
        measured.seconds(),
        tally.sent.sum(),
        tally.accepted.sum(),
        tally.acknowledged.sum(),
        tally.rejections(news.unexplained()),
        tally.unanswered.sum(),
        tally.starved.sum(),
        tally.latency(),
        tally.sessions.sum(),
        tally.sessionLatency(),
        blocks.travels(),
        use,
        measured.ownCpu());
  }

  private static double ownCpuSeconds() {
    return ProcessHandle.current()
            .info()
            .totalCpuDuration()
            .map(java.time.Duration::toNanos)
            .orElse(0L)
        / 1e9;
  }

  private static void sleepUntil(long nanos) {
    long left = nanos - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = nanos - System.nanoTime();
    }
  }
}
