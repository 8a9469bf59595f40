package org.adit.pool.cli;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.adit.config.RpcCredentials;
import org.adit.load.BlockSource;
import org.adit.load.LoadException;
import org.adit.load.LoadMode;
import org.adit.load.LoadOptions;
import org.adit.load.LoadReport;
import org.adit.load.LoadRun;
import org.adit.miner.PoolUrl;
import org.adit.pool.bitcoind.RpcClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code adit bench stratum}. */
@Command(
    name = "stratum",
    description = {
      "Loads a Stratum V1 pool, Adit's or another, and measures its answers.",
      "",
      "shares: connections submit real shares found at the pool's difficulty. With --rate they are",
      "sent when they are due, however slow the answers are; without it each answer releases the next.",
      "idle: connections listen; how the news of a block travels is measured.",
      "churn: connections come, wait for their first job and leave."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It was measured.",
      "1:No connection got work, or the process of --pid cannot be read.",
      "2:Wrong arguments, or a target that is not this machine."
    })
final class StratumBench implements Callable<Integer> {
  private static final int CONNECTIONS_PER_SOURCE = 100;
  private static final int CHURN_SOURCES = 2_000;
  private static final Duration RPC_TIMEOUT = Duration.ofSeconds(30);

  @Spec private CommandSpec spec;

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "stratum+tcp://host:port")
  private String url = "";

  @Option(
      names = "--mode",
      defaultValue = "shares",
      paramLabel = "M",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private LoadMode mode = LoadMode.SHARES;

  @Option(
      names = "--connections",
      defaultValue = "100",
      paramLabel = "N",
      description = "Connections open at once. Default: ${DEFAULT-VALUE}.")
  private int connections;

  @Option(
      names = "--rate",
      defaultValue = "0",
      paramLabel = "R",
      description =
          "Shares or sessions per second in all; 0 as many as the pool answers. Default: 0.")
  private double rate;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      paramLabel = "S",
      description = "Seconds measured. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "5",
      paramLabel = "S",
      description = "Seconds before that, not counted. Default: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Option(
      names = "--user",
      defaultValue = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080.bench",
      paramLabel = "USER",
      description = "Whom the pool knows; default: a regtest address nobody has the key of.")
  private String user = "";

  @Option(
      names = "--workers",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Connections share N names: that of --user up to its first dot, then .w1 to .wN."
              + " Default: all are --user.")
  private int workers;

  @Option(
      names = "--password",
      defaultValue = "x",
      paramLabel = "TEXT",
      description = "Default: x. d=0.0001 asks some pools for that difficulty.")
  private String password = "";

  @Option(
      names = "--window",
      defaultValue = "4",
      paramLabel = "N",
      description = "Unanswered shares of a connection without --rate. Default: ${DEFAULT-VALUE}.")
  private int window;

  @Option(
      names = "--connects-per-second",
      defaultValue = "2000",
      paramLabel = "N",
      description = "Pace of connecting; 0 for no pace. Default: ${DEFAULT-VALUE}.")
  private int connectsPerSecond;

  @Option(
      names = "--threads",
      defaultValue = "1",
      paramLabel = "N",
      description = "Threads that send and receive. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--searchers",
      defaultValue = "1",
      paramLabel = "N",
      description = "Threads that find shares. Default: ${DEFAULT-VALUE}.")
  private int searchers;

  @Option(
      names = "--sources",
      paramLabel = "N",
      description =
          "Local addresses to come from, on a target in 127.0.0.0/8; pools count by address.")
  private @Nullable Integer sources;

  @Option(
      names = "--pid",
      paramLabel = "PID",
      description = "The pool's process here: its processor time and memory are read.")
  private @Nullable Long pid;

  @Option(
      names = "--regtest-node",
      paramLabel = "URL",
      description = "RPC of the pool's regtest node: blocks are made there and timed.")
  private @Nullable URI node;

  @Option(names = "--regtest-cookie", paramLabel = "FILE", description = "That node's cookie file.")
  private @Nullable Path cookie;

  @Option(
      names = "--block-every",
      defaultValue = "5",
      paramLabel = "S",
      description = "Seconds between two such blocks. Default: ${DEFAULT-VALUE}.")
  private int blockEvery;

  @Option(
      names = "--i-own-this-target",
      description =
          "Load a pool on another machine. Without the owner's consent that is an attack.")
  private boolean owned;

  @Option(names = "--json", description = "Print one JSON object; progress goes to standard error.")
  private boolean asJson;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    LoadOptions options = options();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    LoadScreen screen = new LoadScreen(asJson ? err : out, !asJson && Terminal.isOne());
    try (RpcClient rpc = rpc()) {
      BlockSource blocks = rpc == null ? null : new RegtestBlocks(rpc);
      LoadReport report = new LoadRun(options, screen, blocks).run();
      screen.end();
      if (asJson) {
        new Output(spec).print(LoadFigures.json(report));
      } else {
        LoadFigures.lines(report).forEach(new Output(spec)::line);
      }
      return 0;
    } catch (LoadException e) {
      screen.end();
      throw new CommandFailure(1, String.valueOf(e.getMessage()));
    }
  }

  private LoadOptions options() throws CommandFailure {
    try {
      PoolUrl pool = PoolUrl.parse(url);
      InetAddress address = InetAddress.getByName(pool.host());
      if (!address.isLoopbackAddress() && !owned) {
        throw new CommandFailure(
            2,
            pool.host()
                + " is not this machine; loading a pool that is not yours is an attack"
                + " (yours? then say --i-own-this-target)");
      }
      return new LoadOptions(
          new InetSocketAddress(address, pool.port()),
          mode,
          connections,
          rate,
          warmUp,
          seconds,
          user,
          password,
          window,
          mode == LoadMode.CHURN ? 0 : connectsPerSecond,
          threads,
          searchers,
          sources == null ? usualSources() : sources,
          pid == null ? OptionalLong.empty() : OptionalLong.of(pid),
          blockEvery,
          workers);
    } catch (UnknownHostException e) {
      throw new CommandFailure(2, "--url: no such host (expected: stratum+tcp://host:port)");
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(2, String.valueOf(e.getMessage()));
    }
  }

  private int usualSources() {
    return mode == LoadMode.CHURN ? CHURN_SOURCES : 1 + (connections - 1) / CONNECTIONS_PER_SOURCE;
  }

  private @Nullable RpcClient rpc() throws CommandFailure {
    if (node == null && cookie == null) {
      return null;
    }
    if (node == null || cookie == null) {
      throw new CommandFailure(2, "--regtest-node and --regtest-cookie go together");
    }
    return new RpcClient(node, new RpcCredentials.Cookie(cookie), RPC_TIMEOUT);
  }
}
