package org.adit.pool.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.adit.accounting.AccountingReader;
import org.adit.pool.RejectBook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit explain}. */
@Command(
    name = "explain",
    description = {
      "Says why shares of a worker were refused: the job and its age, what was required and",
      "achieved, what came, the likely cause, and what it cost in satoshi."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      PoolSource.EXIT_FAILED,
      PoolSource.EXIT_USAGE,
      PoolSource.EXIT_NOT_RUNNING,
      PoolSource.EXIT_NOT_ALLOWED
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  private static final List<String> DETAILS =
      List.of(
          "job_age_ms",
          "height",
          "required_difficulty",
          "achieved_difficulty",
          "job",
          "extranonce2",
          "ntime",
          "nonce",
          "version_bits");

  @Spec private CommandSpec spec;
  @Mixin private PoolSource source;

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
    List<JsonNode> refused =
        source.read(
            this::ofPool,
            (folder, config) -> ofFolder(folder),
            last > PoolApi.PAGE ? "--last over " + PoolApi.PAGE : null);
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
      print(output, entry);
    }
    return 0;
  }

  private List<JsonNode> ofFolder(Path folder) throws Exception {
    List<JsonNode> refused = new RejectBook(folder).of(worker, last);
    if (refused.isEmpty()) {
      try (AccountingReader reader = AccountingReader.open(folder)) {
        if (reader.workers().stream().noneMatch(row -> isMeant(row.account(), row.worker()))) {
          throw unknown();
        }
      }
    }
    return refused;
  }

  private boolean isMeant(String account, String name) {
    return worker.equals(account) || worker.equals(name) || worker.equals(account + "." + name);
  }

  private CommandFailure unknown() {
    return new CommandFailure(
        1, "no worker or account is called " + Table.printable(worker) + "; see adit workers");
  }

  private List<JsonNode> ofPool(PoolApi api) throws Exception {
    int dot = worker.indexOf('.');
    String part = dot < 0 ? worker : worker.substring(0, dot);
    List<String> paths = new ArrayList<>();
    for (JsonNode line : api.list("/workers?q=" + PoolApi.segment(part), Integer.MAX_VALUE)) {
      String account = line.path("account").asString("");
      if (account.equals(worker)) {
        // All of the account's workers at once.
        paths.clear();
        paths.add("/accounts/" + PoolApi.segment(account) + "/rejects");
        break;
      }
      if (isMeant(account, line.path("worker").asString(""))) {
        paths.add("/workers/" + line.path("id").asInt() + "/rejects");
      }
    }
    if (paths.isEmpty()) {
      throw unknown();
    }
    List<JsonNode> newestFirst = new ArrayList<>();
    for (String path : paths) {
      for (JsonNode entry : api.get(path + "?limit=" + last).path("items")) {
        newestFirst.add(entry);
      }
    }
    // Stable, so that each worker's own order stays.
    newestFirst.sort(Comparator.comparingLong((JsonNode e) -> e.path("at_ms").asLong()).reversed());
    return newestFirst.stream()
        .limit(last)
        .map(ExplainCommand::entry)
        .<JsonNode>map(entry -> entry)
        .toList()
        .reversed();
  }

  /** As the pool's file holds it. */
  private static ObjectNode entry(JsonNode of) {
    ObjectNode entry =
        Output.newObject()
            .put("at", Instant.ofEpochMilli(of.path("at_ms").asLong(0)).toString())
            .put("account", of.path("account").asString(""))
            .put("worker", of.path("worker").asString(""))
            .put("verdict", of.path("verdict").asString(""));
    for (String name : DETAILS) {
      JsonNode detail = of.path(name.equals("job") ? "job_id" : name);
      if (!detail.isMissingNode() && !detail.isNull()) {
        entry.set(name, detail);
      }
    }
    return entry
        .put("worth_sat", of.path("worth_sat").asLong(0))
        .put("likely_cause", of.path("likely_cause").asString(""));
  }

  private static void print(Output output, JsonNode entry) {
    output.line(
        entry.path("at").asString("")
            + "  "
            + Table.printable(entry.path("account").asString(""))
            + "."
            + Table.printable(entry.path("worker").asString(""))
            + "  "
            + entry.path("verdict").asString("")
            + Table.printable(job(entry)));
    output.line(
        "    "
            + entry.path("likely_cause").asString("")
            + "; lost: "
            + entry.path("worth_sat").asLong(0)
            + " sat");
  }

  private static String job(JsonNode entry) {
    if (!entry.has("job_age_ms")) {
      return received(entry);
    }
    return "  job %s, %.1f s old, height %d, required %s, achieved %s"
        .formatted(
            entry.path("job").asString(""),
            entry.path("job_age_ms").asLong(0) / 1_000.0,
            entry.path("height").asInt(0),
            difficulty(entry.path("required_difficulty")),
            difficulty(entry.path("achieved_difficulty")));
  }

  /** Four digits: people compare the two. */
  private static String difficulty(JsonNode node) {
    return node.isNumber() ? String.format(Locale.ROOT, "%.4g", node.asDouble()) : "none";
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
