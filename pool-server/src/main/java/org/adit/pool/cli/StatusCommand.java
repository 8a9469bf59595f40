package org.adit.pool.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code adit status}. */
@Command(
    name = "status",
    description = "Shows how a running pool is doing: rate, workers, work, luck.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It runs.",
      "3:It answers, and lets nobody in.",
      PoolSource.EXIT_NOT_RUNNING,
      PoolSource.EXIT_NOT_ALLOWED
    })
final class StatusCommand implements Callable<Integer> {
  private static final int WAITING = 3;

  @Spec private CommandSpec spec;
  @Mixin private RunningPool pool;

  @Option(names = "--json", description = "Print the API's answer.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    JsonNode answer = pool.get("/pool");
    Output output = new Output(spec);
    if (asJson) {
      output.print(answer);
    } else {
      StatusText.pool(answer).forEach(output::line);
    }
    return answer.path("state").path("kind").asString("").equals("running") ? 0 : WAITING;
  }
}
