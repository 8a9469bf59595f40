package org.adit.pool.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.adit.accounting.Backup;
import org.adit.accounting.ReplayReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adit restore}. */
@Command(
    name = "restore",
    description = {
      "Copies a backup into a new data folder and proves it: every file against its checksum, then",
      "every credit and balance against the shares. Exit 1 when anything differs.",
      "Payouts made after the backup are not in it: before paying again, payout run compares the",
      "books with the wallet and refuses when coins are missing."
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "BACKUP", description = "The backup's folder.")
  private Path backup = Path.of("");

  @Parameters(index = "1", paramLabel = "DIR", description = "A new or empty data folder.")
  private Path target = Path.of("");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    ReplayReport report = Backup.restore(backup, target);
    Output output = new Output(spec);
    if (asJson) {
      var root = output.object();
      root.put("agrees", report.agrees());
      root.put("shares", report.shares());
      root.put("blocks", report.blocks());
      root.put("entries", report.entries());
      var differences = root.putArray("differences");
      report.differences().forEach(differences::add);
      output.print(root);
    } else {
      report.differences().forEach(difference -> output.line(Table.printable(difference)));
      output.line(
          "restored to "
              + target
              + ": "
              + report.shares()
              + " shares, "
              + report.blocks()
              + " blocks, "
              + report.entries()
              + " ledger entries, "
              + (report.agrees()
                  ? "all credits agree to the satoshi"
                  : report.differences().size() + report.omitted() + " differences"));
    }
    return report.agrees() ? 0 : 1;
  }
}
