package org.adit.pool.bitcoind;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.adit.config.BitcoindConfig;
import org.adit.hasher.Hash256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands found blocks to one bitcoind and stays with each until the node has decided, over timeouts,
 * restarts and outages. Uses connections of its own, so that a block never waits behind other
 * calls.
 *
 * <p>Keep the block on disk until the report says that it is found or rejected: a future that is
 * cancelled, because the submitter was closed, decides nothing.
 */
public final class BlockSubmitter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockSubmitter.class);

  /**
   * How long a node that answers may stay undecided: it may be catching up with the block's parent.
   */
  private static final Duration UNDECIDED_LIMIT = Duration.ofMinutes(10);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  /**
   * Most blocks at the node at one time. A heap of them, left by an earlier run or found on a chain
   * without work, would else take all its RPC threads, and the pool would get no template.
   */
  private static final int MOST_CALLS = 4;

  private static final int PARENTS_REMEMBERED = 1_024;
  private static final int PARENT_OFFSET = 4;

  private final RpcClient rpc;
  private final Semaphore calls = new Semaphore(MOST_CALLS, true);
  private final Map<Hash256, Hash256> preferred =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Hash256, Hash256> eldest) {
              return size() > PARENTS_REMEMBERED;
            }
          });
  private final BlockWatcher watcher;
  private final Clock clock;
  private final Duration undecidedLimit;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * A submitter to one node.
   *
   * @param config the node
   * @param clock time of the report
   */
  public BlockSubmitter(BitcoindConfig config, Clock clock) {
    this(RpcClient.of(config), clock, UNDECIDED_LIMIT);
  }

  BlockSubmitter(RpcClient rpc, Clock clock, Duration undecidedLimit) {
    this.rpc = rpc;
    this.watcher = new BlockWatcher(rpc);
    this.clock = clock;
    this.undecidedLimit = undecidedLimit;
  }

  /**
   * Sends a block, at once and on a virtual thread of its own; never blocks the caller.
   *
   * @param hash the block's hash
   * @param block the whole block; must not change afterwards
   * @return completes with the node's verdict; is cancelled when the submitter is closed before
   *     there is one
   */
  public CompletableFuture<SubmitReport> submit(Hash256 hash, byte[] block) {
    return submit(hash, block, SubmitProgress.NONE);
  }

  /**
   * The same, with somebody who hears of each attempt. Cancelling the future gives the submission
   * up.
   */
  public CompletableFuture<SubmitReport> submit(
      Hash256 hash, byte[] block, SubmitProgress progress) {
    CompletableFuture<SubmitReport> report = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name("submit-" + hash.toDisplayHex())
            .unstarted(() -> {
              try {
                report.complete(untilDecided(hash, block, progress));
              } catch (InterruptedException e) {
                report.cancel(false);
              } catch (RuntimeException | Error e) {
                report.completeExceptionally(e);
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
    threads.add(thread);
    thread.start();
    var _ =
        report.whenComplete((end, problem) -> {
          if (report.isCancelled()) {
            thread.interrupt();
          }
        });
    if (closed) {
      thread.interrupt();
    }
    return report;
  }

  /** Gives up what is undecided, within about 5 s. */
  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      thread.interrupt();
    }
    long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
    try {
      for (Thread thread : threads) {
        var _ = thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    rpc.close();
  }

  private SubmitReport untilDecided(Hash256 hash, byte[] block, SubmitProgress progress)
      throws InterruptedException {
    Backoff backoff = new Backoff();
    Instant firstSentAt = clock.instant();
    long undecidedSince = -1;
    for (int attempts = 1; ; attempts++) {
      if (closed) {
        throw new InterruptedException("closed");
      }
      calls.acquire();
      try {
        progress.sent(attempts);
        SubmitVerdict verdict = send(block);
        Instant verdictAt = clock.instant();
        if (verdict.isFinal() || undecidedTooLong(undecidedSince)) {
          LOG.info("block {}: {} after {} attempts", hash, verdict, attempts);
          Optional<BlockStanding> standing = settle(hash, block, verdict);
          progress.decided(attempts, verdict.words() + standing.map(BlockSubmitter::at).orElse(""));
          return new SubmitReport(hash, verdict, attempts, firstSentAt, verdictAt, standing);
        }
        progress.answered(attempts, verdict.words());
        undecidedSince = undecidedSince < 0 ? System.nanoTime() : undecidedSince;
        LOG.warn("block {} is undecided, sending it again: {}", hash, verdict);
      } catch (NodeUnavailableException e) {
        // Whether it arrived is unknown. Repeating is harmless: a block taken before comes back as
        // "duplicate".
        LOG.warn("block {} got no verdict, sending it again: {}", hash, e.getMessage());
        progress.answered(attempts, String.valueOf(e.getMessage()));
      } finally {
        calls.release();
      }
      Thread.sleep(backoff.pause());
    }
  }

  private boolean undecidedTooLong(long undecidedSince) {
    return undecidedSince >= 0 && System.nanoTime() - undecidedSince > undecidedLimit.toNanos();
  }

  private static String at(BlockStanding standing) {
    return switch (standing) {
      case BlockStanding.InChain in -> ", in the chain at height " + in.height();
      case BlockStanding.OffChain off -> ", beside the chain at height " + off.height();
      case BlockStanding.Unknown _ -> "";
    };
  }

  private SubmitVerdict send(byte[] block) throws NodeUnavailableException {
    try {
      // Written anew each time: a block may wait long for a node, and text takes twice its room.
      return SubmitVerdict.ofResult(rpc.call("submitblock", HexFormat.of().formatHex(block)));
    } catch (RpcException e) {
      return SubmitVerdict.ofError(e);
    }
  }

  /**
   * For a found block: asks the node to prefer it over a rival of equal work, then where it stands.
   * Between two blocks of our own the first stays preferred: the network has heard of it first.
   */
  private Optional<BlockStanding> settle(Hash256 hash, byte[] block, SubmitVerdict verdict) {
    if (!verdict.isFound()) {
      return Optional.empty();
    }
    try {
      try {
        Hash256 first = preferred.putIfAbsent(Hash256.ofWire(block, PARENT_OFFSET), hash);
        if (first == null || first.equals(hash)) {
          rpc.call("preciousblock", hash.toDisplayHex());
        }
      } catch (RpcException e) {
        LOG.warn("block {}: {}", hash, e.getMessage());
      }
      return Optional.of(watcher.standing(hash));
    } catch (NodeException e) {
      LOG.warn("block {} is found, but where it stands is not known yet: {}", hash, e.getMessage());
      return Optional.empty();
    }
  }
}
