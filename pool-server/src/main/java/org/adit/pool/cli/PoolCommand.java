package org.adit.pool.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.adit.config.ConfigException;
import org.adit.config.ConfigLoader;
import org.adit.config.ConfigProblem;
import org.adit.config.LoadedConfig;
import org.adit.pool.PoolNode;
import org.adit.pool.SettingsCheck;
import org.adit.pool.bitcoind.NodeState;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.mining.BlockCandidate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code adit pool}. */
@Command(
    name = "pool",
    description = {
      "Runs the pool until it is told to stop (Ctrl-C, SIGTERM). It waits for a node that is down or",
      "starting, and ends when node and settings contradict each other."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "130, 143:It was told to stop, by Ctrl-C or SIGTERM.",
      "1:Settings, data folder or node do not allow it to run; the message says why.",
      "2:Wrong arguments."
    })
final class PoolCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(PoolCommand.class);
  private static final long CHECK_MILLIS = 500;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "Configuration file (TOML); examples are in config/profiles.")
  private Path config = Path.of("");

  @Override
  public Integer call() throws Exception {
    LoadedConfig loaded = ConfigLoader.load(config);
    List<ConfigProblem> problems = SettingsCheck.run(loaded);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    Logs.apply(loaded.config().log());
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.countDown();
                  awaitQuietly(stopped);
                },
                "pool-stop"));
    try (PoolNode pool =
        new PoolNode(loaded.config(), Clock.systemUTC(), new SecureRandom(), new LoggedBlocks())) {
      runUntil(pool, stop);
      LOG.info("stopping");
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  private static void runUntil(PoolNode pool, CountDownLatch stop)
      throws InterruptedException, CommandFailure {
    boolean everReady = false;
    while (!stop.await(CHECK_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS)) {
      NodeState state = pool.nodeState();
      everReady |= state.isReady();
      if (!everReady && state.needsOperator()) {
        throw new CommandFailure(1, state.text());
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class LoggedBlocks implements BlockListener {
    @Override
    public void booked(BlockCandidate block) {
      LOG.info(
          "block {} at height {} booked: {} sat subsidy, {} sat fees",
          block.hash().toDisplayHex(),
          block.height(),
          block.subsidySat(),
          block.feesSat());
    }

    @Override
    public void rejected(BlockCandidate candidate, String reason) {
      // the desk has said it
    }
  }
}
