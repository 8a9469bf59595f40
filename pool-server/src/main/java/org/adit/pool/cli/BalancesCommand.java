package org.adit.pool.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.store.BalanceRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit balances}. */
@Command(
    name = "balances",
    description = "Shows what the pool owes each account: pending until maturity, then payable.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      PoolSource.EXIT_FAILED,
      PoolSource.EXIT_USAGE,
      PoolSource.EXIT_NOT_RUNNING,
      PoolSource.EXIT_NOT_ALLOWED
    },
    mixinStandardHelpOptions = true)
final class BalancesCommand implements Callable<Integer> {
  private static final List<String> SUMS =
      List.of("pending_subsidy_sat", "pending_fees_sat", "payable_sat", "paid_by_coinbase_sat");

  @Spec private CommandSpec spec;
  @Mixin private PoolSource source;

  @Parameters(
      arity = "0..1",
      paramLabel = "ACCOUNT",
      description = "Show this account only; fails when it has no balance.")
  private String account = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    Output output = new Output(spec);
    ArrayNode balances = output.array();
    for (ObjectNode row :
        source.read(BalancesCommand::ofPool, (folder, config) -> ofFolder(folder), null)) {
      if (account.isEmpty() || account.equals(row.path("account").asString(""))) {
        balances.add(row);
      }
    }
    if (balances.isEmpty() && !account.isEmpty()) {
      throw new CommandFailure(
          1, "no account " + Table.printable(account) + " has a balance; see adit balances");
    }
    if (asJson) {
      output.print(balances);
    } else {
      output.print(table(balances), "no account has a balance yet");
    }
    return 0;
  }

  private static List<ObjectNode> ofFolder(Path folder) throws Exception {
    List<ObjectNode> rows = new ArrayList<>();
    try (AccountingReader reader = AccountingReader.open(folder)) {
      for (BalanceRow balance : reader.balances()) {
        rows.add(
            Output.newObject()
                .put("account", balance.account())
                .put("pending_subsidy_sat", balance.pending().subsidySat())
                .put("pending_fees_sat", balance.pending().feesSat())
                .put("payable_sat", balance.payableSat())
                .put("paid_by_coinbase_sat", balance.paidByCoinbase().totalSat()));
      }
    }
    return rows;
  }

  private static List<ObjectNode> ofPool(PoolApi api) throws Exception {
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode balance : api.list("/balances", Integer.MAX_VALUE)) {
      ObjectNode row = Output.newObject().put("account", balance.path("account").asString(""));
      SUMS.forEach(sum -> row.put(sum, balance.path(sum).asLong(0)));
      rows.add(row);
    }
    return rows;
  }

  private static Table table(ArrayNode balances) {
    Table table =
        new Table(
            "ACCOUNT",
            ">PENDING SUBSIDY BTC",
            ">PENDING FEES BTC",
            ">PAYABLE BTC",
            ">PAID BY COINBASE BTC");
    for (JsonNode balance : balances) {
      List<Object> cells = new ArrayList<>();
      cells.add(balance.path("account").asString(""));
      SUMS.forEach(sum -> cells.add(Figures.bitcoin(balance.path(sum).asLong())));
      table.row(cells.toArray());
    }
    return table;
  }
}
