package org.adit.pool.cli;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.store.WorkerRow;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit workers}. */
@Command(
    name = "workers",
    description = "Shows each worker's shares, work and credits.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      PoolSource.EXIT_FAILED,
      PoolSource.EXIT_USAGE,
      PoolSource.EXIT_NOT_RUNNING,
      PoolSource.EXIT_NOT_ALLOWED
    },
    mixinStandardHelpOptions = true)
final class WorkersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private PoolSource source;

  @Option(names = "--json", description = "Print JSON.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    Output output = new Output(spec);
    ArrayNode workers = output.array();
    source
        .read(WorkersCommand::ofPool, (folder, config) -> ofFolder(folder), null)
        .forEach(workers::add);
    if (asJson) {
      output.print(workers);
    } else {
      output.print(table(workers), "no worker has mined here yet");
    }
    return 0;
  }

  private static List<ObjectNode> ofFolder(Path folder) throws Exception {
    List<ObjectNode> rows = new ArrayList<>();
    try (AccountingReader reader = AccountingReader.open(folder)) {
      for (WorkerRow worker : reader.workers()) {
        rows.add(
            row(
                worker.account(),
                worker.worker(),
                worker.sharesAccepted(),
                worker.sharesRejected(),
                worker.work().toString(),
                worker.lastShareAt(),
                worker.credited().subsidySat(),
                worker.credited().feesSat()));
      }
    }
    return rows;
  }

  private static List<ObjectNode> ofPool(PoolApi api) throws Exception {
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode worker : api.list("/workers?sort=account&order=asc", Integer.MAX_VALUE)) {
      JsonNode last = worker.path("last_share_at_ms");
      rows.add(
          row(
              worker.path("account").asString(""),
              worker.path("worker").asString(""),
              worker.path("accepted_shares").asLong(0),
              worker.path("rejected_shares").asLong(0),
              worker.path("work").asString("0"),
              last.isNumber() ? Instant.ofEpochMilli(last.asLong()) : null,
              worker.path("credited_subsidy_sat").asLong(0),
              worker.path("credited_fees_sat").asLong(0)));
    }
    rows.sort(
        Comparator.comparing((ObjectNode row) -> row.path("account").asString(""))
            .thenComparing(row -> row.path("worker").asString("")));
    return rows;
  }

  private static ObjectNode row(
      String account,
      String worker,
      long accepted,
      long rejected,
      String work,
      @Nullable Instant lastShareAt,
      long subsidySat,
      long feesSat) {
    return Output.newObject()
        .put("account", account)
        .put("worker", worker)
        .put("shares_accepted", accepted)
        .put("shares_rejected", rejected)
        .put("work", work)
        .put("last_share_at", lastShareAt == null ? null : lastShareAt.toString())
        .put("credited_subsidy_sat", subsidySat)
        .put("credited_fees_sat", feesSat);
  }

  private static Table table(ArrayNode workers) {
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
    for (JsonNode worker : workers) {
      table.row(
          worker.path("account").asString(""),
          worker.path("worker").asString(""),
          worker.path("shares_accepted").asLong(),
          worker.path("shares_rejected").asLong(),
          Figures.hashes(new BigInteger(worker.path("work").asString("0"))),
          Figures.time(worker.path("last_share_at")),
          Figures.bitcoin(worker.path("credited_subsidy_sat").asLong()),
          Figures.bitcoin(worker.path("credited_fees_sat").asLong()));
    }
    return table.leavingOut("LAST SHARE (UTC)", "WORK", "REJECTED");
  }
}
