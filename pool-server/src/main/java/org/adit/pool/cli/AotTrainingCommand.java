package org.adit.pool.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.adit.config.ConfigLoader;
import org.adit.miner.MinerClient;
import org.adit.miner.MinerListener;
import org.adit.miner.MinerOptions;
import org.adit.miner.PoolUrl;
import org.adit.pool.PoolNode;
import org.adit.pool.blocks.BlockListener;
import org.adit.pool.demo.TrainingNode;
import org.adit.pool.mining.BlockCandidate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code adit aot-training}: what {@code adit aot} runs while the JVM watches which classes are
 * needed. It lets a pool mine for a moment in a folder that is removed again, and asks it all that
 * people ask.
 */
@Command(
    name = "aot-training",
    hidden = true,
    description = "Runs a little of everything; the start script makes its cache from that.",
    mixinStandardHelpOptions = true)
final class AotTrainingCommand implements Callable<Integer> {
  private static final long PATIENCE_SECONDS = 180;
  private static final long STEP_MILLIS = 20;

  /** The program of BIP 173's test vectors: nobody is paid on this chain. */
  private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

  private static final String[][] ASKED = {
    {"status"},
    {"workers"},
    {"blocks"},
    {"balances"},
    {"economics"},
    {"compare"},
    {"audit"},
    {"top", "--pictures", "1"},
    {"explain", "alice"},
    {"worker", "alice.cpu"}
  };

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("adit-training");
    try (TrainingNode node = new TrainingNode(Clock.systemUTC())) {
      Path file = settings(folder, node);
      try (PoolNode pool =
          new PoolNode(
              ConfigLoader.load(file).config(),
              Clock.systemUTC(),
              new SecureRandom(),
              new Quiet())) {
        await(() -> !pool.addresses().isEmpty() && pool.webAddress().isPresent(), "open its ports");
        mine(pool);
        ask(file);
      }
      run("config", "check", file.toString());
      run("man");
    } finally {
      remove(folder);
    }
    return 0;
  }

  private static Path settings(Path folder, TrainingNode node) throws IOException {
    Files.writeString(folder.resolve("cookie"), "training:training");
    return Files.writeString(
        folder.resolve("pool.toml"),
        """
        network = "regtest"
        data_dir = "data"
        [bitcoind]
        url = "%s"
        cookie_file = "cookie"
        isolated = true
        [payout]
        scheme = "pplns"
        window_units = 2
        address = "%s"
        [web]
        port = 0
        [[listener]]
        host = "127.0.0.1"
        port = 0
        start_difficulty = "0.00002"
        min_difficulty = "0.00001"
        above_network = true
        [[account]]
        name = "alice"
        address = "%s"
        """
            .formatted(node.url(), ADDRESS, ADDRESS));
  }

  private static void mine(PoolNode pool) throws CommandFailure, InterruptedException {
    PoolUrl url = PoolUrl.parse("stratum+tcp://127.0.0.1:" + pool.addresses().getFirst().getPort());
    try (MinerClient miner =
        new MinerClient(MinerOptions.of(url, "alice.cpu", 1), MinerListener.NONE)) {
      miner.start();
      await(() -> miner.stats().accepted() >= 2, "take shares");
    }
  }

  /** What people ask a running pool; answers matter to nobody here. */
  private void ask(Path file) {
    for (String[] command : ASKED) {
      String[] whole = new String[command.length + 2];
      System.arraycopy(command, 0, whole, 0, command.length);
      whole[command.length] = "-c";
      whole[command.length + 1] = file.toString();
      run(whole);
    }
  }

  private void run(String... command) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    CommandLine program = Main.commandLine().setOut(nowhere).setErr(nowhere);
    int code = program.execute(command);
    spec.commandLine().getOut().println(command[0] + ": " + code);
    spec.commandLine().getOut().flush();
  }

  private static void await(BooleanSupplier condition, String what)
      throws CommandFailure, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new CommandFailure(
            1, "the pool did not " + what + " within " + PATIENCE_SECONDS + " s");
      }
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    }
  }

  private static void remove(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes about)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path emptied, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(emptied);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static final class Quiet implements BlockListener {
    @Override
    public void booked(BlockCandidate candidate) {
      // Nobody watches.
    }

    @Override
    public void rejected(BlockCandidate candidate, String reason) {
      // Nobody watches.
    }
  }
}
