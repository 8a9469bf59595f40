package org.adit.pool.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code adit drain}. */
@Command(
    name = "drain",
    description = {
      "Asks every miner of a running pool to connect anew (client.reconnect), spread over some time.",
      "For work on the pool's machine, once a balancer or a name leads elsewhere. Ports stay open and",
      "whoever stays is served: the pool loses no share by it. Needs the token; the pool writes it",
      "down in actions.jsonl of its data folder."
    },
    mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunningPool pool;

  @Option(
      names = "--over",
      defaultValue = "60",
      paramLabel = "S",
      description = "Seconds it is spread over, 0 to 3600. Default: ${DEFAULT-VALUE}.")
  private int overSeconds;

  @Override
  public Integer call() throws Exception {
    JsonNode answer =
        pool.post(
            "/actions/drain", JsonNodeFactory.instance.objectNode().put("over_s", overSeconds));
    new Output(spec)
        .line(
            answer.path("connections").asLong()
                + " connections are asked to connect anew within "
                + answer.path("over_s").asInt()
                + " s");
    return 0;
  }
}
