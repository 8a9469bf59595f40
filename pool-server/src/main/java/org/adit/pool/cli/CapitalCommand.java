package org.adit.pool.cli;

import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.adit.accounting.OperatorAccounting;
import org.adit.accounting.ledger.Posting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adit capital}. */
@Command(
    name = "capital",
    description = {
      "Books coins the operator brought into the pool's wallet, or took out of it: fees earned,",
      "losses covered. It only books; the coins are moved by the wallet's own commands."
    },
    mixinStandardHelpOptions = true,
    subcommands = {CapitalCommand.Deposit.class, CapitalCommand.Withdraw.class})
final class CapitalCommand {

  /** What they share. */
  abstract static class Base implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin PayoutHouse house;

    @Parameters(paramLabel = "BTC", description = "Amount in bitcoin, at most 8 places.")
    BigDecimal amount = BigDecimal.ZERO;

    @Option(names = "--yes", description = "Do it.")
    boolean yes;

    abstract int sign();

    @Override
    public final Integer call() throws Exception {
      Output output = new Output(spec);
      long sat;
      try {
        sat = amount.movePointRight(8).longValueExact();
      } catch (ArithmeticException e) {
        throw new CommandFailure(2, "an amount has at most 8 places");
      }
      if (sat <= 0) {
        throw new CommandFailure(2, "an amount is above zero");
      }
      if (!yes) {
        output.line("nothing was booked; add --yes to book " + Figures.bitcoin(sat) + " BTC");
        return 0;
      }
      try (OperatorAccounting books = house.books()) {
        Posting posting =
            books
                .payouts()
                .operatorMoved(
                    PayoutHouse.newId(Clock.systemUTC().instant(), new SecureRandom()),
                    sign() * sat);
        if (posting.isRefused()) {
          throw new CommandFailure(1, posting.reason());
        }
        output.line("booked as " + posting.key());
      }
      return 0;
    }
  }

  /** {@code adit capital deposit}. */
  @Command(
      name = "deposit",
      description = "Coins of the operator came into the pool's wallet.",
      mixinStandardHelpOptions = true)
  static final class Deposit extends Base {
    @Override
    int sign() {
      return 1;
    }
  }

  /** {@code adit capital withdraw}. */
  @Command(
      name = "withdraw",
      description = "Coins of the operator left the pool's wallet.",
      mixinStandardHelpOptions = true)
  static final class Withdraw extends Base {
    @Override
    int sign() {
      return -1;
    }
  }
}
