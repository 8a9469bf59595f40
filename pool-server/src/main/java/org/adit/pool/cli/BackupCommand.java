package org.adit.pool.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.adit.accounting.Backup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adit backup}. */
@Command(
    name = "backup",
    description = {
      "Copies the data folder, also of a pool that runs: the database as of one moment, the share",
      "journal up to the same share, block candidates that are not finished. The node's wallet is",
      "not part of it: back it up with the node's own backupwallet."
    },
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataFolder data;

  @Parameters(paramLabel = "DIR", description = "A new or empty folder.")
  private Path target = Path.of("");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    Backup.Copied copied = Backup.write(data.path(), target, Clock.systemUTC());
    Output output = new Output(spec);
    if (asJson) {
      output.print(
          output
              .object()
              .put("sequence", copied.sequence())
              .put("files", copied.files())
              .put("bytes", copied.bytes()));
    } else {
      output.line(
          "copied "
              + copied.files()
              + " files, "
              + copied.bytes()
              + " bytes, up to share "
              + copied.sequence()
              + ", to "
              + target);
    }
    return 0;
  }
}
