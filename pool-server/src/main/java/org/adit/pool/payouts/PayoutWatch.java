package org.adit.pool.payouts;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.adit.accounting.InvariantReport;
import org.adit.accounting.MoneyBooks;
import org.adit.config.BitcoindConfig;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool's own eye on the money while it runs: checks the ledger's invariants, compares it with
 * the wallet, and follows payouts. It never starts one: that is the operator's decision.
 */
public final class PayoutWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PayoutWatch.class);
  private static final Duration CHECK_EVERY = Duration.ofMinutes(5);
  private static final Duration FOLLOW_EVERY = Duration.ofMinutes(1);

  /** A block the node has and the books not yet looks like missing coins, but not for long. */
  private static final int SHORT_LOOKS = 3;

  private final MoneyBooks books;
  private final Clock clock;
  private final @Nullable RpcClient node;
  private final @Nullable PayoutDesk desk;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final ExecutorService task =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("payout-watch").factory());

  private volatile PayoutStatus status = new PayoutStatus(null, null, null);
  private volatile long lastLookMillis = Long.MIN_VALUE;
  private volatile long lastCheckMillis = Long.MIN_VALUE;
  private int shortLooks;

  /** A watch that follows payouts when a wallet is set, and checks the ledger in any case. */
  public PayoutWatch(
      Path dataDir,
      MoneyBooks books,
      BitcoindConfig bitcoind,
      PayoutSettings settings,
      Clock clock) {
    this.books = books;
    this.clock = clock;
    PayoutDesk made = null;
    RpcClient client = null;
    if (settings.wallet().name().isPresent()) {
      client = RpcClient.of(bitcoind);
      try {
        made =
            new PayoutDesk(
                dataDir,
                books,
                client,
                settings,
                clock,
                () -> {
                  throw new IllegalStateException("the watch starts no payout");
                });
      } catch (PayoutException e) {
        throw new IllegalStateException("a wallet is set", e);
      }
    }
    this.node = client;
    this.desk = made;
  }

  /** How paying out is doing. */
  public PayoutStatus status() {
    return status;
  }

  /** Time passes; call about once a second. Returns at once. */
  public void tick() {
    if (clock.millis() - lastLookMillis >= FOLLOW_EVERY.toMillis()
        || lastLookMillis == Long.MIN_VALUE) {
      look();
    }
  }

  /** The chain has a new tip. Returns at once; several calls are joined. */
  public void look() {
    if (!task.isShutdown() && wanted.compareAndSet(false, true)) {
      task.execute(this::lookNow);
    }
  }

  /** Looks and returns when everything the node says is booked. */
  public synchronized void lookNow() {
    wanted.set(false);
    lastLookMillis = clock.millis();
    try {
      InvariantReport invariants = status.invariants();
      if (lastCheckMillis == Long.MIN_VALUE
          || clock.millis() - lastCheckMillis >= CHECK_EVERY.toMillis()) {
        lastCheckMillis = clock.millis();
        invariants = books.checkInvariants();
      }
      publish(followed(invariants));
    } catch (RuntimeException e) {
      LOG.error("the watch over payouts failed; it looks again in a minute", e);
    }
  }

  private PayoutStatus followed(@Nullable InvariantReport invariants) {
    PayoutDesk follower = desk;
    if (follower == null) {
      return new PayoutStatus(invariants, null, null);
    }
    try {
      follower.follow();
      WalletState wallet = follower.walletState();
      shortLooks = wallet.holds() ? 0 : shortLooks + 1;
      return new PayoutStatus(
          invariants,
          wallet,
          shortLooks < SHORT_LOOKS
              ? null
              : "I4: the wallet holds "
                  + wallet.walletSat()
                  + " sat, the books say "
                  + wallet.expectedSat());
    } catch (PayoutException | NodeException | IOException e) {
      return new PayoutStatus(invariants, null, String.valueOf(e.getMessage()));
    }
  }

  private void publish(PayoutStatus now) {
    String problem = now.problem();
    if (problem != null && !Objects.equals(problem, status.problem())) {
      LOG.error("PAYOUTS: {}", problem);
    } else if (problem == null && status.problem() != null) {
      LOG.info("payouts: the wallet can be used again");
    }
    status = now;
  }

  @Override
  public void close() {
    task.shutdownNow();
    RpcClient client = node;
    if (client != null) {
      client.close();
    }
  }
}
