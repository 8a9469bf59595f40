package org.adit.pool.cli;

import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.accounting.ReplayReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit audit}. */
@Command(
    name = "audit",
    description = {
      "Computes every credit again from the share journal and the blocks, and compares it with the",
      "ledger to the last satoshi. Exit 1 when anything differs."
    },
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataFolder data;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    ReplayReport report;
    try (AccountingReader reader = data.open()) {
      report = reader.replay();
    }
    Output output = new Output(spec);
    if (asJson) {
      ObjectNode root = output.object();
      root.put("agrees", report.agrees());
      root.put("shares", report.shares());
      root.put("blocks", report.blocks());
      root.put("entries", report.entries());
      ArrayNode differences = root.putArray("differences");
      report.differences().forEach(differences::add);
      output.print(root);
    } else {
      report.differences().forEach(difference -> output.line(Table.printable(difference)));
      output.line(
          report.shares()
              + " shares, "
              + report.blocks()
              + " blocks, "
              + report.entries()
              + " ledger entries: "
              + (report.agrees()
                  ? "all credits agree to the satoshi"
                  : report.differences().size() + report.omitted() + " differences"));
    }
    return report.agrees() ? 0 : 1;
  }
}
