package org.adit.pool.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.adit.config.Network;
import org.adit.pool.demo.Demo;
import org.adit.pool.demo.DemoBlock;
import org.adit.pool.demo.DemoOptions;
import org.adit.pool.demo.DemoStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit demo}. */
@Command(
    name = "demo",
    description = {
      "Shows the whole way on this machine: starts a private bitcoind with a wallet and transactions,",
      "a pool on it and a CPU miner with two workers, and shows shares, blocks and credits as they",
      "come. Nothing leaves the machine; everything ends with the demo."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  /** Chains a private node can be mined on with a CPU. */
  enum Chain {
    REGTEST(Network.REGTEST),
    SIGNET(Network.SIGNET);

    private final Network network;

    Chain(Network network) {
      this.network = network;
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--chain",
      defaultValue = "regtest",
      paramLabel = "CHAIN",
      description =
          "${COMPLETION-CANDIDATES}: regtest needs no work; signet (with challenge OP_TRUE) about"
              + " five million hashes a block. Default: ${DEFAULT-VALUE}.")
  private Chain chain = Chain.REGTEST;

  @Option(
      names = "--blocks",
      defaultValue = "0",
      paramLabel = "N",
      description = "End after N blocks of the pool were accepted; default: go on until Ctrl-C.")
  private int blocks;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Keep node and pool data there; default: a temporary folder, deleted at the end.")
  private @Nullable Path dir;

  @Option(
      names = "--threads",
      defaultValue = "1",
      paramLabel = "N",
      description = "Searching threads of each of the two workers. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--json",
      description = "Print one JSON object at the end; progress goes to standard error.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    boolean temporary = dir == null;
    Path folder =
        dir == null
            ? Files.createTempDirectory("adit-demo-")
            : Files.createDirectories(dir).toRealPath();
    CountDownLatch cleaned = new CountDownLatch(1);
    PrintWriter progress = asJson ? spec.commandLine().getErr() : spec.commandLine().getOut();
    boolean terminal = !asJson && Terminal.isOne();
    Logs.toFile(folder.resolve("demo.log"), terminal);
    DemoScreen screen = new DemoScreen(progress, terminal);
    DemoOptions options = new DemoOptions(chain.network, blocks, folder, threads);
    DemoStatus end;
    try (Demo demo = new Demo(options, screen, Clock.systemUTC())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(demo, cleaned), "demo-stop"));
      end = demo.run();
    } finally {
      try {
        if (temporary) {
          delete(folder);
        }
      } finally {
        cleaned.countDown();
      }
    }
    screen.end();
    if (asJson) {
      spec.commandLine().getOut().println(new Output(spec).toText(json(end)));
      spec.commandLine().getOut().flush();
    } else if (!temporary) {
      progress.println("The data is kept in " + folder);
      progress.flush();
    }
    return blocks > 0 && end.blocks().size() < blocks ? 1 : 0;
  }

  private static void stop(Demo demo, CountDownLatch cleaned) {
    demo.stop();
    try {
      cleaned.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ObjectNode json(DemoStatus end) {
    ObjectNode root = new Output(spec).object();
    ArrayNode found = root.putArray("blocks");
    for (DemoBlock block : end.blocks()) {
      found
          .addObject()
          .put("height", block.height())
          .put("hash", block.hash())
          .put("subsidy_sat", block.subsidySat())
          .put("fees_sat", block.feesSat())
          .put("transactions", block.transactions())
          .put("finder", block.finder());
    }
    ArrayNode workers = root.putArray("workers");
    for (DemoStatus.WorkerLine worker : end.workers()) {
      workers
          .addObject()
          .put("account", worker.account())
          .put("worker", worker.worker())
          .put("shares_accepted", worker.accepted())
          .put("shares_rejected", worker.rejected())
          .put("work", worker.work().toString())
          .put("credited_subsidy_sat", worker.subsidySat())
          .put("credited_fees_sat", worker.feesSat());
    }
    root.putObject("node")
        .put("version", end.nodeVersion())
        .put("chain", end.chain())
        .put("height", end.height());
    return root;
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
