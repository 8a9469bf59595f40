package org.adit.pool.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code adit worker}. */
@Command(
    name = "worker",
    description = "Shows one worker of a running pool: rate, connections, refused shares.",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
  private static final int SHOWN_REJECTS = 5;

  @Spec private CommandSpec spec;
  @Mixin private RunningPool pool;

  @Parameters(
      paramLabel = "WORKER",
      description = "Account and name, as alice.garage, or a part of them that fits one worker.")
  private String name = "";

  @Option(names = "--json", description = "Print the API's answer.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    JsonNode found = find();
    String path = "/workers/" + found.path("id").asInt();
    JsonNode detail = pool.get(path);
    Output output = new Output(spec);
    if (asJson) {
      output.print(detail);
      return 0;
    }
    JsonNode page = StatusPage.of(detail);
    output.print(StatusText.workers(page), "");
    Table sessions =
        new Table("CONNECTION", "VIA", "DEVICE", ">SINCE", ">SHARES", ">DIFFICULTY", ">BEST");
    for (JsonNode session : detail.path("sessions")) {
      sessions.row(
          session.path("session_id").asString(""),
          session.path("protocol").asString(""),
          Table.printable(session.path("user_agent").asString("-")),
          StatusText.since(detail, session.path("connected_at_ms")),
          session.path("accepted_shares").asLong(),
          String.format(Locale.ROOT, "%.4g", session.path("difficulty").asDouble(0)),
          String.format(Locale.ROOT, "%.4g", session.path("best_difficulty").asDouble(0)));
    }
    output.print(sessions, "no open connection");
    Table rejects = new Table("REFUSED", ">COUNT", ">LOST SAT");
    for (JsonNode reject : detail.path("rejects")) {
      rejects.row(
          reject.path("verdict").asString(""),
          reject.path("count").asLong(),
          reject.path("lost_sat").asLong());
    }
    output.print(rejects, "no share was refused since the pool started");
    for (JsonNode reject : pool.get(path + "/rejects?limit=" + SHOWN_REJECTS).path("items")) {
      output.line(
          StatusText.since(detail, reject.path("at_ms"))
              + " ago, "
              + reject.path("verdict").asString("")
              + ": "
              + Table.printable(reject.path("likely_cause").asString("")));
    }
    return 0;
  }

  private JsonNode find() throws Exception {
    int dot = name.indexOf('.');
    String part = dot < 0 ? name : name.substring(dot + 1);
    JsonNode items = pool.get("/workers?limit=500&q=" + PoolApi.segment(part)).path("items");
    JsonNode fitting = null;
    int count = 0;
    for (JsonNode item : items) {
      String worker = item.path("worker").asString("");
      String full = item.path("account").asString("") + (worker.isEmpty() ? "" : "." + worker);
      if (full.equals(name)) {
        return item;
      }
      if (dot < 0 || full.contains(name)) {
        fitting = item;
        count++;
      }
    }
    if (fitting == null) {
      throw new CommandFailure(1, "no worker is called so; see adit top");
    }
    if (count > 1) {
      throw new CommandFailure(1, count + " workers are called so; say account and name");
    }
    return fitting;
  }
}
