package org.adit.pool.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.adit.pool.RejectBook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code adit explain}. */
@Command(
    name = "explain",
    description = {
      "Says why shares of a worker were refused: the job and its age, what was required and",
      "achieved, what came, the likely cause, and what it cost in satoshi."
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataFolder data;

  @Parameters(
      paramLabel = "WORKER",
      description = "ACCOUNT.WORKER, an account, or the worker's name alone.")
  private String worker = "";

  @Option(
      names = "--last",
      defaultValue = "20",
      paramLabel = "N",
      description = "Newest refused shares shown. Default: ${DEFAULT-VALUE}.")
  private int last;

  @Option(names = "--json", description = "Print JSON.")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    if (last < 1) {
      throw new CommandFailure(2, "--last is " + last + " (expected: 1 or more)");
    }
    List<JsonNode> refused = new RejectBook(data.path()).of(worker, last);
    Output output = new Output(spec);
    if (asJson) {
      ArrayNode list = output.array();
      refused.forEach(list::add);
      output.print(list);
      return 0;
    }
    if (refused.isEmpty()) {
      output.line("no refused share of this worker is kept");
    }
    for (JsonNode entry : refused) {
      output.line(
          entry.path("at").asString("")
              + "  "
              + entry.path("account").asString("")
              + "."
              + entry.path("worker").asString("")
              + "  "
              + entry.path("verdict").asString("")
              + job(entry));
      output.line(
          "    "
              + entry.path("likely_cause").asString("")
              + "; lost: "
              + entry.path("worth_sat").asLong(0)
              + " sat");
    }
    return 0;
  }

  private static String job(JsonNode entry) {
    if (!entry.has("job_age_ms")) {
      return received(entry);
    }
    String achieved =
        entry.has("achieved_difficulty") ? entry.path("achieved_difficulty").asString() : "none";
    return "  job %s, %.1f s old, height %d, required %s, achieved %s"
        .formatted(
            entry.path("job").asString(""),
            entry.path("job_age_ms").asLong(0) / 1_000.0,
            entry.path("height").asInt(0),
            entry.path("required_difficulty").asString(),
            achieved);
  }

  // Of a share without a job there is nothing to tell but what came.
  private static String received(JsonNode entry) {
    StringBuilder text = new StringBuilder("  received");
    for (String field : new String[] {"job", "extranonce2", "ntime", "nonce", "version_bits"}) {
      if (entry.has(field)) {
        text.append(' ')
            .append(field)
            .append(" \"")
            .append(entry.path(field).asString(""))
            .append('"');
      }
    }
    return text.toString();
  }
}
