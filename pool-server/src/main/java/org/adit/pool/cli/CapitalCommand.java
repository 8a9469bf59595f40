package org.adit.pool.cli;

import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.adit.accounting.OperatorAccounting;
import org.adit.accounting.Payouts;
import org.adit.accounting.ledger.LedgerAccounts;
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
    subcommands = {
      CapitalCommand.Deposit.class,
      CapitalCommand.Withdraw.class,
      CapitalCommand.Reserve.class,
      CapitalCommand.Release.class,
      CapitalCommand.Status.class
    })
final class CapitalCommand {

  /** What they share. */
  abstract static class Base implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin PayoutHouse house;

    @Parameters(paramLabel = "BTC", description = "Amount in bitcoin, at most 8 places.")
    BigDecimal amount = BigDecimal.ZERO;

    @Option(names = "--yes", description = "Do it.")
    boolean yes;

    /** Books the amount. */
    abstract Posting book(Payouts payouts, String id, long sat);

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
            book(
                books.payouts(),
                PayoutHouse.newId(Clock.systemUTC().instant(), new SecureRandom()),
                sat);
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
    Posting book(Payouts payouts, String id, long sat) {
      return payouts.operatorMoved(id, sat);
    }
  }

  /** {@code adit capital withdraw}. */
  @Command(
      name = "withdraw",
      description = "Coins of the operator left the pool's wallet.",
      mixinStandardHelpOptions = true)
  static final class Withdraw extends Base {
    @Override
    Posting book(Payouts payouts, String id, long sat) {
      return payouts.operatorMoved(id, -sat);
    }
  }

  /** {@code adit capital reserve}. */
  @Command(
      name = "reserve",
      description = "Sets coins of the operator in the wallet aside to pay shares from (PPS).",
      mixinStandardHelpOptions = true)
  static final class Reserve extends Base {
    @Override
    Posting book(Payouts payouts, String id, long sat) {
      return payouts.operatorReserved(id, sat);
    }
  }

  /** {@code adit capital release}. */
  @Command(
      name = "release",
      description = "Takes coins back that were set aside to pay shares from.",
      mixinStandardHelpOptions = true)
  static final class Release extends Base {
    @Override
    Posting book(Payouts payouts, String id, long sat) {
      return payouts.operatorReserved(id, -sat);
    }
  }

  /** {@code adit capital status}. */
  @Command(
      name = "status",
      description = "Shows the operator's own coins, and what is left to pay shares from.",
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin PayoutHouse house;

    @Override
    public Integer call() throws Exception {
      Output output = new Output(spec);
      try (OperatorAccounting books = house.books()) {
        SortedMap<String, Long> ledger = books.ledger();
        line(output, "brought in, less taken out", -of(ledger, LedgerAccounts.OPERATOR));
        line(output, "set aside to pay shares from", -of(ledger, LedgerAccounts.PPS_RESERVE));
        line(output, "paid for shares", of(ledger, LedgerAccounts.PPS_EXPENSE));
        line(output, "blocks of those shares", -of(ledger, LedgerAccounts.BLOCK_INCOME));
        line(output, "left to pay shares from", books.ppsReserveSat());
      }
      return 0;
    }

    private static long of(SortedMap<String, Long> ledger, String account) {
      return ledger.getOrDefault(account, 0L);
    }

    private static void line(Output output, String what, long sat) {
      output.line("%-30s %s BTC".formatted(what, Figures.bitcoin(sat)));
    }
  }
}
