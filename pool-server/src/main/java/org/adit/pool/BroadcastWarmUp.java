package org.adit.pool;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.adit.accounting.journal.ShareWriter;
import org.adit.hasher.Difficulty;
import org.adit.hasher.Hash256;
import org.adit.pool.bitcoind.BlockTemplate;
import org.adit.pool.mining.BanList;
import org.adit.pool.mining.BlockCandidate;
import org.adit.pool.mining.BlockCandidates;
import org.adit.pool.mining.ChannelContext;
import org.adit.pool.mining.DifficultyMemory;
import org.adit.pool.mining.ExtranonceSpace;
import org.adit.pool.mining.JobLifetimes;
import org.adit.pool.mining.PoolCounters;
import org.adit.pool.mining.Requirements;
import org.adit.pool.mining.ShareBatch;
import org.adit.pool.mining.ShareGate;
import org.adit.pool.mining.Worker;
import org.adit.pool.mining.WorkerDirectory;
import org.adit.pool.recall.SeatBook;
import org.adit.pool.stratum.AddressSet;
import org.adit.pool.stratum.ListenerSettings;
import org.adit.pool.stratum.SessionContext;
import org.adit.pool.stratum.SessionMemory;
import org.adit.pool.stratum.SessionSet;
import org.adit.pool.stratum.StratumLimits;
import org.adit.pool.stratum.StratumServer;
import org.adit.pool.work.JobBook;
import org.adit.pool.work.JobFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the way of a new block to the miners a thousand times before the first block comes, so that
 * the virtual machine has compiled it by then: a server of its own on a free port of the loopback
 * interface, some connections to it, and the template at hand sent over and over. Nothing of it is
 * counted, kept or paid; a failure is of no consequence.
 */
final class BroadcastWarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(BroadcastWarmUp.class);
  // Fewer than one address may open in a second.
  private static final int CONNECTIONS = 16;
  static final int ROUNDS = 1_000;
  private static final int LANE = 2_048;
  private static final String FILE = "warm-up.seats";
  private static final int PATIENCE_MILLIS = 5_000;
  private static final Duration REST = Duration.ofMinutes(20);
  private static final byte[] HELLO =
      """
      {"id":1,"method":"mining.subscribe","params":["adit-warm-up"]}
      {"id":2,"method":"mining.authorize","params":["warm-up","x"]}
      """
          .getBytes(StandardCharsets.US_ASCII);

  private final ShareWriter shares;
  private final Path folder;
  private final Clock clock;
  private final JobBook jobs;
  private volatile int rounds;

  /**
   * @param shares lends its lanes; nothing goes over them
   * @param folder for a file that is gone in the end
   */
  BroadcastWarmUp(ShareWriter shares, Path folder, Clock clock) {
    this.shares = shares;
    this.folder = folder;
    this.clock = clock;
    this.jobs =
        new JobBook(
            new JobFactory(
                PoolCoinbase.custodial(new byte[] {0x51}),
                "",
                0,
                new AtomicLong(1)::getAndIncrement,
                new AtomicInteger(1)::getAndIncrement,
                clock,
                job -> {}),
            clock);
  }

  /** Does it on a thread of its own. */
  Thread start(BlockTemplate template) {
    return Thread.ofPlatform().name("adit-broadcast-warm-up").daemon().start(() -> run(template));
  }

  /** Broadcasts that reached everybody. */
  int rounds() {
    return rounds;
  }

  private void run(BlockTemplate template) {
    long begun = System.nanoTime();
    try {
      // One name: what a process that died here has left is written over by the next.
      Path file = folder.resolve(FILE);
      try (SeatBook seats = SeatBook.begin(file, CONNECTIONS, List.of(), clock)) {
        jobs.accept(template);
        send(template, seats);
        LOG.debug("broadcast is warm after {} ms", (System.nanoTime() - begun) / 1_000_000);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("the broadcast was not warmed up", e);
    }
  }

  private void send(BlockTemplate template, SeatBook seats) throws IOException {
    List<Socket> miners = new ArrayList<>();
    try (StratumServer server =
        new StratumServer(
            Runtime.getRuntime().availableProcessors(),
            StratumLimits.DEFAULT,
            clock,
            loop -> context(loop, seats))) {
      InetSocketAddress address = server.listen(listener());
      for (int i = 0; i < CONNECTIONS; i++) {
        Socket miner = new Socket();
        miners.add(miner);
        miner.setSoTimeout(PATIENCE_MILLIS);
        miner.connect(address, PATIENCE_MILLIS);
        miner.getOutputStream().write(HELLO);
      }
      awaitLines(miners, 4); // two replies, a difficulty, a job
      for (int round = 0; round < ROUNDS; round++) {
        server.broadcast(jobs.accept(template));
        awaitLines(miners, 1);
        rounds = round + 1;
      }
    } finally {
      for (Socket miner : miners) {
        miner.close();
      }
    }
  }

  private static void awaitLines(List<Socket> miners, int lines) throws IOException {
    byte[] buffer = new byte[8_192];
    for (Socket miner : miners) {
      InputStream in = miner.getInputStream();
      int seen = 0;
      while (seen < lines) {
        int count = in.read(buffer);
        if (count < 0) {
          throw new IOException("the warm-up's own server hung up");
        }
        for (int i = 0; i < count; i++) {
          seen += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
  }

  private static ListenerSettings listener() {
    Difficulty one = Difficulty.of(1);
    return new ListenerSettings(
        InetAddress.getLoopbackAddress().getHostAddress(),
        0,
        one,
        one,
        one,
        false,
        1,
        true,
        false,
        Optional.empty(),
        Optional.empty(),
        AddressSet.parse(""));
  }

  private SessionContext context(Executor loop, SeatBook seats) {
    return new SessionContext(
        new ChannelContext(
            new ShareBatch(loop),
            new Requirements(),
            new ShareGate(shares, LANE, loop),
            new NoBlocks(),
            rejection -> {},
            new JobLifetimes(600_000, 60_000, 0, 64),
            new PoolCounters(),
            clock,
            loop),
        new Anybody(),
        new ExtranonceSpace(0, 1, REST, clock),
        jobs,
        StratumLimits.DEFAULT,
        0,
        false,
        new SessionMemory(clock),
        seats,
        new DifficultyMemory(clock),
        new BanList(clock),
        List.of(),
        new SessionSet(),
        new AtomicLong(1)::getAndIncrement);
  }

  /** Nobody submits anything here. */
  private static final class NoBlocks implements BlockCandidates {
    @Override
    public boolean hasRoom() {
      return true;
    }

    @Override
    public boolean found(BlockCandidate candidate, Runnable onDisk) {
      return false;
    }

    @Override
    public void journaled(Hash256 hash, long sequence) {}

    @Override
    public void notJournaled(Hash256 hash) {}
  }

  private static final class Anybody implements WorkerDirectory {
    @Override
    public String account(String accountOrAddress) {
      return accountOrAddress;
    }

    @Override
    public Optional<Worker> known(String account, String workerName) {
      return Optional.of(new Worker(account, workerName, 0));
    }

    @Override
    public CompletionStage<Worker> enlist(String account, String workerName) {
      return CompletableFuture.completedStage(new Worker(account, workerName, 0));
    }
  }
}
