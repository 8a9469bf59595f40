package org.adit.pool.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adit.accounting.vectors.AccountingVectors;
import org.adit.accounting.vectors.VectorResult;
import org.adit.pool.stratum.v1.V1Vectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code adit check}. */
@Command(
    name = "check",
    description = "Checks this program against reference data.",
    mixinStandardHelpOptions = true,
    subcommands = CheckCommand.Vectors.class)
final class CheckCommand {

  /** {@code adit check vectors FILE...}. */
  @Command(
      name = "vectors",
      description = {
        "Runs files of test vectors through this program: Stratum V1 and accounting vectors (JSON).",
        "A line for each failure, then totals. Exit 1 when one failed; 2 when none failed but some",
        "are of a kind this version does not know."
      },
      mixinStandardHelpOptions = true)
  static final class Vectors implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Vector files (JSON or CSV).")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    @Option(
        names = {"-v", "--verbose"},
        description = "A line for each vector that passed, too.")
    private boolean verbose;

    private final ObjectMapper json = JsonMapper.builder().build();

    private record Row(Path file, String name, String kind, String status, String message) {}

    @Override
    public Integer call() throws CommandFailure {
      List<Row> rows = new ArrayList<>();
      for (Path file : files) {
        run(file, rows);
      }
      long failed = rows.stream().filter(row -> row.status().equals("fail")).count();
      long unsupported = rows.stream().filter(row -> row.status().equals("unsupported")).count();
      if (asJson) {
        printJson(rows);
      } else {
        print(rows, failed, unsupported);
      }
      return failed > 0 ? 1 : unsupported > 0 ? 2 : 0;
    }

    private void run(Path file, List<Row> rows) throws CommandFailure {
      String text;
      try {
        text = Files.readString(file);
      } catch (IOException e) {
        throw new CommandFailure(1, "cannot read " + file + ": " + e);
      }
      if (!file.toString().endsWith(".json")) {
        long lines = Math.max(0, text.lines().filter(line -> !line.isBlank()).count() - 1);
        for (long i = 1; i <= lines; i++) {
          rows.add(new Row(file, "row " + i, csvKind(file), "unsupported", ""));
        }
        return;
      }
      JsonNode tree;
      try {
        tree = json.readTree(text);
      } catch (JacksonException e) {
        throw new CommandFailure(1, file + " is not JSON: " + e.getOriginalMessage());
      }
      String format = tree.path("format").asString("");
      if (format.equals(V1Vectors.FORMAT)) {
        for (V1Vectors.Outcome outcome : V1Vectors.run(tree)) {
          rows.add(
              new Row(
                  file,
                  outcome.name(),
                  "stratum-v1",
                  !outcome.supported()
                      ? "unsupported"
                      : outcome.failure().isEmpty() ? "pass" : "fail",
                  outcome.failure().orElse("")));
        }
      } else if (format.equals(AccountingVectors.FORMAT)) {
        Map<?, ?> plain = json.convertValue(tree, Map.class);
        for (VectorResult result : AccountingVectors.run(plain)) {
          rows.add(
              new Row(
                  file,
                  result.id(),
                  result.kind(),
                  result.outcome().name().toLowerCase(java.util.Locale.ROOT),
                  result.message()));
        }
      } else {
        throw new CommandFailure(
            2,
            file
                + ": format is "
                + (format.isEmpty() ? "missing" : "'" + Table.printable(format) + "'")
                + " (expected: "
                + V1Vectors.FORMAT
                + " or "
                + AccountingVectors.FORMAT
                + ")");
      }
    }

    private static String csvKind(Path file) {
      return file.getFileName().toString().replaceFirst("\\.csv$", "");
    }

    private void print(List<Row> rows, long failed, long unsupported) {
      PrintWriter out = spec.commandLine().getOut();
      for (Row row : rows) {
        if (row.status().equals("fail") || (verbose && row.status().equals("pass"))) {
          String message = row.message().isEmpty() ? "" : ": " + row.message();
          out.println(
              Table.printable(row.status() + "  " + row.kind() + "  " + row.name() + message));
        }
      }
      if (unsupported > 0) {
        out.println("kinds this version does not know:");
        rows.stream()
            .filter(row -> row.status().equals("unsupported"))
            .collect(
                java.util.stream.Collectors.groupingBy(
                    Row::kind, java.util.TreeMap::new, java.util.stream.Collectors.counting()))
            .forEach((kind, count) -> out.println("  " + Table.printable(kind) + "  " + count));
      }
      long passed = rows.size() - failed - unsupported;
      out.println(
          rows.size()
              + " vectors: "
              + passed
              + " passed, "
              + failed
              + " failed, "
              + unsupported
              + " not supported");
    }

    private void printJson(List<Row> rows) {
      ObjectNode root = json.createObjectNode();
      for (String status : List.of("pass", "fail", "unsupported")) {
        root.put(status, rows.stream().filter(row -> row.status().equals(status)).count());
      }
      var list = root.putArray("vectors");
      for (Row row : rows) {
        list.addObject()
            .put("file", row.file().toString())
            .put("id", row.name())
            .put("kind", row.kind())
            .put("status", row.status())
            .put("message", row.message());
      }
      spec.commandLine().getOut().println(json.writeValueAsString(root));
    }
  }
}
