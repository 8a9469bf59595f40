package org.adit.pool.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.adit.accounting.bench.AccountBench;
import org.adit.accounting.bench.JournalBench;
import org.adit.accounting.bench.SettlementBench;
import org.adit.hasher.HashEngine;
import org.adit.hasher.HashEngines;
import org.adit.hasher.bench.EngineSpeed;
import org.adit.hasher.bench.Sha256dBench;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code adit bench}. */
@Command(
    name = "bench",
    description = "Measures speeds on this machine.",
    footer =
        "%nThe start script knows one more: ./adit bench jmh [PATTERN] builds and runs the JMH benchmarks.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchCommand.Sha256d.class,
      BenchCommand.SettlementSpeed.class,
      BenchCommand.JournalSpeed.class,
      BenchCommand.AccountSpeed.class,
      StratumBench.class
    })
final class BenchCommand {

  /** {@code adit bench settlement}. */
  @Command(
      name = "settlement",
      description = {
        "Journal, buckets, settlement of a block and replay with many accounts and shares, in a",
        "temporary folder (128 bytes a share and as much again). Ten million shares take minutes."
      },
      mixinStandardHelpOptions = true)
  static final class SettlementSpeed implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--accounts", paramLabel = "N", defaultValue = "100000")
    private int accounts;

    @Option(names = "--shares", paramLabel = "N", defaultValue = "10000000")
    private long shares;

    @Override
    public Integer call() throws Exception {
      Output output = new Output(spec);
      try {
        SettlementBench.inTemporaryFolder(accounts, shares, output::line);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(2, String.valueOf(e.getMessage()));
      }
      return 0;
    }
  }

  /** {@code adit bench journal}. */
  @Command(
      name = "journal",
      description = {
        "How long a share waits until it is on disk when shares come at a given rate, in a temporary",
        "folder (128 bytes a share)."
      },
      mixinStandardHelpOptions = true)
  static final class JournalSpeed implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "300000")
    private int rate;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "10")
    private int seconds;

    @Override
    public Integer call() throws Exception {
      Output output = new Output(spec);
      try {
        JournalBench.inTemporaryFolder(rate, seconds, output::line);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(2, String.valueOf(e.getMessage()));
      }
      return 0;
    }
  }

  /** {@code adit bench accounts}. */
  @Command(
      name = "accounts",
      description = {
        "What it costs to ask about one account among many: balance, credits, payouts, workers,",
        "settings, in a temporary folder (a gigabyte for a hundred thousand accounts)."
      },
      mixinStandardHelpOptions = true)
  static final class AccountSpeed implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--accounts", paramLabel = "N", defaultValue = "100000")
    private int accounts;

    @Option(names = "--questions", paramLabel = "N", defaultValue = "2000")
    private int questions;

    @Override
    public Integer call() throws Exception {
      Output output = new Output(spec);
      AccountBench.Size large = AccountBench.Size.LARGE;
      try {
        AccountBench.inTemporaryFolder(
            new AccountBench.Size(accounts, large.blocks(), large.veteranBlocks(), large.payouts()),
            Math.max(1, questions),
            output::line);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(2, String.valueOf(e.getMessage()));
      }
      return 0;
    }
  }

  /** {@code adit bench sha256d}. */
  @Command(
      name = "sha256d",
      description = "Hashes per second and thread of the SHA-256d engines.",
      mixinStandardHelpOptions = true)
  static final class Sha256d implements Callable<Integer> {
    private static final long CHOICE_MILLIS = 60_000;

    @Spec private CommandSpec spec;

    @Option(
        names = "--engine",
        paramLabel = "E",
        description = "Measure this engine only; default: the one that mines.")
    private @Nullable String engine;

    @Option(names = "--compare", description = "Measure all engines in turn.")
    private boolean compare;

    @Option(
        names = "--threads",
        paramLabel = "N",
        defaultValue = "1",
        description = "Threads at once. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
        names = "--seconds",
        paramLabel = "S",
        defaultValue = "10",
        description = "Seconds for each engine. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--json", description = "Print JSON, one object for each engine.")
    private boolean asJson;

    @Override
    public Integer call() throws InterruptedException, CommandFailure {
      if (compare && engine != null) {
        throw new CommandFailure(2, "--compare measures all engines; leave --engine out");
      }
      Sha256dBench.Options options;
      try {
        options =
            compare
                ? Sha256dBench.Options.compareAll(threads, seconds)
                : Sha256dBench.Options.of(engine == null ? chosen() : engine, threads, seconds);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(2, String.valueOf(e.getMessage()));
      }
      List<EngineSpeed> speeds = Sha256dBench.run(options);
      Output output = new Output(spec);
      for (EngineSpeed speed : speeds) {
        output.line(asJson ? speed.toJson() : speed.toText());
      }
      return 0;
    }

    /** The engine that mines here, after it was tried. */
    private static String chosen() throws InterruptedException, CommandFailure {
      HashEngine best = HashEngines.best();
      if (!HashEngines.awaitChoice(CHOICE_MILLIS)) {
        throw new CommandFailure(
            1, "no engine was chosen within " + CHOICE_MILLIS / 1_000 + " s; name one by --engine");
      }
      return best.name();
    }
  }
}
