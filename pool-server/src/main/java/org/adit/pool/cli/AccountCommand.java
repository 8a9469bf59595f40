package org.adit.pool.cli;

import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.adit.accounting.Accounts;
import org.adit.accounting.OperatorAccounting;
import org.adit.accounting.address.AddressException;
import org.adit.accounting.address.PayoutAddress;
import org.adit.accounting.store.AccountChange;
import org.adit.pool.payouts.PayoutSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adit account}. */
@Command(
    name = "account",
    description = {
      "Named accounts: where their money goes and from which amount on. An address needs none of",
      "this, it is an account by itself. Every change is kept in a log and holds from a share on;",
      "a running pool learns of it within seconds."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      AccountCommand.Add.class,
      AccountCommand.Address.class,
      AccountCommand.Threshold.class,
      AccountCommand.Show.class
    })
final class AccountCommand {

  /** What they share. */
  abstract static class Base implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin PayoutHouse house;

    @Option(names = "--json", description = "Print JSON.")
    boolean asJson;

    @Override
    public final Integer call() throws Exception {
      try (OperatorAccounting books = house.books()) {
        call(books.accounts(), new Output(spec));
        return 0;
      } catch (IllegalArgumentException | AddressException e) {
        throw new CommandFailure(1, String.valueOf(e.getMessage()));
      }
    }

    abstract void call(Accounts accounts, Output output) throws Exception;

    final PayoutAddress address(String text) throws Exception {
      return PayoutAddress.parse(PayoutSettings.of(house.settings()).addresses(), text);
    }

    final void print(Output output, Accounts.Account account) {
      if (asJson) {
        output.print(json(output, account));
      } else {
        output.line(
            Table.printable(
                "account "
                    + account.name()
                    + " pays to "
                    + account.payTo()
                    + (account.thresholdSat().isPresent()
                        ? ", threshold " + account.thresholdSat().getAsLong() + " sat"
                        : ", the pool's threshold")));
      }
    }
  }

  private static tools.jackson.databind.node.ObjectNode json(
      Output output, Accounts.Account account) {
    var node = output.object().put("account", account.name()).put("address", account.payTo());
    if (account.thresholdSat().isPresent()) {
      node.put("threshold_sat", account.thresholdSat().getAsLong());
    } else {
      node.putNull("threshold_sat");
    }
    return node;
  }

  private static OptionalLong threshold(String text) throws CommandFailure {
    if (text.equals("default")) {
      return OptionalLong.empty();
    }
    if (!text.matches("[0-9]{1,16}")) {
      throw new CommandFailure(2, "a threshold is a number of satoshi, or 'default'");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  /** {@code adit account add}. */
  @Command(name = "add", description = "Makes a named account.", mixinStandardHelpOptions = true)
  static final class Add extends Base {
    @Parameters(index = "0", paramLabel = "NAME", description = "What miners will write.")
    String name = "";

    @Parameters(index = "1", paramLabel = "ADDRESS", description = "Where its money goes.")
    String address = "";

    @Option(
        names = "--threshold",
        defaultValue = "default",
        paramLabel = "SAT",
        description = "Smallest payout in satoshi; default: the pool's.")
    String threshold = "default";

    @Option(
        names = "--note",
        defaultValue = "",
        paramLabel = "TEXT",
        description = "Words for the log.")
    String note = "";

    @Override
    void call(Accounts accounts, Output output) throws Exception {
      print(output, accounts.add(name, address(address), threshold(threshold), note));
    }
  }

  /** {@code adit account address}. */
  @Command(
      name = "address",
      description = {
        "Gives a named account another payout address. What is reserved already still goes to the",
        "old one. Make sure that the wish is the owner's: nobody can take a payment back."
      },
      mixinStandardHelpOptions = true)
  static final class Address extends Base {
    @Parameters(index = "0", paramLabel = "NAME", description = "The account.")
    String name = "";

    @Parameters(index = "1", paramLabel = "ADDRESS", description = "The new address.")
    String address = "";

    @Option(
        names = "--from",
        defaultValue = "0",
        paramLabel = "SEQUENCE",
        description = "First share it holds from; default: the next one.")
    long from;

    @Option(
        names = "--note",
        defaultValue = "",
        paramLabel = "TEXT",
        description = "Words for the log, such as who asked and how it was proved.")
    String note = "";

    @Override
    void call(Accounts accounts, Output output) throws Exception {
      print(output, accounts.changeAddress(name, address(address), from, note));
    }
  }

  /** {@code adit account threshold}. */
  @Command(
      name = "threshold",
      description = "Sets the smallest payout of an account, which may be an address.",
      mixinStandardHelpOptions = true)
  static final class Threshold extends Base {
    @Parameters(index = "0", paramLabel = "NAME", description = "The account.")
    String name = "";

    @Parameters(index = "1", paramLabel = "SAT", description = "Satoshi, or 'default'.")
    String threshold = "";

    @Option(
        names = "--note",
        defaultValue = "",
        paramLabel = "TEXT",
        description = "Words for the log.")
    String note = "";

    @Override
    void call(Accounts accounts, Output output) throws Exception {
      print(output, accounts.setThreshold(name, threshold(threshold), note));
    }
  }

  /** {@code adit account list}. */
  @Command(
      name = "list",
      description = "Shows accounts with settings of their own, or the log of all changes.",
      mixinStandardHelpOptions = true)
  static final class Show extends Base {
    @Option(names = "--log", description = "Show every change ever made.")
    boolean log;

    @Override
    void call(Accounts accounts, Output output) {
      if (log) {
        printLog(accounts, output);
        return;
      }
      Table table = new Table("ACCOUNT", "ADDRESS", ">THRESHOLD SAT");
      var list = output.array();
      for (Accounts.Account account : accounts.list()) {
        list.add(json(output, account));
        table.row(
            account.name(),
            account.payTo(),
            account.thresholdSat().isPresent()
                ? String.valueOf(account.thresholdSat().getAsLong())
                : "pool's");
      }
      if (asJson) {
        output.print(list);
      } else {
        output.print(table, "no account has settings of its own");
      }
    }

    private void printLog(Accounts accounts, Output output) {
      Table table = new Table("WHEN", "ACCOUNT", "CHANGE", ">FROM SHARE", "BY", "NOTE");
      var list = output.array();
      for (AccountChange change : accounts.changes()) {
        String what =
            change.address() != null
                ? "address " + change.address()
                : "threshold " + change.thresholdSat();
        table.row(
            Figures.time(change.at()),
            change.account(),
            what,
            change.fromSequence(),
            change.origin(),
            change.note());
        list.addObject()
            .put("at", change.at().toString())
            .put("account", change.account())
            .put("address", change.address())
            .put("threshold_sat", change.thresholdSat())
            .put("from_sequence", change.fromSequence())
            .put("origin", change.origin())
            .put("note", change.note());
      }
      if (asJson) {
        output.print(list);
      } else {
        output.print(table, "nothing was ever changed");
      }
    }
  }
}
