package org.adit.pool.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.store.BalanceRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;

/** {@code adit balances}. */
@Command(
    name = "balances",
    description = "Shows what the pool owes each account: pending until maturity, then payable.",
    mixinStandardHelpOptions = true)
final class BalancesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataFolder data;

  @Option(names = "--json", description = "Print JSON.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    List<BalanceRow> balances;
    try (AccountingReader reader = data.open()) {
      balances = reader.balances();
    }
    Output output = new Output(spec);
    if (asJson) {
      ArrayNode list = output.array();
      for (BalanceRow balance : balances) {
        list.addObject()
            .put("account", balance.account())
            .put("pending_subsidy_sat", balance.pending().subsidySat())
            .put("pending_fees_sat", balance.pending().feesSat())
            .put("payable_sat", balance.payableSat())
            .put("paid_by_coinbase_sat", balance.paidByCoinbase().totalSat());
      }
      output.print(list);
      return 0;
    }
    Table table =
        new Table(
            "ACCOUNT",
            ">PENDING SUBSIDY BTC",
            ">PENDING FEES BTC",
            ">PAYABLE BTC",
            ">PAID BY COINBASE BTC");
    for (BalanceRow balance : balances) {
      table.row(
          balance.account(),
          Figures.bitcoin(balance.pending().subsidySat()),
          Figures.bitcoin(balance.pending().feesSat()),
          Figures.bitcoin(balance.payableSat()),
          Figures.bitcoin(balance.paidByCoinbase().totalSat()));
    }
    output.print(table, "no account has a balance yet");
    return 0;
  }
}
