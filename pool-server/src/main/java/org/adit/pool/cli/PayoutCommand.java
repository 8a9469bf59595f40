package org.adit.pool.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.adit.accounting.store.PayoutRow;
import org.adit.pool.bitcoind.NodeException;
import org.adit.pool.payouts.Cancelling;
import org.adit.pool.payouts.PayoutException;
import org.adit.pool.payouts.PayoutPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adit payout}. */
@Command(
    name = "payout",
    description = {
      "Pays out what the pool owes, by the wallet of its node. May be used while the pool runs.",
      "Commands that act only say what they would do, unless --yes is given."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      PayoutCommand.Preview.class,
      PayoutCommand.Run.class,
      PayoutCommand.Status.class,
      PayoutCommand.Cancel.class,
      PayoutCommand.Export.class,
      PayoutCommand.Import.class
    })
final class PayoutCommand {
  private static final long MOST_PSBT_BYTES = 8_000_000;

  /** What they share. */
  abstract static class Base implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin PayoutHouse house;

    @Option(names = "--json", description = "Print JSON.")
    boolean asJson;

    @Override
    public final Integer call() throws Exception {
      try (PayoutHouse.Open open = house.open()) {
        return call(open, new Output(spec));
      } catch (PayoutException | NodeException e) {
        throw new CommandFailure(1, String.valueOf(e.getMessage()));
      }
    }

    abstract int call(PayoutHouse.Open open, Output output) throws Exception;

    final void print(Output output, PayoutRow payout, String words) {
      if (asJson) {
        output.print(PayoutText.json(output, payout));
      } else {
        output.line(words);
      }
    }

