package org.adit.pool.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.store.WorkerRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;

/** {@code adit workers}. */
@Command(
    name = "workers",
    description = "Shows each worker's shares, work and credits.",
    mixinStandardHelpOptions = true)
final class WorkersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataFolder data;

  @Option(names = "--json", description = "Print JSON.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    List<WorkerRow> workers;
    try (AccountingReader reader = data.open()) {
      workers = reader.workers();
    }
    Output output = new Output(spec);
    if (asJson) {
      ArrayNode list = output.array();
      for (WorkerRow worker : workers) {
        list.addObject()
            .put("account", worker.account())
            .put("worker", worker.worker())
            .put("shares_accepted", worker.sharesAccepted())
            .put("shares_rejected", worker.sharesRejected())
            .put("work", worker.work().toString())
            .put(
                "last_share_at",
                worker.lastShareAt() == null ? null : worker.lastShareAt().toString())
            .put("credited_subsidy_sat", worker.credited().subsidySat())
            .put("credited_fees_sat", worker.credited().feesSat());
      }
      output.print(list);
      return 0;
    }
    Table table =
        new Table(
            "ACCOUNT",
            "WORKER",
            ">ACCEPTED",
            ">REJECTED",
            ">WORK",
            "LAST SHARE (UTC)",
            ">SUBSIDY BTC",
            ">FEES BTC");
    for (WorkerRow worker : workers) {
      table.row(
          worker.account(),
          worker.worker(),
          worker.sharesAccepted(),
          worker.sharesRejected(),
          Figures.hashes(worker.work()),
          Figures.time(worker.lastShareAt()),
          Figures.bitcoin(worker.credited().subsidySat()),
          Figures.bitcoin(worker.credited().feesSat()));
    }
    output.print(table, "no worker has mined here yet");
    return 0;
  }
}
