package org.adit.pool.demo;

import java.io.IOException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.adit.config.Network;
import org.adit.hasher.BlockHeader;
import org.adit.hasher.HashEngines;
import org.adit.hasher.HeaderScanner;
import org.adit.pool.bitcoind.BlockTemplateParser;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.bitcoind.RpcClient;
import org.adit.pool.bitcoind.TemplateRefusedException;
import org.adit.pool.work.CoinbasePolicy;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.adit.pool.work.MiningJob;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Mines the first blocks of a private chain straight to a wallet, so that there are coins to spend.
 * Makes blocks with the pool's own code, because a signet node has no quick miner of its own.
 */
public final class ChainPrimer {
  /** Told after each block: how many of how many. */
  public interface Progress {
    /** {@code done} of {@code wanted} blocks are mined. */
    void mined(int done, int wanted);
  }

  private static final int VERSION_MASK = 0x1fffe000;
  private static final long SLICE = 1L << 20;

  private final RpcClient rpc;
  private final Network network;
  private final int threads;
  private final Clock clock;
  private final JobBook jobs;

  /**
   * @param rpc the node
   * @param network its chain
   * @param payoutScript who gets the coins
   * @param threads to search with
   * @param clock wall clock
   */
  public ChainPrimer(
      RpcClient rpc, Network network, byte[] payoutScript, int threads, Clock clock) {
    this.rpc = rpc;
    this.network = network;
    this.threads = threads;
    this.clock = clock;
    AtomicInteger salts = new AtomicInteger();
    this.jobs =
        new JobBook(
            new JobFactory(
                CoinbasePolicy.toOne(payoutScript),
                "/Adit demo/",
                VERSION_MASK,
                new AtomicLong(1)::getAndIncrement,
                salts::getAndIncrement,
                clock,
                job -> {}),
            clock);
  }

  /** Mines blocks, one after the other. */
  public void mine(int blocks, Progress progress)
      throws NodeException, TemplateRefusedException, IOException, InterruptedException {
    BlockTemplateParser parser = new BlockTemplateParser(network);
    ExecutorService searchers =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
    try {
      for (int done = 0; done < blocks; ) {
        JsonNode answer =
            rpc.call(
                "getblocktemplate",
                java.util.Map.of("rules", BlockTemplateParser.rulesToAskFor(network)));
        MiningJob job = jobs.accept(parser.parse(answer, clock.instant())).freshJobFor("");
        byte[] block = search(job, searchers);
        JsonNode verdict = rpc.call("submitblock", HexFormat.of().formatHex(block));
        if (!verdict.isNull()) {
          throw new IOException("the node refused a block of the demo: " + verdict);
        }
        progress.mined(++done, blocks);
      }
    } finally {
      searchers.shutdownNow();
    }
  }

  /** Each thread searches its own extranonces. */
  private byte[] search(MiningJob job, ExecutorService searchers)
      throws InterruptedException, IOException {
    AtomicBoolean found = new AtomicBoolean();
    AtomicReference<byte @Nullable []> block = new AtomicReference<>();
    List<Callable<Void>> searches =
        java.util.stream.IntStream.range(0, threads)
            .<Callable<Void>>mapToObj(thread ->
                () -> {
                  search(job, (byte) thread, found, block);
                  return null;
                })
            .toList();
    try {
      for (Future<Void> search : searchers.invokeAll(searches)) {
        search.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("searching failed", e);
    }
    byte[] result = block.get();
    if (result == null) {
      throw new IOException("no block was found");
    }
    return result;
  }

  private static void search(
      MiningJob job, byte thread, AtomicBoolean found, AtomicReference<byte @Nullable []> block) {
    HeaderScanner scanner = HashEngines.best().newScanner();
    byte[] extranonce = new byte[12];
    extranonce[0] = thread;
    BlockHeader start = job.header(extranonce, job.version(), (int) job.time(), 0);
    scanner.prepare(start.toBytes(), job.versionMask(), job.networkTarget());
    int nonce = 0;
    while (!found.get() && !Thread.currentThread().isInterrupted()) {
      scanner.scan(
          nonce,
          SLICE,
          (version, hit) -> {
            if (found.compareAndSet(false, true)) {
              BlockHeader header =
                  new BlockHeader(
                      version,
                      start.previous(),
                      start.merkleRoot(),
                      start.time(),
                      start.bits(),
                      hit);
              block.set(job.assembleBlock(header.toBytes(), extranonce));
            }
          },
          found::get);
      nonce += (int) SLICE;
    }
  }
}
