package org.adit.pool.bitcoind;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.adit.config.Network;
import org.adit.hasher.Hash256;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Keeps one {@code getblocktemplate} call with {@code longpollid} (BIP 22) waiting at the node,
 * which answers at once when the tip changes and after a minute or more when only the mempool did.
 *
 * <p>A call given up still occupies one of the node's RPC threads until the next block, so calls
 * are given up only when the node is lost.
 */
final class LongPoll implements AutoCloseable {
  /** A quiet regtest node never answers; this only bounds what a lost connection can cost. */
  private static final Duration LIMIT = Duration.ofMinutes(30);

  /** An answer sooner than this on the same tip means that the node does not really wait. */
  private static final Duration TOO_SOON = Duration.ofSeconds(1);

  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  /**
   * An answer of the node.
   *
   * @param template as checked
   * @param epoch of the source's own calls when the answer came, to tell which is newer
   */
  record Answer(BlockTemplate template, long epoch) {}

  private final RpcClient rpc;
  private final Network network;
  private final BlockTemplateParser parser;
  private final Clock clock;
  private final LongSupplier epoch;
  private final Consumer<Answer> onAnswer;
  private final Runnable onOddAnswer;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable BlockTemplate waitOn;
  private boolean waitingAtNode;
  private volatile boolean closed;

  LongPoll(
      RpcClient rpc,
      Network network,
      Clock clock,
      LongSupplier epoch,
      Consumer<Answer> onAnswer,
      Runnable onOddAnswer) {
    this.rpc = rpc;
    this.network = network;
    this.parser = new BlockTemplateParser(network);
    this.clock = clock;
    this.epoch = epoch;
    this.onAnswer = onAnswer;
    this.onOddAnswer = onOddAnswer;
    this.thread = Thread.ofVirtual().name("bitcoind-longpoll").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The source has this template now: the next call waits for what follows it. */
  void follow(BlockTemplate template) {
    lock.lock();
    try {
      waitOn = template;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The node is lost: gives up the call, if there is one, until {@link #follow} is called. */
  void suspend() {
    lock.lock();
    try {
      waitOn = null;
      if (waitingAtNode) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (!closed) {
      try {
        BlockTemplate known = next();
        long began = System.nanoTime();
        @Nullable Hash256 tip = ask(known);
        boolean tooSoon =
            System.nanoTime() - began < TOO_SOON.toNanos()
                && Objects.equals(tip, known.previousBlock());
        if (tip == null || tooSoon) {
          Thread.sleep(PAUSE);
        }
      } catch (InterruptedException e) {
        // Suspended, or closed: the loop looks.
      }
    }
  }

  private BlockTemplate next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      BlockTemplate known = waitOn;
      while (known == null) {
        changed.await();
        known = waitOn;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /** Waits at the node; the tip of its answer, or null when there was none. */
  private @Nullable Hash256 ask(BlockTemplate known) throws InterruptedException {
    Map<String, Object> request =
        Map.of(
            "rules", BlockTemplateParser.rulesToAskFor(network),
            "capabilities", List.of("longpoll"),
            "longpollid", known.longPollId());
    waiting(true);
    JsonNode answer;
    try {
      answer = rpc.call(LIMIT, "getblocktemplate", request);
    } catch (NodeException e) {
      onOddAnswer.run(); // The source asks itself, and says what is wrong.
      return null;
    } finally {
      waiting(false);
    }
    long epochThen = epoch.getAsLong();
    Instant receivedAt = clock.instant();
    try {
      BlockTemplate template = parser.parse(answer, receivedAt);
      onAnswer.accept(new Answer(template, epochThen));
      return template.previousBlock();
    } catch (TemplateRefusedException e) {
      onOddAnswer.run();
      return null;
    }
  }

  private void waiting(boolean now) throws InterruptedException {
    lock.lock();
    try {
      waitingAtNode = now;
      // An interrupt from suspend() belongs to the call that just ended.
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (thread.isAlive() && !thread.equals(Thread.currentThread())) {
      try {
        var _ = thread.join(CLOSE_LIMIT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