    final void print(Output output, PayoutPlan plan) {
      if (asJson) {
        output.print(PayoutText.json(output, plan));
        return;
      }
      output.print(PayoutText.table(plan), "nobody is due");
      if (!plan.items().isEmpty()) {
        output.line(PayoutText.summary(plan));
      }
      plan.left()
          .forEach(left ->
              output.line(
                  Table.printable(
                      "not paid: "
                          + left.account()
                          + ", "
                          + Figures.bitcoin(left.payableSat())
                          + " BTC: "
                          + left.reason())));
    }
  }

  /** {@code adit payout preview}. */
  @Command(
      name = "preview",
      description = "Shows who would be paid now and what it would cost. Changes nothing.",
      mixinStandardHelpOptions = true)
  static final class Preview extends Base {
    @Override
    int call(PayoutHouse.Open open, Output output) throws Exception {
      print(output, open.desk().preview());
      return 0;
    }
  }

  /** {@code adit payout run}. */
  @Command(
      name = "run",
      description = {
        "Pays everybody who is due; first finishes what an earlier run has left undone. May be",
        "broken off anywhere and repeated: nothing is ever paid twice."
      },
      mixinStandardHelpOptions = true)
  static final class Run extends Base {
    @Option(names = "--yes", description = "Do it; without it this is a preview.")
    boolean yes;

    @Override
    int call(PayoutHouse.Open open, Output output) throws Exception {
      if (!yes) {
        print(output, open.desk().preview());
        if (!asJson) {
          output.line("nothing was done; add --yes to pay");
        }
        return 0;
      }
      Optional<PayoutRow> payout = open.desk().run();
      if (payout.isEmpty()) {
        if (asJson) {
          output.print(output.object().putNull("payout"));
        } else {
          output.line("nobody is due, nothing was paid");
        }
        return 0;
      }
      print(output, payout.get(), PayoutText.sentence(payout.get()));
      return 0;
    }
  }

  /** {@code adit payout status}. */
  @Command(
      name = "status",
      description = {
        "Shows the newest payouts, or one with its payees and transactions. With --follow it first",
        "asks the node and books what the chain says, which a running pool does by itself."
      },
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private PayoutHouse house;

    @Parameters(arity = "0..1", paramLabel = "PAYOUT", description = "Show this one in full.")
    private String id = "";

    @Option(names = "--follow", description = "Ask the node first.")
    private boolean follow;

    @Option(
        names = "--limit",
        defaultValue = "20",
        paramLabel = "N",
        description = "Newest payouts to show. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Print JSON.")
    private boolean asJson;

    @Override
    public Integer call() throws Exception {
      Output output = new Output(spec);
      if (follow) {
        try (PayoutHouse.Open open = house.open()) {
          open.desk().follow();
        } catch (PayoutException | NodeException e) {
          throw new CommandFailure(1, String.valueOf(e.getMessage()));
        }
      }
      try (var reader = house.read()) {
        List<PayoutRow> payouts =
            reader.payoutHistory(id.isEmpty() ? Math.max(1, limit) : Integer.MAX_VALUE).stream()
                .filter(payout -> id.isEmpty() || payout.id().equals(id))
                .toList();
        if (!id.isEmpty() && payouts.isEmpty()) {
          throw new CommandFailure(1, "there is no payout " + id);
        }
        List<String> broken = reader.checkInvariants().broken();
        if (asJson) {
          var root = output.object();
          var list = root.putArray("payouts");
          payouts.forEach(payout -> list.add(PayoutText.json(output, payout)));
          var rules = root.putArray("broken_invariants");
          broken.forEach(rules::add);
          output.print(root);
        } else {
          output.print(PayoutText.table(payouts), "no payout yet");
          if (!id.isEmpty()) {
            output.print(PayoutText.items(payouts.getFirst()), "nobody");
            output.print(PayoutText.attempts(payouts.getFirst()), "no transaction yet");
          }
          broken.forEach(rule -> output.line("THE LEDGER IS BROKEN, payouts are stopped: " + rule));
        }
        return broken.isEmpty() ? 0 : 1;
      }
    }
  }

  /** {@code adit payout cancel}. */
  @Command(
      name = "cancel",
      description = {
        "Gives up a payout that was not sent: reserved, signed and stored, or exported and not",
        "imported (then destroy the exported file first). Its amounts are payable again. A payout",
        "whose transaction was sent is never cancelled: it could still confirm."
      },
      mixinStandardHelpOptions = true)
  static final class Cancel extends Base {
    @Parameters(paramLabel = "PAYOUT", description = "Its id, from 'adit payout status'.")
    String id = "";

    @Option(names = "--yes", description = "Do it.")
    boolean yes;

    @Override
    int call(PayoutHouse.Open open, Output output) throws Exception {
      PayoutRow payout =
          open.books()
              .payouts()
              .find(id)
              .orElseThrow(() -> new CommandFailure(1, "there is no payout " + id));
      if (!yes) {
        Optional<String> objection = Cancelling.objection(payout);
        if (objection.isPresent()) {
          throw new CommandFailure(1, objection.get());
        }
        print(
            output,
            payout,
            PayoutText.sentence(payout) + "\nnothing was done; add --yes to give it up");
        return 0;
      }
      PayoutRow after = open.desk().cancel(id);
      print(output, after, PayoutText.sentence(after));
      return 0;
    }
  }

  /** {@code adit payout export}. */
  @Command(
      name = "export",
      description = {
        "Reserves a payout and writes its unsigned transaction (PSBT, BIP 174) to a file, to be",
        "signed where the keys are. Again: writes the one that waits."
      },
      mixinStandardHelpOptions = true)
  static final class Export extends Base {
    @Parameters(paramLabel = "FILE", description = "A new file.")
    Path file = Path.of("");

    @Option(names = "--yes", description = "Do it; without it this is a preview.")
    boolean yes;

    @Override
    int call(PayoutHouse.Open open, Output output) throws Exception {
      if (Files.exists(file)) {
        throw new CommandFailure(1, "file " + file + " exists; name a new one");
      }
      if (!yes) {
        print(output, open.desk().preview());
        if (!asJson) {
          output.line("nothing was done; add --yes to reserve it and write " + file);
        }
        return 0;
      }
      Optional<PayoutRow> payout = open.desk().export();
      if (payout.isEmpty()) {
        output.line(asJson ? "{\"payout\":null}" : "nobody is due, nothing was written");
        return 0;
      }
      String psbt = payout.get().attempts().getLast().psbt();
      try {
        Files.writeString(
            file, psbt + "\n", StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        throw new CommandFailure(1, "file " + file + " exists; run it again with a new one");
      }
      print(
          output,
          payout.get(),
          PayoutText.sentence(payout.get())
              + "\nwritten to "
              + file
              + "; sign it, then: adit payout import");
      return 0;
    }
  }

  /** {@code adit payout import}. */
  @Command(
      name = "import",
      description = "Takes a signed PSBT back, checks every output, stores and sends it.",
      mixinStandardHelpOptions = true)
  static final class Import extends Base {
    @Parameters(paramLabel = "FILE", description = "The signed PSBT in base64.")
    Path file = Path.of("");

    @Option(names = "--yes", description = "Do it.")
    boolean yes;

    @Override
    int call(PayoutHouse.Open open, Output output) throws Exception {
      String psbt = readPsbt();
      if (!yes) {
        output.line("nothing was done; add --yes to store and send it");
        return 0;
      }
      PayoutRow payout = open.desk().importSigned(psbt);
      print(output, payout, PayoutText.sentence(payout));
      return 0;
    }

    private String readPsbt() throws CommandFailure {
      try {
        if (Files.size(file) > MOST_PSBT_BYTES) {
          throw new CommandFailure(1, "file " + file + " is too large for a PSBT");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      } catch (IOException e) {
        throw new CommandFailure(1, "cannot read " + file + ": " + e.getMessage());
      }
    }
  }
}
