package org.adit.pool.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.adit.hasher.Difficulty;
import org.adit.miner.MinerClient;
import org.adit.miner.MinerOptions;
import org.adit.miner.MinerState;
import org.adit.miner.MinerStats;
import org.adit.miner.PoolUrl;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code adit mine}: mines with this machine's processor for any Stratum V1 pool. Exit codes: 0
 * when it mined, 1 when it never got in, 2 for wrong arguments.
 */
@Command(
    name = "mine",
    mixinStandardHelpOptions = true,
    description = "Mine with this machine's processor for a Stratum V1 pool, Adit's or another.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It mined until it was told to end.",
      "1:The pool could not be reached, or refused the user.",
      "2:Wrong arguments."
    })
public final class MineCommand implements Callable<Integer> {
  private static final Duration TERMINAL_REFRESH = Duration.ofSeconds(1);
  private static final Duration PIPE_REFRESH = Duration.ofSeconds(10);
  private static final long LAST_WORDS_SECONDS = 5;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "stratum+tcp://host:port; #xnsub at its end asks for changing extranonces.")
  private String url = "";

  @Option(
      names = "--user",
      required = true,
      paramLabel = "USER",
      description = "What the pool knows you by, often ADDRESS.WORKER.")
  private String user = "";

  @Option(
      names = "--password",
      defaultValue = "x",
      paramLabel = "TEXT",
      description = "Default: x. Many pools read settings from it, such as d=0.001.")
  private String password = "x";

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "N",
      description = "Searching threads; default: one for each processor.")
  private int threads;

  @Option(
      names = "--seconds",
      defaultValue = "0",
      paramLabel = "S",
      description = "End after that time; default: go on until Ctrl-C.")
  private long seconds;

  @Option(
      names = "--difficulty",
      paramLabel = "D",
      description = "Start difficulty to suggest to the pool.")
  private @Nullable String difficulty;

  @Option(
      names = "--attempts",
      defaultValue = "10",
      paramLabel = "N",
      description =
          "Failed connections before giving up, if the pool was never reached; 0: never. Default: 10.")
  private int attempts;

  @Option(
      names = "--json",
      description = "Print one JSON object at the end; progress goes to standard error.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    MinerOptions options = options();
    CommandSpec commandSpec = spec();
    PrintWriter out = commandSpec.commandLine().getOut();
    PrintWriter progress = json ? commandSpec.commandLine().getErr() : out;
    boolean terminal = !json && Terminal.isOne();
    MineReport report = new MineReport(progress, terminal);
    CountDownLatch said = new CountDownLatch(1);
    MinerClient client = new MinerClient(options, report);
    Thread onInterrupt = new Thread(() -> endByInterrupt(client, said), "adit-mine-interrupt");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    try (client) {
      client.start();
      mine(client, report, terminal ? TERMINAL_REFRESH : PIPE_REFRESH);
    }
    MinerStats stats = client.stats();
    report.end();
    out.println(json ? MineReport.json(options, stats) : MineReport.summary(stats));
    out.flush();
    said.countDown();
    removeHook(onInterrupt);
    return stats.everAuthorized() ? 0 : 1;
  }

  private void mine(MinerClient client, MineReport report, Duration refresh)
      throws InterruptedException {
    long begun = System.nanoTime();
    long limit = seconds > 0 ? TimeUnit.SECONDS.toNanos(seconds) : Long.MAX_VALUE;
    while (true) {
      long left = limit - (System.nanoTime() - begun);
      if (left <= 0) {
        return;
      }
      if (client.awaitEnd(Duration.ofNanos(Math.min(left, refresh.toNanos())))) {
        return;
      }
      if (client.stats().state() == MinerState.MINING) {
        report.status(client.stats());
      }
    }
  }

  /**
   * Runs as the process is told to end: stops the client and lets the main thread print its
   * summary.
   */
  private static void endByInterrupt(MinerClient client, CountDownLatch said) {
    client.close();
    try {
      said.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already; the hook is what brought us here.
    }
  }

  private MinerOptions options() {
    if (threads < 0 || seconds < 0 || seconds > 1_000_000_000L) {
      throw wrong("--threads and --seconds take 0 or more, seconds at most 1000000000");
    }
    try {
      int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
      MinerOptions options =
          MinerOptions.of(PoolUrl.parse(url), user, count)
              .withPassword(password)
              .withAttempts(attempts);
      return Optional.ofNullable(difficulty)
          .map(Difficulty::parse)
          .map(options::withSuggestedDifficulty)
          .orElse(options);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private CommandSpec spec() {
    CommandSpec s = spec;
    if (s == null) {
      throw new IllegalStateException("the command runs under picocli only");
    }
    return s;
  }
}
