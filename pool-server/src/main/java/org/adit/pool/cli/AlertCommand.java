package org.adit.pool.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code adit alert}. */
@Command(
    name = "alert",
    description = "Alerts of a running pool.",
    mixinStandardHelpOptions = true,
    subcommands = {AlertCommand.Test.class, AlertCommand.List.class})
final class AlertCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return 2;
  }

  /** {@code adit alert test}. */
  @Command(
      name = "test",
      description = "Sends a test alert everywhere and says how it went; needs the token.",
      mixinStandardHelpOptions = true)
  static final class Test implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private RunningPool pool;

    @Override
    public Integer call() throws Exception {
      boolean good = true;
      Table table = new Table("CHANNEL", "RESULT").flowing();
      for (JsonNode result : pool.post("/alerts/test").path("results")) {
        good &= result.path("ok").asBoolean();
        table.row(
            result.path("channel").asString(""), Table.printable(result.path("text").asString("")));
      }
      new Output(spec).print(table, "nothing was sent");
      return good ? 0 : 1;
    }
  }

  /** {@code adit alert list}. */
  @Command(
      name = "list",
      description = "Shows alerts that last and those of before.",
      mixinStandardHelpOptions = true)
  static final class List implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private RunningPool pool;

    @Override
    public Integer call() throws Exception {
      JsonNode answer = pool.get("/alerts");
      Table table = new Table("SINCE", "STATE", "KIND", "WHAT").flowing();
      for (String group : new String[] {"active", "recent"}) {
        for (JsonNode alert : answer.path(group)) {
          table.row(
              StatusText.since(answer, alert.path("at_ms")),
              group.equals("active") ? "lasts" : "over",
              alert.path("kind").asString(""),
              Table.printable(alert.path("text").asString("")));
        }
      }
      new Output(spec).print(table, "no alerts");
      return 0;
    }
  }
}
