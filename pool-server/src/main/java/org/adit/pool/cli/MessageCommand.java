package org.adit.pool.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code adit message}. */
@Command(
    name = "message",
    description = {
      "Shows every miner of a running pool a line (client.show_message); most devices only log it.",
      "Needs the token; the pool writes it down in actions.jsonl of its data folder."
    },
    mixinStandardHelpOptions = true)
final class MessageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunningPool pool;

  @Parameters(
      paramLabel = "TEXT",
      description = "One line of 1 to 120 printable ASCII characters, in quotes.")
  private String text = "";

  @Override
  public Integer call() throws Exception {
    JsonNode answer =
        pool.post("/actions/message", JsonNodeFactory.instance.objectNode().put("text", text));
    new Output(spec).line("sent to " + answer.path("connections").asLong() + " connections");
    return 0;
  }
}
